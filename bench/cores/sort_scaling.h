// The variant parallel beside auto, on threads of user space and in wall time.
#pragma once

#include <cstdint>
#include <utility>

#include "sort_core.h"
#include "sort_threads.h"

namespace kmb::cores {

// Median wall time, ns an element, of auto alone and of parallel with `threads` of them, on
// the same fresh arrays in turns. The helpers live only while parallel is timed: waiting
// ones that look for work spin. Throws std::runtime_error where a result is wrong.
std::pair<double, double> scaling(sort_type type, sort_pattern pattern, std::size_t n,
                                  unsigned threads, SortThreads::Wait wait);

}  // namespace kmb::cores
