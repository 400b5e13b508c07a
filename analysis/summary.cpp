#include "analysis/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/intervals.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr double kQuantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr double kRounding = 1.5;  // units, of values on one tick
constexpr double kWide = 8;        // ticks beyond which the clock does not narrow an interval

// Whether the middle half of the values falls on a grid of ticks, give or take rounding. Two
// reads of a clock may never be less than a tick apart and yet show every unit: a read takes
// its time.
bool on_grid(const Sorted& sorted, double tick) {
    const auto values = sorted.values();
    double first = values[values.size() / 4];  // of the values on one tick
    for (std::size_t i = values.size() / 4 + 1; i <= 3 * values.size() / 4; ++i) {
        const double gap = values[i] - first;
        if (gap > kRounding && gap < tick - kRounding) {
            return false;
        }
        first = gap > kRounding ? first + gap : first;
    }
    return true;
}

// The value of index i, were equal values spread evenly over one tick around theirs.
double spread_value(const Sorted& sorted, std::size_t i, double tick) {
    const auto values = sorted.values();
    const auto [first, last] = std::equal_range(values.begin(), values.end(), values[i]);
    const auto before = static_cast<double>(i - static_cast<std::size_t>(first - values.begin()));
    return values[i] + tick * ((before + 0.5) / static_cast<double>(last - first) - 0.5);
}

double spread_quantile(const Sorted& sorted, double p, double tick) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double low = spread_value(sorted, below, tick);
    if (below + 1 >= sorted.size()) {
        return low;
    }
    const double high = spread_value(sorted, below + 1, tick);
    return low + (at - static_cast<double>(below)) * (high - low);
}

std::string with_dependence(std::string method, double effective, std::size_t n) {
    return effective < static_cast<double>(n) ? method + ", effective n" : method;
}

Estimate mean_estimate(std::span<const double> values, double effective, bool interval) {
    Estimate result{mean(values), std::nullopt};
    if (interval && effective >= 2) {
        const double half = t_critical(effective - 1, kLevel) * sd(values) / std::sqrt(effective);
        result.interval = Interval{result.value - half, result.value + half, kLevel,
                                   with_dependence("t", effective, values.size())};
    }
    return result;
}

}  // namespace

Estimate order_estimate(const Sorted& sorted, double p, const SummaryOptions& options) {
    if (sorted.empty()) {
        return {std::numeric_limits<double>::quiet_NaN(), std::nullopt};
    }
    const auto n = static_cast<double>(sorted.size());
    const double effective = options.effective > 0 ? std::min(options.effective, n) : n;
    const OrderInterval order = order_interval_effective(sorted, p, effective, kLevel);
    if (!std::isfinite(order.low) || !std::isfinite(order.high)) {
        return {quantile(sorted, p), std::nullopt};
    }
    std::string method = with_dependence("order-statistic", effective, sorted.size());
    const bool coarse = options.tick > 0 && sorted.min() < sorted.max() &&
                        order.high - order.low < kWide * options.tick &&
                        on_grid(sorted, options.tick);
    if (!coarse) {
        return {quantile(sorted, p), Interval{order.low, order.high, kLevel, method}};
    }
    const auto at = [&](std::int64_t rank) {
        return spread_value(sorted, static_cast<std::size_t>(rank - 1), options.tick);
    };
    return {
        spread_quantile(sorted, p, options.tick),
        Interval{at(order.lower_rank), at(order.upper_rank), kLevel, method + ", ticks spread"}};
}

Summary summarize(std::span<const double> values, const Sorted& sorted,
                  const SummaryOptions& options) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const auto n = static_cast<double>(values.size());
    Summary result;
    result.n = values.size();
    result.effective = options.effective > 0 ? std::min(options.effective, n) : n;
    result.min = sorted.empty() ? none : sorted.min();
    result.max = sorted.empty() ? none : sorted.max();
    result.mean = mean_estimate(values, result.effective, options.mean_interval);
    result.sd = sd(values);
    for (const double p : kQuantiles) {
        result.quantiles.push_back({p, order_estimate(sorted, p, options)});
    }
    result.median = result.quantiles[3].estimate;
    result.mad = sorted.empty() ? none : mad(sorted, median(sorted));
    return result;
}

Summary summarize(std::span<const double> values, const SummaryOptions& options) {
    return summarize(values, Sorted(values), options);
}

}  // namespace kmb::analysis
