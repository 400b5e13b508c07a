// Intervals that come from a formula rather than from resampling. All assume that the
// values are independent; pass the effective number of values where they are not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

struct Bounds {
    double low;
    double high;
};

// Ranks counted from 1. A rank below 1 means that no value is low enough (low is
// -infinity), one above n that none is high enough (high is +infinity).
struct OrderInterval {
    std::int64_t lower_rank = 0;
    std::int64_t upper_rank = 0;
    double low = 0;
    double high = 0;
    double level = 0;     // asked for
    double achieved = 0;  // probability covered, exactly
};

// Interval of the p-quantile from two order statistics: the narrowest with at most
// (1 - level) / 2 outside on each side, by the binomial distribution. Holds for every
// continuous distribution; with ties it covers at least as much. Needs n >= 6 for the
// median and n >= 368 for p = 0.99 at level 0.95, else it is infinite on a side.
OrderInterval order_interval(const Sorted& sorted, double p, double level = 0.95);

// Ranks of the same interval for an effective number of independent values,
// `effective` <= n: its coverage in probability, mapped onto the n values at hand.
OrderInterval order_interval_effective(const Sorted& sorted, double p, double effective,
                                       double level = 0.95);

// Ranks floor((n - z sqrt n) / 2) and ceil(1 + (n + z sqrt n) / 2) of the median
// (Le Boudec, "Performance Evaluation of Computer and Communication Systems", 2010);
// for comparison's sake: `achieved` is NaN.
OrderInterval median_interval_normal(const Sorted& sorted, double level = 0.95);

// mean +- t(n - 1) * sd / sqrt(n). Nothing for fewer than 2 values. Covers 65 to 94 %
// where 95 is asked on skewed latencies: prefer order_interval().
std::optional<Bounds> t_interval(std::span<const double> x, double level = 0.95);

// The same for the geometric mean, on logarithms. Nothing unless all values are positive.
std::optional<Bounds> geometric_interval(std::span<const double> x, double level = 0.95);

}  // namespace kmb::analysis
