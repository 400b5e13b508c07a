#include "analysis/stats/effect_sizes.h"

#include <cmath>
#include <limits>

#include "analysis/stats/descriptive.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Integral of f(F(v) - G(v)) over v.
template <typename Function>
double integrate_difference(const Sorted& x, const Sorted& y, Function f) {
    if (x.empty() || y.empty()) {
        return kNaN;
    }
    CompensatedSum area;
    std::size_t i = 0;
    std::size_t j = 0;
    double last = std::min(x.min(), y.min());
    while (i < x.size() || j < y.size()) {
        const bool from_x = j == y.size() || (i < x.size() && x[i] <= y[j]);
        const double value = from_x ? x[i] : y[j];
        const double difference = static_cast<double>(i) / static_cast<double>(x.size()) -
                                  static_cast<double>(j) / static_cast<double>(y.size());
        area.add(f(difference) * (value - last));
        last = value;
        ++(from_x ? i : j);
    }
    return area.value();
}

}  // namespace

double cliffs_delta(const PairOrder& order) {
    return static_cast<double>(order.greater - order.less) / static_cast<double>(order.total());
}

double vargha_delaney(const PairOrder& order) {
    return (static_cast<double>(order.greater) + static_cast<double>(order.equal) / 2) /
           static_cast<double>(order.total());
}

MeanEffect mean_effect(std::span<const double> x, std::span<const double> y) {
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    const double difference = mean(x) - mean(y);
    const double df = m + n - 2;
    const double pooled = std::sqrt(((m - 1) * variance(x) + (n - 1) * variance(y)) / df);
    const double own = sd(y);
    MeanEffect effect{};
    effect.cohens_d = pooled > 0 ? difference / pooled : kNaN;
    effect.hedges_j = std::exp(std::lgamma(df / 2) - std::lgamma((df - 1) / 2)) / std::sqrt(df / 2);
    effect.hedges_g = effect.hedges_j * effect.cohens_d;
    effect.glass_delta = own > 0 ? difference / own : kNaN;
    return effect;
}

double wasserstein(const Sorted& x, const Sorted& y) {
    return integrate_difference(x, y, [](double d) { return std::abs(d); });
}

double energy_distance(const Sorted& x, const Sorted& y) {
    return std::sqrt(2 * integrate_difference(x, y, [](double d) { return d * d; }));
}

}  // namespace kmb::analysis
