// Tests of pairs that were measured side by side: what they share cancels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// Signs of the differences, those of 0 left out; exact by the binomial distribution.
struct SignTest {
    std::int64_t positive;
    std::int64_t negative;
    std::int64_t zero;
    double p;  // two-sided; 1 where all differences are 0
};
SignTest sign_test(std::span<const double> differences);

// Wilcoxon 1945: V is the rank sum of the positive differences, zeros left out, midranks
// for ties.
struct SignedRank {
    double v;
    std::int64_t nonzero;
    bool ties;
    std::optional<double> p_exact;  // given the midranks; up to kExactSignedRank differences
    double p_normal;                // with continuity and tie correction; NaN without nonzeros
};
SignedRank signed_rank(std::span<const double> differences);

// exp of the median of ln x_i - ln y_i with the order-statistic interval, which holds for
// any distribution of the ratios. Nothing unless all values are positive. Throws
// std::invalid_argument when the lengths differ.
struct PairedRatio {
    double ratio;
    Bounds ci;
    double achieved;
};
std::optional<PairedRatio> paired_ratio(std::span<const double> x, std::span<const double> y,
                                        double level = 0.95);

}  // namespace kmb::analysis
