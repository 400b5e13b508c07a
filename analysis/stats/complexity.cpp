#include "analysis/stats/complexity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/least_squares.h"
#include "analysis/stats/regression.h"

namespace kmb::analysis {
namespace {

constexpr GrowthLaw kLaws[] = {
    {"1", [](double) { return 1.0; }},       {"lgN", [](double n) { return std::log2(n); }},
    {"N", [](double n) { return n; }},       {"NlgN", [](double n) { return n * std::log2(n); }},
    {"N^2", [](double n) { return n * n; }}, {"N^3", [](double n) { return n * n * n; }},
};

AffineFit fit_law(const GrowthLaw& law, std::span<const double> n, std::span<const double> y) {
    std::vector<double> grown;
    std::vector<double> weights;
    const std::vector<double> ones(y.size(), 1.0);
    for (std::size_t i = 0; i < n.size(); ++i) {
        grown.push_back(law.g(n[i]));
        weights.push_back(1 / y[i]);
    }
    Design design(n.size());
    design.constant();
    const bool constant =
        std::all_of(grown.begin(), grown.end(), [&](double v) { return v == grown.front(); });
    if (!constant) {
        design.column(grown);
    }
    design.scale_rows(weights);
    const LinearFit fit = least_squares(design, ones);
    return {fit.coef, fit.rss, fit.aicc, 0};
}

void require_sweep(std::span<const double> n, std::span<const double> y) {
    const bool positive = std::all_of(y.begin(), y.end(), [](double v) { return v > 0; });
    if (n.size() != y.size() || n.size() < 5 || !positive ||
        std::set<double>(n.begin(), n.end()).size() < 3) {
        throw std::invalid_argument(
            "growth: need at least 5 positive times at 3 or more different n; widen the sweep");
    }
}

// Residuals of exact data are rounding: not less than this, so that a logarithm exists.
constexpr double kExactRss = 1e-24;

constexpr std::array kExponents = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2,
                                   1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4,
                                   2.5, 2.6, 2.7, 2.8, 2.9, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5};

// Weighted least squares of y = a + b n^exponent with b >= 0.
PowerFit power_at(double exponent, std::span<const double> n, std::span<const double> y) {
    const double largest = *std::max_element(n.begin(), n.end());
    std::vector<double> grown;
    for (const double size : n) {
        grown.push_back(std::pow(size / largest, exponent));
    }
    const RelativeLine line = relative_line(grown, y, 0);
    PowerFit fit;
    fit.exponent = exponent;
    fit.a = line.a;
    fit.b = line.b / std::pow(largest, exponent);
    fit.relative_rss = line.rss;
    return fit;
}

// Golden-section search of the least squares between two exponents.
template <typename At>
double minimum(At at, double low, double high) {
    constexpr double kGolden = 0.6180339887498949;
    for (int i = 0; i < 40; ++i) {
        const double left = high - kGolden * (high - low);
        const double right = low + kGolden * (high - low);
        if (at(left).relative_rss <= at(right).relative_rss) {
            high = right;
        } else {
            low = left;
        }
    }
    return (low + high) / 2;
}

// From the best exponent towards `end`: where the squares reach what is allowed.
template <typename At>
double reach(At at, double best, double end, double allowed) {
    if (at(end).relative_rss <= allowed) {
        return end;
    }
    double inside = best;
    double outside = end;
    for (int i = 0; i < 50; ++i) {
        const double middle = (inside + outside) / 2;
        (at(middle).relative_rss <= allowed ? inside : outside) = middle;
    }
    return inside;
}

}  // namespace

std::span<const GrowthLaw> growth_laws() {
    return kLaws;
}

OriginFit fit_through_origin(const GrowthLaw& law, std::span<const double> n,
                             std::span<const double> y) {
    CompensatedSum product;
    CompensatedSum square;
    for (std::size_t i = 0; i < n.size(); ++i) {
        const double g = law.g(n[i]);
        product.add(two_prod(y[i], g));
        square.add(two_prod(g, g));
    }
    const double coef = product.value() / square.value();
    CompensatedSum error;
    for (std::size_t i = 0; i < n.size(); ++i) {
        const double rest = y[i] - coef * law.g(n[i]);
        error.add(two_prod(rest, rest));
    }
    return {coef, std::sqrt(error.value() / static_cast<double>(n.size())) / mean(y)};
}

std::size_t best_through_origin(const std::vector<OriginFit>& fits) {
    const auto best = std::min_element(fits.begin(), fits.end(), [](const auto& a, const auto& b) {
        return a.normalized_rms < b.normalized_rms;
    });
    return static_cast<std::size_t>(best - fits.begin());
}

std::vector<AffineFit> fit_growth(std::span<const double> n, std::span<const double> y) {
    require_sweep(n, y);
    std::vector<AffineFit> fits;
    for (const GrowthLaw& law : kLaws) {
        fits.push_back(fit_law(law, n, y));
    }
    const double least = fits[best_growth(fits)].aicc;
    double total = 0;
    for (AffineFit& fit : fits) {
        fit.weight = std::exp(-(fit.aicc - least) / 2);
        total += fit.weight;
    }
    for (AffineFit& fit : fits) {
        fit.weight /= total;
    }
    return fits;
}

std::size_t best_growth(const std::vector<AffineFit>& fits) {
    const auto best = std::min_element(
        fits.begin(), fits.end(), [](const auto& a, const auto& b) { return a.aicc < b.aicc; });
    return static_cast<std::size_t>(best - fits.begin());
}

PowerFit fit_offset_power(std::span<const double> n, std::span<const double> y, double level) {
    require_sweep(n, y);
    const auto at = [&](double exponent) { return power_at(exponent, n, y); };
    // The squares may have more than one valley: a grid first, then the best one's floor.
    double best = kExponents.front();
    for (const double exponent : kExponents) {
        best = at(exponent).relative_rss < at(best).relative_rss ? exponent : best;
    }
    const double step = kExponents[1] - kExponents[0];
    best = minimum(at, std::max(best - step, step / 2), best + step);
    PowerFit fit = at(best);
    const auto m = static_cast<double>(n.size());
    const double t = m > 3 ? t_critical(m - 3, level) : std::numeric_limits<double>::infinity();
    const double allowed = fit.relative_rss * (1 + t * t / (m - 3));
    fit.bounds = {reach(at, best, step / 2, allowed),
                  reach(at, best, kExponents.back() + step, allowed)};
    const double k = 4;
    fit.aicc =
        m * std::log(std::max(fit.relative_rss, kExactRss) / m) + 2 * k +
        (m > k + 1 ? 2 * k * (k + 1) / (m - k - 1) : std::numeric_limits<double>::infinity());
    return fit;
}

NamedGrowth classify_growth(std::span<const double> n, std::span<const double> y) {
    const std::vector<AffineFit> fits = fit_growth(n, y);
    const auto laws = growth_laws();
    std::size_t best = 0;  // the constant, until a law is clearly better
    for (std::size_t k = 1; k < fits.size(); ++k) {
        const bool rises = fits[k].coef.size() == 2 && fits[k].coef[1] > 0;
        const double needed = best == 0 ? fits[0].aicc - kParsimony : fits[best].aicc;
        best = rises && fits[k].aicc < needed ? k : best;
    }
    NamedGrowth result;
    result.power = fit_offset_power(n, y);
    const bool named = !(result.power.aicc < fits[best].aicc - kParsimony);
    const double chosen = named ? fits[best].aicc : result.power.aicc;
    double total = std::exp(-(result.power.aicc - chosen) / 2);
    for (const AffineFit& fit : fits) {
        total += std::exp(-(fit.aicc - chosen) / 2);
    }
    const double rss = named ? fits[best].relative_rss : result.power.relative_rss;
    result.law = named ? laws[best].name : "none";
    result.weight = 1 / total;
    result.a = named ? fits[best].coef[0] : result.power.a;
    result.b = !named ? result.power.b : fits[best].coef.size() == 2 ? fits[best].coef[1] : 0;
    result.relative_rms = std::sqrt(rss / static_cast<double>(n.size()));
    return result;
}

}  // namespace kmb::analysis
