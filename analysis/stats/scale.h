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

}  // namespace kmb::analysis
