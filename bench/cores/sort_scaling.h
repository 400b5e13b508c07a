// The variant parallel beside auto, on threads of user space and in wall time.
#pragma once

#include <cstddef>
#include <vector>

#include "sort_core.h"
#include "sort_threads.h"

namespace kmb::cores {

// Wall time, ns an element, of auto alone and of parallel on the same fresh arrays.
struct Wall {
    double alone;
    double shared;
};

struct Walls {
    std::vector<Wall> rounds;
    int disturbed = 0;  // rounds that were left out
};

// The round whose ratio is the median: what some patterns take depends on the seed so much that
// medians of each would compare different arrays. There has to be a round.
Wall median_ratio(std::vector<Wall> rounds);

// Adds up to `rounds` of them with `threads` threads. The helpers live only while parallel is
// timed: waiting ones that look for work spin. Before and after each sort its threads do some
// fixed work at once. Where that took longer than ever it needs, another program, or another
// guest of the same host, had part of a processor: the round is left out and tried again, a
// few times. Throws std::runtime_error where a result is wrong.
void scale(Walls& walls, sort_type type, sort_pattern pattern, std::size_t n, unsigned threads,
           SortThreads::Wait wait, int rounds);

}  // namespace kmb::cores
