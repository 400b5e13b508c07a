// A part of the sort case: several threads sort at once, through one open file or each
// through its own.
#pragma once

#include <memory>
#include <vector>

#include "bench/case.h"

namespace kmb::bench {

inline constexpr const char* kSortOpeners = "openers";  // the operation of its points

std::vector<Point> sort_openers_points(Sweep sweep);
std::unique_ptr<Workload> open_sort_openers(const Point& point);

}  // namespace kmb::bench
