#include "analysis/stats/location.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/stats/distributions.h"
#include "analysis/stats/double_double.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Mean and sd of the order statistics under the weights I_{i/n}(a, b) - I_{(i-1)/n}(a, b).
struct Weighted {
    double mean = kNaN;
    double sd = kNaN;
};
Weighted beta_weighted(const Sorted& sorted, double a, double b) {
    if (!(a > 0 && b > 0) || sorted.empty()) {
        return {};
    }
    const auto n = static_cast<double>(sorted.size());
    // Weights farther from the centre are below the smallest double's share of the sum.
    const double centre = a / (a + b);
    const double reach = 60 * std::sqrt(centre * (1 - centre) / (a + b + 1));
    const auto from = static_cast<std::size_t>(std::max(0.0, std::floor((centre - reach) * n)));
    const auto to = static_cast<std::size_t>(std::min(n, std::ceil((centre + reach) * n)));
    // About a value in the middle of the weights, so that squares cancel nothing.
    const double origin = sorted[std::min(static_cast<std::size_t>(centre * n), sorted.size() - 1)];
    // Near 1 as 1 - upper, which keeps its digits, but at least one last place below 1: the
    // largest value never loses its weight altogether (as in SciPy).
    const auto share = [&](std::size_t i) {
        const double at = static_cast<double>(i) / n;
        return i == sorted.size() ? 1
               : at <= centre     ? beta_lower(a, b, at)
                                  : 1 - std::max(beta_lower(b, a, 1 - at), 0x1p-53);
    };
    CompensatedSum first;
    CompensatedSum second;
    const auto add = [&](double weight, double v) {
        first.add(weight * (v - origin));
        second.add(weight * (v - origin) * (v - origin));
    };
    double below = share(from);
    for (std::size_t i = from; i < to; ++i) {
        const double up_to = share(i + 1);
        add(up_to - below, sorted[i]);
        below = up_to;
    }
    if (to < sorted.size()) {
        add(1 - below, sorted.max());
    }
    const double mean = first.value();
    return {origin + mean, std::sqrt(std::max(second.value() - mean * mean, 0.0))};
}

}  // namespace

Huber huber(std::span<const double> x, double k) {
    const double centre = median(x);
    Huber result{k, 1.4826 * mad(x, centre), kNaN};
    if (!(result.scale > 0)) {
        return result;
    }
    double mu = centre;
    for (int step = 0; step < 1000; ++step) {
        CompensatedSum moved;
        for (double v : x) {
            moved.add(std::clamp(v - mu, -k * result.scale, k * result.scale));
        }
        const double change = moved.value() / static_cast<double>(x.size());
        mu += change;
        if (std::abs(change) <= 1e-14 * result.scale) {
            break;
        }
    }
    result.mu = mu;
    return result;
}

HarrellDavis harrell_davis(const Sorted& sorted, double p) {
    const auto n = static_cast<double>(sorted.size());
    const Weighted all = beta_weighted(sorted, (n + 1) * p, (n + 1) * (1 - p));
    const double m = std::floor(p * n + 0.5);
    return {all.mean, all.sd, static_cast<std::size_t>(m), beta_weighted(sorted, m, n - m + 1).sd,
            beta_weighted(sorted, m - 1, n - m).sd};
}

}  // namespace kmb::analysis
