// How times change with the size of the work, from the medians of all samples of a sweep.
#pragma once

#include <vector>

#include "analysis/result.h"

namespace kmb::analysis {

// The law of growth of every sweep over which a time was measured at five sizes or more: of its
// primary measure, and over bytes of the caller's too. Sorted by group and measure. Where no law
// holds to a tenth for the whole sweep it is sought in a part, at least half of it: without the
// smallest sizes, or without the largest ones where they count bytes.
std::vector<Growth> growth_of(const RunResult& run);

// The cost of moving bytes in lines, for every sweep over bytes with three sizes or more.
std::vector<Pieces> pieces_of(const RunResult& run);

// Where the variants of a sweep change places, for every pair of variants that do; sorted by family
// and size.
//
// A variant counts as faster at a size where the interval of the ratio of both medians lies beyond
// 1 %, at a level that holds for all sizes of the pair together (Bonferroni). The interval of the
// crossover goes from the last size at which one is faster to the first at which the other is: it
// asks nothing of the curves in between but that they cross there. Its value is where straight
// lines between the points, on logarithmic scales, do.
std::vector<Crossover> crossovers_of(const RunResult& run);

}  // namespace kmb::analysis
