#include "analysis/stats/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"

namespace kmb::analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// P(Bin(n, p) <= k - 1) and P(Bin(n, p) >= k) for 1 <= k <= n, 0 < p < 1.
double below(std::int64_t n, double p, std::int64_t k) {
    return binomial_tails(k - 1, n, p).lower;
}
double at_least(std::int64_t n, double p, std::int64_t k) {
    return binomial_tails(k - 1, n, p).upper;
}

void read_values(const Sorted& sorted, OrderInterval& interval) {
    const auto n = static_cast<std::int64_t>(sorted.size());
    const auto value = [&](std::int64_t rank) {
        return rank < 1   ? -kInfinity
               : rank > n ? kInfinity
                          : sorted[static_cast<std::size_t>(rank) - 1];
    };
    interval.low = value(interval.lower_rank);
    interval.high = value(interval.upper_rank);
}

}  // namespace

OrderInterval order_interval(const Sorted& sorted, double p, double level) {
    OrderInterval result;
    result.level = level;
    const auto n = static_cast<std::int64_t>(sorted.size());
    const double tail = (1 - level) / 2;
    std::int64_t lo = 0;  // largest rank with below() <= tail
    for (std::int64_t hi = n; lo < hi;) {
        const std::int64_t mid = lo + (hi - lo + 1) / 2;
        if (below(n, p, mid) <= tail) {
            lo = mid;
        } else {
            hi = mid - 1;
        }
    }
    std::int64_t up = n + 1;  // smallest rank with at_least() <= tail
    for (std::int64_t bottom = 1; bottom < up;) {
        const std::int64_t mid = bottom + (up - bottom) / 2;
        if (at_least(n, p, mid) <= tail) {
            up = mid;
        } else {
            bottom = mid + 1;
        }
    }
    result.lower_rank = lo;
    result.upper_rank = up;
    const double left = lo == 0 ? 0 : below(n, p, lo);
    const double right = up > n ? 0 : at_least(n, p, up);
    result.achieved = 1 - left - right;
    read_values(sorted, result);
    return result;
}

OrderInterval order_interval_effective(const Sorted& sorted, double p, double effective,
                                       double level) {
    const auto n = static_cast<double>(sorted.size());
    if (!(effective < n)) {
        return order_interval(sorted, p, level);
    }
    OrderInterval result;
    result.level = level;
    result.achieved = level;
    const double half = z_critical(level) * std::sqrt(p * (1 - p) / std::max(effective, 1.0));
    const double low = std::max(std::floor(n * (p - half)), 0.0);
    const double high = std::min(std::ceil(n * (p + half)) + 1, n + 1);
    result.lower_rank = static_cast<std::int64_t>(low);
    result.upper_rank = static_cast<std::int64_t>(high);
    read_values(sorted, result);
    return result;
}

OrderInterval median_interval_normal(const Sorted& sorted, double level) {
    OrderInterval result;
    result.level = level;
    result.achieved = std::numeric_limits<double>::quiet_NaN();
    if (sorted.empty()) {
        return result;
    }
    const auto n = static_cast<double>(sorted.size());
    const double spread = z_critical(level) * std::sqrt(n);
    result.lower_rank = static_cast<std::int64_t>(std::floor((n - spread) / 2));
    result.upper_rank = static_cast<std::int64_t>(std::ceil(1 + (n + spread) / 2));
    read_values(sorted, result);
    return result;
}

std::optional<Bounds> t_interval(std::span<const double> x, double level) {
    if (x.size() < 2) {
        return std::nullopt;
    }
    const double centre = mean(x);
    const double half = t_critical(static_cast<double>(x.size() - 1), level) * sem(x);
    return Bounds{centre - half, centre + half};
}

std::optional<Bounds> geometric_interval(std::span<const double> x, double level) {
    std::vector<double> logs;
    logs.reserve(x.size());
    for (double v : x) {
        if (!(v > 0)) {
            return std::nullopt;
        }
        logs.push_back(std::log(v));
    }
    const auto bounds = t_interval(logs, level);
    if (!bounds) {
        return std::nullopt;
    }
    return Bounds{std::exp(bounds->low), std::exp(bounds->high)};
}

}  // namespace kmb::analysis
