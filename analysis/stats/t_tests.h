// Tests of means and trimmed means. They assume independent values; pass round means or
// values worth one effective observation each where a series is autocorrelated: on raw
// series with rho = 0.7 every test here rejects identical data in a third of all cases.
#pragma once

#include <cstddef>
#include <span>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// Difference x - y over its standard error. `defined` is false where a sample has fewer
// than two values or both have no spread: then t, df and p are NaN.
struct TTest {
    bool defined = false;
    double difference = 0;
    double se = 0;
    double t = 0;
    double df = 0;
    double p_two = 0;
    double p_less = 0;  // of the alternative x < y
    double p_greater = 0;
    Bounds ci{};  // of the difference, at the level asked for
};

// Unequal variances (Welch 1947). The two sizes may be replaced by effective ones.
TTest welch(std::span<const double> x, std::span<const double> y, double level = 0.95);
struct Group {
    double n;
    double mean;
    double variance;
};
TTest welch(const Group& x, const Group& y, double level = 0.95);

// Equal variances.
TTest student(std::span<const double> x, std::span<const double> y, double level = 0.95);

// Trimmed means over winsorized variances (Yuen, Biometrika 61, 1974); `trim` of each side.
TTest yuen(std::span<const double> x, std::span<const double> y, double trim = 0.2,
           double level = 0.95);

// Mean of the differences x_i - y_i. Same length; see paired.h for the rest.
TTest paired_t(std::span<const double> x, std::span<const double> y, double level = 0.95);

// Two one-sided tests (Schuirmann 1987) that low < mean(x) - mean(y) < high, Welch's
// standard error. p is the larger of both.
struct Equivalence {
    double low;
    double high;
    double p_lower;  // of the alternative difference > low
    double p_upper;  // of the alternative difference < high
    double p;
};
Equivalence equivalence(const TTest& test, double low, double high);

}  // namespace kmb::analysis
