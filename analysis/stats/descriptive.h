// Sums, means, variance and moments that survive any offset.
//
// Every function takes values in any order and in any unit; results are in that unit
// (variance: unit squared). Values must be finite: see finite.h. Where a statistic is
// not defined (no values, sd of one value) the answer is NaN, never an exception.
#pragma once

#include <cstddef>
#include <span>

#include "analysis/stats/double_double.h"

namespace kmb::analysis {

// Sum in about 106 bits, rounded once. 0 for no values.
double sum(std::span<const double> x);

// Sum before the last rounding.
DoubleDouble exact_sum(std::span<const double> x);

// Arithmetic mean. NaN for no values.
double mean(std::span<const double> x);

// Sample variance with divisor n - ddof, by two passes about the exact mean
// (Chan, Golub and LeVeque 1983). NaN for n <= ddof.
double variance(std::span<const double> x, int ddof = 1);
double sd(std::span<const double> x, int ddof = 1);

// Standard error of the mean, sd / sqrt(n). Assumes independent values.
double sem(std::span<const double> x);

// Sums of powers of deviations from the mean, divided by n.
struct CentralMoments {
    std::size_t n = 0;
    double mean = 0;
    double m2 = 0;
    double m3 = 0;
    double m4 = 0;
};
CentralMoments central_moments(std::span<const double> x);

// Skewness and excess kurtosis: population form g1, g2 and the corrected G1, G2
// (Joanes and Gill 1998). NaN where the variance is 0 or n is too small
// (G1 needs 3 values, G2 needs 4).
struct Shape {
    double skew_g1;
    double exkurt_g2;
    double skew_G1;
    double exkurt_G2;
};
Shape shape(std::span<const double> x);

// exp of the mean log and the reciprocal of the mean reciprocal. NaN unless all values
// are positive: a duration of 0 has no logarithm.
double geometric_mean(std::span<const double> x);
double harmonic_mean(std::span<const double> x);

// Mean without the floor(fraction * n) smallest and as many largest values.
double trimmed_mean(std::span<const double> sorted, double fraction);

// Mean and variance (n - 1) after the floor(fraction * n) extreme values of each side
// are set to the next value inside.
struct Winsorized {
    double mean;
    double variance;
};
Winsorized winsorized(std::span<const double> sorted, double fraction);

}  // namespace kmb::analysis
