#include "analysis/stats/trend.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/inversions.h"
#include "analysis/stats/least_squares.h"
#include "analysis/stats/ranks.h"
#include "analysis/stats/theil_sen.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t usual_lags(std::size_t n) {
    return static_cast<std::size_t>(4 * std::pow(static_cast<double>(n) / 100, 0.25));
}

// MacKinnon's p-value of the t statistic of one series with a constant.
double mackinnon_p(double tau) {
    if (std::isnan(tau)) {
        return kNaN;
    }
    if (tau > 2.74) {
        return 1;
    }
    if (tau < -18.83) {
        return 0;
    }
    const double z = tau <= -1.61 ? 2.1659 + tau * (1.4412 + tau * 0.038269)
                                  : 1.7339 + tau * (0.93202 + tau * (-0.12745 + tau * -0.010368));
    return normal_tails(z).lower;
}

}  // namespace

MannKendall mann_kendall(std::span<const double> x) {
    MannKendall result{0, 0, kNaN, kNaN};
    const auto n = static_cast<double>(x.size());
    const auto pairs =
        static_cast<std::int64_t>(x.size()) * (static_cast<std::int64_t>(x.size()) - 1) / 2;
    const Ties ties = tied_groups(Sorted(x));
    result.s = pairs - ties.pairs - 2 * count_inversions(x);
    result.variance = (n * (n - 1) * (2 * n + 5) - ties.mann_kendall) / 18;
    if (result.variance > 0) {
        const double sign = result.s > 0 ? 1 : result.s < 0 ? -1 : 0;
        result.z = (static_cast<double>(result.s) - sign) / std::sqrt(result.variance);
        result.p = normal_tails(result.z).two_sided();
    }
    return result;
}

double sen_slope(std::span<const double> x) {
    std::vector<double> index(x.size());
    std::iota(index.begin(), index.end(), 0.0);
    return theil_sen_slope(index, x);
}

Kpss kpss_level(std::span<const double> x, std::size_t lags) {
    const auto n = static_cast<double>(x.size());
    if (x.size() < 2) {
        return {kNaN, lags};
    }
    const double m = mean(x);
    std::vector<double> e(x.begin(), x.end());
    for (double& v : e) {
        v -= m;
    }
    CompensatedSum partial;
    double squares = 0;
    for (double v : e) {
        partial.add(v);
        squares += partial.value() * partial.value();
    }
    double variance = std::inner_product(e.begin(), e.end(), e.begin(), 0.0);
    for (std::size_t k = 1; k <= lags && k < e.size(); ++k) {
        const double product =
            std::inner_product(e.begin() + static_cast<std::ptrdiff_t>(k), e.end(), e.begin(), 0.0);
        variance += 2 * product * (1 - static_cast<double>(k) / (static_cast<double>(lags) + 1));
    }
    return {variance > 0 ? squares / (n * variance) : kNaN, lags};
}

Kpss kpss_level(std::span<const double> x) {
    return kpss_level(x, usual_lags(x.size()));
}

DickeyFuller dickey_fuller(std::span<const double> x, std::size_t lags) {
    if (x.size() < 2 * lags + 5) {
        throw std::invalid_argument("Dickey-Fuller: too few values for the lags; add values");
    }
    std::vector<double> steps;
    for (std::size_t t = 1; t < x.size(); ++t) {
        steps.push_back(x[t] - x[t - 1]);
    }
    const std::span<const double> all(steps);
    const std::size_t rows = steps.size() - lags;
    Design design(rows);
    design.column(x.subspan(lags, rows));
    for (std::size_t k = 1; k <= lags; ++k) {
        design.column(all.subspan(lags - k, rows));
    }
    design.constant();
    const LinearFit fit = least_squares(design, all.subspan(lags, rows));
    return {fit.t[0], mackinnon_p(fit.t[0]), lags};
}

DickeyFuller dickey_fuller(std::span<const double> x) {
    return dickey_fuller(x, usual_lags(x.size()));
}

}  // namespace kmb::analysis
