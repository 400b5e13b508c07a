// How far the values of a series hang together: autocorrelation, the number of
// independent values that the series is worth, and tests of independence.
//
// Values in order of time, finite. Where all are equal there is no correlation and no
// effective number: NaN.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kmb::analysis {

// r_1 .. r_lags (fewer where n is smaller) by the definition of NIST's handbook,
// sum (x_t - m)(x_{t+k} - m) / sum (x_t - m)^2. O(n lags), or O(n log n) by a Fourier
// transform when that is less work.
std::vector<double> autocorrelations(std::span<const double> x, std::size_t lags);
double autocorrelation(std::span<const double> x);  // r_1, by double-double sums

// n / tau. `tau` is the integrated autocorrelation time 2 sum Gamma_m - 1 over the pairs
// Gamma_m = r_{2m} + r_{2m+1}, up to the first that is not positive (initial positive
// sequence), or of their running minimum (initial monotone sequence): Geyer, Statistical
// Science 7 (1992).
struct GeyerTime {
    double positive_tau;
    double monotone_tau;
};
GeyerTime geyer_time(std::span<const double> x);

// Number of independent values whose mean is known as well as this series', by the
// initial monotone sequence, between 1 and n; n for fewer than 4 values or equal ones.
// The number to put in place of n wherever an interval assumes independence. It is
// capped at n: a series that alternates would be worth more, but that is not claimed.
double effective_size(std::span<const double> x);

// n (1 - r_1) / (1 + r_1): right for AR(1) alone, far off for periodic noise.
double effective_size_ar1(std::span<const double> x);

// Means of floor(n / batch) batches of `batch` consecutive values; the rest is left out.
struct BatchMeans {
    std::size_t batch;
    std::size_t count;
    double sem;        // sd of the batch means / sqrt(count)
    double effective;  // n * variance of the values / (batch * variance of the means)
};
BatchMeans batch_means(std::span<const double> x, std::size_t batch);
BatchMeans batch_means(std::span<const double> x);  // batch = floor(sqrt(n))

// Ljung and Box, Biometrika 65 (1978), and Box and Pierce's statistic of the same lags.
struct LjungBox {
    double q;
    double p;
    double box_pierce;
};
LjungBox ljung_box(std::span<const double> x, std::size_t lags);

// sum (x_{t+1} - x_t)^2 / sum (x_t - m)^2: 2 for independent values, less for drift.
double von_neumann_ratio(std::span<const double> x);

// Runs above and below the median (Wald and Wolfowitz 1940); values equal to it are left
// out; normal approximation without continuity correction.
struct RunsTest {
    std::size_t above;
    std::size_t below;
    std::size_t runs;
    double z;
    double p;  // two-sided
};
RunsTest runs_test(std::span<const double> x);

}  // namespace kmb::analysis
