// How large a difference is, in units that need no clock.
#pragma once

#include <span>

#include "analysis/stats/quantiles.h"
#include "analysis/stats/rank_tests.h"

namespace kmb::analysis {

// P(x > y) - P(x < y) (Cliff 1993) and P(x > y) + P(x = y) / 2 (Vargha and Delaney 2000).
double cliffs_delta(const PairOrder& order);
double vargha_delaney(const PairOrder& order);

// (mean x - mean y) in units of a standard deviation: pooled (Cohen), the same without
// its bias for small samples, J(df) = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)) (Hedges
// 1981), and that of y alone (Glass). NaN where the spread is 0.
struct MeanEffect {
    double cohens_d;
    double hedges_j;
    double hedges_g;
    double glass_delta;
};
MeanEffect mean_effect(std::span<const double> x, std::span<const double> y);

// Area between both distribution functions: the mean distance that values must move.
// Unit of the values.
double wasserstein(const Sorted& x, const Sorted& y);
// sqrt(2 integral (F - G)^2), as scipy.stats.energy_distance.
double energy_distance(const Sorted& x, const Sorted& y);

}  // namespace kmb::analysis
