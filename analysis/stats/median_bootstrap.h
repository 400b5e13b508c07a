// What endless resampling would give, without resampling.
#pragma once

#include <cstddef>
#include <optional>

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// The bootstrap of the median in closed form: as if with endless replicates, O(log n) a
// probability once sorted. P*(X_(m) <= x_(k)) is I_{k/n}(m, n - m + 1) (Efron 1979); for
// even n the joint probability of the two middle values has a closed form as well.
class MedianBootstrap {
  public:
    explicit MedianBootstrap(const Sorted& sorted);  // not empty; must outlive the object
    [[nodiscard]] double at_most(double v) const;
    [[nodiscard]] double below(double v) const;
    // Smallest v with at_most(v) >= p.
    [[nodiscard]] double quantile(double p) const;
    [[nodiscard]] double se() const;
    [[nodiscard]] BootstrapIntervals intervals(double level = 0.95) const;

  private:
    [[nodiscard]] double cdf(double v, bool with_equal) const;
    [[nodiscard]] double order_at_most(std::size_t order, std::size_t k) const;
    const Sorted& sorted_;
    std::size_t n_;
};

// Ideal percentile interval of the median of an odd number of values: ranks from 1.
struct IdealMedian {
    std::size_t lower_rank;
    std::size_t upper_rank;
    double se;
};
IdealMedian ideal_median_interval(const Sorted& sorted, double level = 0.95);

// Ideal percentile interval of the mean by all n^n resamples, n <= 8: the smallest means
// with P*(mean <= v) >= the tail's probability. Nothing for other sizes.
std::optional<Bounds> ideal_mean_interval(const Sorted& sorted, double level = 0.95);

}  // namespace kmb::analysis
