// Robust lines: medians of the slopes through all pairs of points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// The slopes (y_j - y_i) / (x_j - x_i) of all pairs with different x, by rank, without
// writing them down where they are many: the slopes below b are the inversions of
// y - b x in order of x, so bisection over b takes O(n log n) a step (Cole, Salowe,
// Steiger and Szemeredi, SIAM J. Comput. 18, 1989).
class PairwiseSlopes {
  public:
    // Finite values, x and y of the same length; throws std::invalid_argument otherwise.
    PairwiseSlopes(std::span<const double> x, std::span<const double> y);

    [[nodiscard]] std::int64_t count() const { return count_; }
    // The slope of that rank, from 1 to count().
    [[nodiscard]] double at(std::int64_t rank) const;
    [[nodiscard]] double median() const;  // NaN without slopes

  private:
    struct Bracket {
        double low;
        double high;
        std::int64_t below_low;   // slopes < low
        std::int64_t below_high;  // slopes < high
    };
    [[nodiscard]] std::int64_t below(double slope) const;
    [[nodiscard]] std::pair<double, double> two_at(std::int64_t rank) const;
    [[nodiscard]] Bracket bracket(std::int64_t rank) const;
    [[nodiscard]] std::vector<double> inside(const Bracket& bracket, std::size_t limit) const;

    std::vector<double> x_;  // ascending, y ascending among equal x
    std::vector<double> y_;
    std::vector<double> all_;  // all slopes, sorted, for few points
    std::int64_t count_ = 0;
};

double theil_sen_slope(std::span<const double> x, std::span<const double> y);

// Sen 1968. The interval takes the slopes whose ranks are z * sigma of Kendall's
// statistic apart, rounded as SciPy does.
struct TheilSen {
    std::int64_t slopes = 0;
    double slope = 0;
    double intercept_separate = 0;  // median(y) - slope * median(x)
    double intercept_joint = 0;     // median(y - slope * x)
    Bounds ci{};
};
TheilSen theil_sen(std::span<const double> x, std::span<const double> y, double level = 0.95);

// Median over the points of the median slope to all others (Siegel 1982): bears 50 % of
// outliers where Theil-Sen bears 29 %. O(n^2).
struct Siegel {
    double slope;
    double intercept_separate;  // the same of the intercepts of the pairs
};
Siegel siegel(std::span<const double> x, std::span<const double> y);

// Kendall's tau-b: (rising - falling pairs) / sqrt(pairs untied in x * pairs untied in y).
double kendall_tau_b(std::span<const double> x, std::span<const double> y);

}  // namespace kmb::analysis
