// Order statistics of the means, differences and distances of all pairs of values.
//
// Each is a matrix whose rows and columns ascend, so that one walk along its boundary
// counts the entries at or below a bound. A thinned copy of the sample says roughly where
// the wanted one lies; a bisection over the bounds - over integers where the values are
// integers - is exact. Equal values are walked over once: on ticking clocks there are few.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Distinct values, ascending, and how many values there are before each.
struct Runs {
    explicit Runs(const Sorted& sorted);
    [[nodiscard]] std::size_t size() const { return value.size(); }
    [[nodiscard]] std::int64_t total() const { return before.back(); }
    [[nodiscard]] std::int64_t weight(std::size_t k) const { return before[k + 1] - before[k]; }
    [[nodiscard]] Runs thinned(std::int64_t points) const;

    std::vector<double> value;
    std::vector<std::int64_t> before;  // size() + 1 entries
    bool integral = true;              // all values integers that double sums exactly

  private:
    Runs() = default;
};

// (x_i + x_j) / 2 of all i <= j. Not empty.
class PairMeans {
  public:
    explicit PairMeans(const Sorted& sorted) : x_(sorted) {}
    [[nodiscard]] std::int64_t count() const { return x_.total() * (x_.total() + 1) / 2; }
    [[nodiscard]] double at(std::int64_t rank) const;  // from 1
    [[nodiscard]] double median() const;

  private:
    Runs x_;
};

// x_i - y_j of all pairs. Neither empty.
class PairDifferences {
  public:
    PairDifferences(const Sorted& x, const Sorted& y) : x_(x), y_(y) {}
    [[nodiscard]] std::int64_t count() const { return x_.total() * y_.total(); }
    [[nodiscard]] double at(std::int64_t rank) const;
    [[nodiscard]] double median() const;

  private:
    Runs x_;
    Runs y_;
};

// x_j - x_i of all i < j. At least two values.
class PairDistances {
  public:
    explicit PairDistances(const Sorted& sorted) : x_(sorted) {}
    [[nodiscard]] std::int64_t count() const { return x_.total() * (x_.total() - 1) / 2; }
    [[nodiscard]] double at(std::int64_t rank) const;
    [[nodiscard]] double median() const;

  private:
    Runs x_;
};

}  // namespace kmb::analysis
