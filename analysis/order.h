// What the order of a series tells: where it settles, where it changes, how far
// neighbours hang together and how many independent values it is worth.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/result.h"

namespace kmb::analysis {

// Values in order of time, finite; `round_begin` is the value at which each round begins,
// empty where there was one. Levels that differ by less than 1 % or by one `tick` are one.
Order examine_order(std::span<const double> values, std::span<const std::size_t> round_begin,
                    double tick);

// Number of independent values that a series is worth for its median: by its
// autocorrelation, or by how far rounds differ among themselves where that is less.
// Between 2 and n; n for fewer than 20, which cannot tell.
double effective_values(std::span<const double> values, std::span<const std::size_t> round_begin);

// What is left of the values when the level that moves is taken off: the drift, or the
// median of each regime. `order` is theirs.
std::vector<double> without_level(std::span<const double> values, const Order& order);

}  // namespace kmb::analysis
