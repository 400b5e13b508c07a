// Pairs of a sequence that stand in the wrong order.
#pragma once

#include <cstdint>
#include <span>

namespace kmb::analysis {

// Number of i < j with x_i > x_j, by merging. O(n log n).
std::int64_t count_inversions(std::span<const double> x);

}  // namespace kmb::analysis
