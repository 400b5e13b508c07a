// Changes of level and of spread in a series whose neighbours hang together.
// Values in order of time, finite.
#pragma once

#include <cstddef>
#include <span>

#include "analysis/stats/change_points.h"

namespace kmb::analysis {

// How far a sum of neighbours spreads: the variance of the mean of m values is about
// long_run / m. Taken from differences of values and of neighbouring batches, so that a
// few changes of level hardly raise it.
//
// The larger of two: that of a first-order autoregression whose coefficient comes from
// sums of squared differences at lags 1 and 2, S_2 / S_1 - 1 (after Chakar, Lebarbier,
// Levy-Leduc and Robin, Bernoulli 23, 2017), and half the batch length times the median
// square of the differences of batch means, over the median of chi-squared.
double long_run_variance(std::span<const double> x);

// Level: rank cost with a penalty of 3.3 ln n long-run variances of the ranks (at least
// their variance) for each change.
// Spread: the same of the distances from the median of the value's segment; a rank cost
// of levels is blind to it. A long series is cut into `kMostBlocks` blocks first and each
// change is then placed to the value; its first block is searched by itself, for a warm-up
// is short.
struct Regimes {
    ChangePoints level;
    ChangePoints spread;  // those that are no changes of level
};
inline constexpr std::size_t kMostBlocks = 1000;
inline constexpr std::size_t kLeastForRegimes = 20;  // fewer values show none
Regimes find_regimes(std::span<const double> x);

}  // namespace kmb::analysis
