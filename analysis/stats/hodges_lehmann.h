// Hodges-Lehmann estimators: medians of all pairwise means or differences.
//
// Exact, without writing the n^2 numbers down: on sorted values those at or below a
// bound are counted in one walk, and a bisection over the bounds finds the median.
// O(n log n). Values in any order, finite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "analysis/stats/intervals.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Interval from the k-th to the last-but-k-th of the pairwise numbers.
struct RankInterval {
    double level;
    std::int64_t k;
    Bounds bounds;
    double achieved;  // probability covered; exact up to kExactSignedRank values a sample
    bool exact;       // else by the normal approximation
};

// Sizes up to which the distribution behind an interval is computed exactly.
inline constexpr std::size_t kExactSignedRank = 200;
inline constexpr std::size_t kExactRankSum = 50;  // of each sample

// Median of (x_i + x_j) / 2, i <= j: the pseudomedian. It bears 29 % of outliers and is
// 95 % as efficient as the mean on normal data. Under skew it is not the median: its
// interval covers the median in as little as 64 % of samples. NaN for no values.
double hodges_lehmann(const Sorted& sorted);
double hodges_lehmann(std::span<const double> x);

// By Wilcoxon's signed ranks, as R's wilcox.test(conf.int = TRUE, exact = TRUE); assumes
// a symmetric distribution. Nothing for fewer than 2 values.
std::optional<RankInterval> signed_rank_interval(const Sorted& sorted, double level = 0.95);

// Median of x_i - y_j: the shift between two samples of the same shape. NaN when one is empty.
double shift(const Sorted& x, const Sorted& y);

// By Mann and Whitney's U, as R's wilcox.test. Nothing when a sample is empty.
std::optional<RankInterval> shift_interval(const Sorted& x, const Sorted& y, double level = 0.95);

// exp(median(ln x_i - ln y_j)): the scale on which a slowdown is a shift. NaN unless all
// values are positive.
double ratio(const Sorted& x, const Sorted& y);
std::optional<RankInterval> ratio_interval(const Sorted& x, const Sorted& y, double level = 0.95);

// Median of |x_i - x_j|, i < j (Shamos 1976). Times 1.0483 it estimates a normal sd.
// NaN for fewer than 2 values.
double shamos(const Sorted& sorted);

// shift / mean of the Shamos spreads, weighted by size (Akinshin's disparity): a shift in
// units of spread. NaN where the spread is 0.
double disparity(const Sorted& x, const Sorted& y);

}  // namespace kmb::analysis
