#include "analysis/stats/descriptive.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Of term(v) over all values, in four running sums side by side: none waits for the last bit of
// another.
template <typename Term>
DoubleDouble sum_of(std::span<const double> x, Term term) {
    CompensatedSum sums[4];
    std::size_t i = 0;
    for (; i + 4 <= x.size(); i += 4) {
        sums[0].add(term(x[i]));
        sums[1].add(term(x[i + 1]));
        sums[2].add(term(x[i + 2]));
        sums[3].add(term(x[i + 3]));
    }
    for (; i < x.size(); ++i) {
        sums[0].add(term(x[i]));
    }
    return (sums[0].total() + sums[1].total()) + (sums[2].total() + sums[3].total());
}

DoubleDouble exact_mean(std::span<const double> x) {
    return exact_sum(x) / DoubleDouble{static_cast<double>(x.size()), 0};
}

// x - m, rounded once.
double deviation(double x, DoubleDouble m) {
    const DoubleDouble d = two_sum(x, -m.high);
    return d.high + (d.low - m.low);
}

std::size_t cut_count(std::size_t n, double fraction) {
    return static_cast<std::size_t>(fraction * static_cast<double>(n));
}

bool all_positive(std::span<const double> x) {
    return std::all_of(x.begin(), x.end(), [](double v) { return v > 0; });
}

}  // namespace

DoubleDouble exact_sum(std::span<const double> x) {
    return sum_of(x, [](double v) { return v; });
}

double sum(std::span<const double> x) {
    return exact_sum(x).value();
}

double mean(std::span<const double> x) {
    return x.empty() ? kNaN : exact_mean(x).value();
}

double variance(std::span<const double> x, int ddof) {
    const auto n = static_cast<double>(x.size());
    if (n <= ddof) {
        return kNaN;
    }
    const DoubleDouble m = exact_mean(x);
    const DoubleDouble squares = sum_of(x, [m](double v) {
        const double d = deviation(v, m);
        return two_prod(d, d);
    });
    return squares.value() / (n - ddof);
}

double sd(std::span<const double> x, int ddof) {
    return std::sqrt(variance(x, ddof));
}

double sem(std::span<const double> x) {
    return sd(x) / std::sqrt(static_cast<double>(x.size()));
}

CentralMoments central_moments(std::span<const double> x) {
    CentralMoments result;
    result.n = x.size();
    if (x.empty()) {
        return {0, kNaN, kNaN, kNaN, kNaN};
    }
    const DoubleDouble m = exact_mean(x);
    CompensatedSum s2, s3, s4;
    for (double v : x) {
        const double d = deviation(v, m);
        const double d2 = d * d;
        s2.add(two_prod(d, d));
        s3.add(two_prod(d2, d));
        s4.add(two_prod(d2, d2));
    }
    const auto n = static_cast<double>(x.size());
    result.mean = m.value();
    result.m2 = s2.value() / n;
    result.m3 = s3.value() / n;
    result.m4 = s4.value() / n;
    return result;
}

Shape shape(std::span<const double> x) {
    const CentralMoments m = central_moments(x);
    Shape result{kNaN, kNaN, kNaN, kNaN};
    if (!(m.m2 > 0)) {
        return result;
    }
    const auto n = static_cast<double>(m.n);
    result.skew_g1 = m.m3 / (m.m2 * std::sqrt(m.m2));
    result.exkurt_g2 = m.m4 / (m.m2 * m.m2) - 3;
    if (m.n > 2) {
        result.skew_G1 = result.skew_g1 * std::sqrt(n * (n - 1)) / (n - 2);
    }
    if (m.n > 3) {
        result.exkurt_G2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * result.exkurt_g2 + 6);
    }
    return result;
}

double geometric_mean(std::span<const double> x) {
    if (x.empty() || !all_positive(x)) {
        return kNaN;
    }
    CompensatedSum logs;
    for (double v : x) {
        logs.add(std::log(v));
    }
    return std::exp(logs.value() / static_cast<double>(x.size()));
}

double harmonic_mean(std::span<const double> x) {
    if (x.empty() || !all_positive(x)) {
        return kNaN;
    }
    CompensatedSum reciprocals;
    for (double v : x) {
        reciprocals.add(1 / v);
    }
    return static_cast<double>(x.size()) / reciprocals.value();
}

double trimmed_mean(std::span<const double> sorted, double fraction) {
    const std::size_t cut = cut_count(sorted.size(), fraction);
    if (sorted.size() <= 2 * cut) {
        return kNaN;
    }
    return mean(sorted.subspan(cut, sorted.size() - 2 * cut));
}

Winsorized winsorized(std::span<const double> sorted, double fraction) {
    const std::size_t cut = cut_count(sorted.size(), fraction);
    if (sorted.size() <= 2 * cut) {
        return {kNaN, kNaN};
    }
    std::vector<double> pulled(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < cut; ++i) {
        pulled[i] = sorted[cut];
        pulled[sorted.size() - 1 - i] = sorted[sorted.size() - 1 - cut];
    }
    return {mean(pulled), variance(pulled)};
}

}  // namespace kmb::analysis
