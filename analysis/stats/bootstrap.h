// Intervals by resampling. For the median, median_bootstrap.h has the closed form.
//
// Deterministic: replicate r comes from stream r / kBlock of the seed, so that neither the
// run nor the number of threads changes a bit. Independent values assumed, except for
// the block bootstrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/stats/intervals.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

struct BootstrapOptions {
    std::size_t replicates = 10000;
    std::uint64_t seed = 1;
    unsigned threads = 1;
    static constexpr std::size_t kBlock = 1024;  // replicates of one stream
};

// Statistics of the same resamples. Each is counted, not copied: mean and sd are sums over
// what is drawn; how many values of it stand below each place of the sorted sample gives the
// other two by bisection.
struct Replicates {
    std::vector<double> mean;
    std::vector<double> sd;
    std::vector<double> median;
    std::vector<double> mad;  // raw
};
// Throws std::invalid_argument for no values.
Replicates bootstrap_joint(const Sorted& sorted, const BootstrapOptions& options);
// Only means and sds.
Replicates bootstrap_means(const Sorted& sorted, const BootstrapOptions& options);

// Means of resamples made of blocks of consecutive values, the series closed to a ring
// (Politis and Romano 1992): keeps the dependence within a block.
std::vector<double> block_bootstrap_means(std::span<const double> x, std::size_t block,
                                          const BootstrapOptions& options);
// A block length for a series: twice its autocorrelation time, at least n^(1/3), at most
// n / 4.
std::size_t usual_block(std::span<const double> x);

// Skewness of the jackknife (Efron, JASA 82, 1987): sum d^3 / (6 (sum d^2)^1.5). NaN where
// leaving one value out changes nothing.
double acceleration_of_mean(std::span<const double> x);
double acceleration_of_median(const Sorted& sorted);

// The distribution of a statistic under resampling.
struct BootstrapIntervals {
    double estimate = 0;
    double se = 0;
    double acceleration = 0;
    Bounds percentile{};
    Bounds basic{};
    // Bias-corrected and accelerated, z0 from P(below) + P(equal) / 2 and from P(below)
    // alone; nothing where z0 or the acceleration is undefined.
    std::optional<Bounds> bca_midp;
    std::optional<Bounds> bca_below;
    std::optional<Bounds> studentized;  // of the mean only
};
// Percentiles of the bias-corrected and accelerated interval: share_below is what z0 is
// the normal quantile of. Nothing where z0 is infinite or the acceleration undefined.
std::optional<Bounds> bca_levels(double share_below, double acceleration, double level);

BootstrapIntervals intervals_of_replicates(std::vector<double> replicates, double estimate,
                                           double acceleration, double level = 0.95);
BootstrapIntervals bootstrap_mean(std::span<const double> x, const BootstrapOptions& options,
                                  double level = 0.95);

}  // namespace kmb::analysis
