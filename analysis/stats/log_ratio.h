// How many times longer, on the scale of logarithms where a slowdown is a shift: the
// difference of the levels of two series of logarithms, with an interval that knows how
// far neighbours hang together. Several ways to the same question, so that an answer can
// be asked whether it hangs on the way.
//
// Series in order of time, finite. `x` is before, `y` is now; estimates are y - x.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

struct LogRatio {
    double estimate = 0;
    Bounds bounds{};   // infinite where the values carry no interval
    double level = 0;  // of the bounds
    double df = 0;     // of Student's t that the bounds were widened by; infinite for none
    double effective_x = 0;
    double effective_y = 0;

    // Standard error as the bounds show it on one side of the estimate, 0 for equal values.
    [[nodiscard]] double error_below() const;
    [[nodiscard]] double error_above() const;
};

// Number of independent values that a series is worth: Geyer's monotone sequence on the
// midranks, so that no spike decides, and less by what the sample's own mean takes from its
// autocorrelations. Between 2 and n.
double effective_ranks(std::span<const double> x);

// Median of all y_j - x_i with the interval of Mann and Whitney's U, widened to the
// effective sizes and by Student's t. Holds its level whatever the distribution, as long
// as it is the same on both sides but for the shift. Welch's below 6 values of a side.
LogRatio rank_ratio(std::span<const double> x, std::span<const double> y, double level = 0.95);

// Difference of means, Welch's interval with the effective sizes in place of n.
LogRatio mean_ratio(std::span<const double> x, std::span<const double> y, double level = 0.95);

// Difference of medians, from the order-statistic interval of each at its effective size
// (Zou and Donner, Statistics in Medicine 27, 2008).
LogRatio median_ratio(std::span<const double> x, std::span<const double> y, double level = 0.95);

// The same difference of p-quantiles, the effective size being that of "above the
// quantile or not". A bound is infinite where the values are too few to carry it.
LogRatio quantile_ratio(std::span<const double> x, std::span<const double> y, double p,
                        double level = 0.95);

// Means of floor(sqrt n) consecutive values; the rest is left out.
std::vector<double> batch_means_of(std::span<const double> x);

// Those in place of the values: Welch's test of them, and Yuen's without the 20 % at each
// end.
LogRatio batch_ratio(std::span<const double> x, std::span<const double> y, double level = 0.95);
LogRatio trimmed_batch_ratio(std::span<const double> x, std::span<const double> y,
                             double level = 0.95);

// Pairs measured side by side: pseudomedian of y_i - x_i with the interval of Wilcoxon's
// signed ranks (differences of what is equally distributed are symmetric), widened to
// the effective size of the differences; Student's t below 6 pairs. Same lengths.
LogRatio pair_ratio(std::span<const double> x, std::span<const double> y, double level = 0.95);
// Mean of differences with Student's interval, and their median with that of order
// statistics, both at the effective size.
LogRatio pair_mean(std::span<const double> d, double level = 0.95);
LogRatio pair_median(std::span<const double> d, double level = 0.95);

}  // namespace kmb::analysis
