// Order statistics: a sorted sample and the quantiles read from it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kmb::analysis {

// A copy of the values in ascending order. Sorting once serves the median, every
// quantile, fences and intervals. NaN must have been taken out before (finite.h).
class Sorted {
  public:
    explicit Sorted(std::span<const double> values);
    // For values that are in ascending order already.
    static Sorted adopt(std::vector<double> ascending);

    [[nodiscard]] std::span<const double> values() const { return values_; }
    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] double operator[](std::size_t i) const { return values_[i]; }
    [[nodiscard]] double min() const { return values_.front(); }
    [[nodiscard]] double max() const { return values_.back(); }

  private:
    Sorted() = default;
    std::vector<double> values_;
};

// Definitions of Hyndman and Fan, "Sample quantiles in statistical packages",
// American Statistician 50 (1996). 7 is the usual one; 8 is median-unbiased.
enum class QuantileType { type6 = 6, type7 = 7, type8 = 8 };

// Quantile for 0 <= p <= 1. NaN for no values.
double quantile(const Sorted& sorted, double p, QuantileType type = QuantileType::type7);

// Middle value, or the mean of the two middle ones.
double median(const Sorted& sorted);
// The same for values in any order, without sorting all where that takes comparisons.
double median(std::span<const double> x);

struct Quartiles {
    double q1;
    double q3;
    [[nodiscard]] double iqr() const { return q3 - q1; }
};
Quartiles quartiles(const Sorted& sorted);  // type 7

}  // namespace kmb::analysis
