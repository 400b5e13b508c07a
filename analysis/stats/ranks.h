// Ranks, ties, and exact distributions of rank statistics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Ranks from 1; equal values share the mean of theirs.
std::vector<double> midranks(std::span<const double> x);

// What groups of t equal values add to the variances of rank statistics.
struct Ties {
    std::size_t groups = 0;   // distinct values
    std::int64_t pairs = 0;   // sum t (t - 1) / 2
    double cubic = 0;         // sum t^3 - t
    double mann_kendall = 0;  // sum t (t - 1)(2 t + 5)
    [[nodiscard]] bool any() const { return pairs > 0; }
};
Ties tied_groups(const Sorted& sorted);

// Number of ways to reach each value of a sum of ranks, divided by the number of all
// ways: probabilities from index 0.
using Distribution = std::vector<double>;

// Sum of the `scores` (integers >= 0) of a random half: each is in with probability 1/2.
// Wilcoxon's signed-rank statistic has scores 1..n, or twice the midranks where values tie.
Distribution subset_sum_distribution(std::span<const std::int64_t> scores);
Distribution signed_rank_distribution(std::size_t n);

// Sum of the scores of m values drawn from all without replacement; with scores of
// twice the midranks this is the exact conditional distribution of a rank sum.
Distribution draw_sum_distribution(std::span<const std::int64_t> scores, std::size_t m);

// Mann and Whitney's U of m against n values without ties.
Distribution rank_sum_distribution(std::size_t m, std::size_t n);

// P(S <= s) and P(S >= s), both with s itself.
double at_most(const Distribution& distribution, std::int64_t s);
double at_least(const Distribution& distribution, std::int64_t s);

// Smallest s >= 1 with P(S <= s) >= alpha / 2: the rank k of an interval that reaches
// from the k-th value of one end to the k-th of the other (R's wilcox.test). It covers
// 1 - 2 P(S < k), less than 1 - alpha where n is too small for the level.
std::int64_t lower_critical(const Distribution& distribution, double alpha);

}  // namespace kmb::analysis
