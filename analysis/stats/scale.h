// Robust measures of spread about the median. Unit of the values.
#pragma once

#include <span>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// 1 / Phi^-1(3/4): what makes the median absolute deviation estimate the sd of a
// normal distribution.
inline constexpr double kMadToSd = 1.482602218505602;

// Median of |x - centre|, not scaled. NaN for no values; 0 when more than half are equal.
double mad(std::span<const double> x, double centre);
double mad(std::span<const double> x);
double mad(const Sorted& sorted, double centre);  // the same number, in one pass

// Median absolute deviation of the values at or below, and at or above, the median.
struct DoubleMad {
    double median;
    double lower;
    double upper;
};
DoubleMad double_mad(const Sorted& sorted);

double mean_absolute_deviation(std::span<const double> x, double centre);

// Median of |(x - centre) / x|. NaN when a value is 0.
double median_relative_deviation(std::span<const double> x, double centre);

// Rousseeuw and Croux, JASA 88 (1993): spreads that need no centre, bear 50 % of outliers
// and are more efficient than the MAD (58 % and 82 % against 37 %). Constants and
// corrections for small samples as in the R package robustbase. 0 where half of the
// pairs tie; NaN for fewer than 2 values.
struct PairScale {
    double raw;        // times the asymptotic constant
    double corrected;  // times the correction for n
};
PairScale sn_scale(const Sorted& sorted);  // 1.1926 * lomed_i himed_j |x_i - x_j|
PairScale qn_scale(const Sorted& sorted);  // 2.21914 * a quarter's quantile of |x_i - x_j|

}  // namespace kmb::analysis
