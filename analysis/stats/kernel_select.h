// The k-th smallest of very many numbers that are never written down.
//
// Estimators such as Hodges-Lehmann, Shamos, Qn or the medcouple are order statistics
// of n^2 values f(i, j) that are monotone in i and in j once the sample is sorted.
// Counting how many are <= v then takes one walk along the boundary, O(n), and a
// bisection over the doubles themselves (not over an interval, which would never quite
// end) gives the exact value in at most 64 walks.
#pragma once

#include <bit>
#include <cstdint>

namespace kmb::analysis {

// Order-preserving map of the doubles onto the integers, and back.
inline std::int64_t ordinal(double v) {
    const auto bits = std::bit_cast<std::int64_t>(v + 0.0);
    return bits >= 0 ? bits : INT64_MIN - bits;
}
inline double from_ordinal(std::int64_t o) {
    return std::bit_cast<double>(o >= 0 ? o : INT64_MIN - o);
}

// Smallest v in [low, high] with count(v) >= rank, where count(v) is the number of
// values <= v and rank counts from 1. `high` must be at least the value sought.
template <typename Count>
double select_kernel(double low, double high, std::int64_t rank, Count count) {
    std::int64_t lo = ordinal(low);
    std::int64_t hi = ordinal(high);
    while (lo < hi) {
        const std::int64_t mid =
            lo + static_cast<std::int64_t>(
                     (static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo)) / 2);
        if (count(from_ordinal(mid)) >= rank) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return from_ordinal(lo);
}

// Median of `total` such values: the middle one, or the mean of the middle two.
struct KernelMedian {
    double lower;
    double upper;
    [[nodiscard]] double value() const { return lower + (upper - lower) / 2; }
};
template <typename Count>
KernelMedian median_kernel(double low, double high, std::int64_t total, Count count) {
    const std::int64_t rank = (total + 1) / 2;
    const double lower = select_kernel(low, high, rank, count);
    if (total % 2 == 1 || count(lower) > rank) {
        return {lower, lower};
    }
    return {lower, select_kernel(lower, high, rank + 1, count)};
}

}  // namespace kmb::analysis
