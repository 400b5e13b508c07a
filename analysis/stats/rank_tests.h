// Two-sample tests by ranks. Independent values assumed, as in t_tests.h.
#pragma once

#include <cstdint>
#include <optional>

#include "analysis/stats/distributions.h"
#include "analysis/stats/intervals.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Pairs (x_i, y_j) by their order, in one walk over both sorted samples.
struct PairOrder {
    std::int64_t greater = 0;  // x_i > y_j
    std::int64_t less = 0;
    std::int64_t equal = 0;
    [[nodiscard]] std::int64_t total() const { return greater + less + equal; }
};
PairOrder pair_order(const Sorted& x, const Sorted& y);

// Mann and Whitney 1947, ties by midranks. Not a test of medians: of P(X > Y) = 1/2
// under equal distributions.
struct MannWhitney {
    struct Normal {
        double z = 0;
        double p = 0;  // two-sided
    };
    double u_x = 0;  // pairs with x > y, ties counted half
    double u_y = 0;
    double tie_term = 0;    // sum t^3 - t over groups of equal values
    bool all_tied = false;  // no variance: z and p are NaN
    double x_greater = 0;   // u_x / (m n)
    Normal corrected;       // with continuity correction
    Normal uncorrected;
    double p_without_tie_correction = 0;  // what several programs report; for comparison
};
MannWhitney mann_whitney(const Sorted& x, const Sorted& y);

// The exact distribution of the rank sum given the midranks at hand, so that ties are
// right. Nothing where a sample has more than kExactRankSum values or all are equal.
struct ExactRankSum {
    double p_less;  // P(U <= u): the alternative x < y
    double p_greater;
    double p_two;      // P(|U - mean| >= |u - mean|)
    double p_doubled;  // 2 min(p_less, p_greater), at most 1
};
std::optional<ExactRankSum> exact_rank_sum(const Sorted& x, const Sorted& y);

// Brunner and Munzel, Biometrical Journal 42 (2000): P(X < Y) + P(X = Y) / 2 against
// 1/2 with variances that may differ. `defined` is false where the samples do not
// overlap or do not vary: the statistic has no variance then.
struct BrunnerMunzel {
    bool defined = false;
    double p_hat = 0;       // P(X < Y) + P(X = Y) / 2
    double variance_x = 0;  // of the placements
    double variance_y = 0;
    double statistic = 0;  // positive where y tends to be larger
    double df = 0;
    double p_two = 0;
    Bounds ci{};  // of p_hat, not cut at 0 and 1
};
BrunnerMunzel brunner_munzel(const Sorted& x, const Sorted& y, double level = 0.95);

}  // namespace kmb::analysis
