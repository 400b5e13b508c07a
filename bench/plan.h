// How often each point is measured, and in which order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/case.h"

namespace kmb::bench {

// Bounds of the sampling of one point.
struct Limits {
    std::uint64_t rounds = 1;       // a point comes up once in each
    std::uint64_t min_samples = 1;  // over all rounds, however long it takes
    std::uint64_t max_samples = 1;  // over all rounds
    std::int64_t budget = 0;        // time a point may take over all rounds, unit of the run
    std::uint64_t warmup = 1;       // unrecorded calls at the start of each block
    std::int64_t warmup_limit = 0;  // calls dearer than this are not repeated for warm-up
    // Half of the interval of the median, relative to it, at which a point is known well
    // enough; 0: every point has all its rounds. `rounds` is the most then.
    double width = 0;
    std::uint64_t first_look = 10;  // rounds before the first time that is asked
    // Between the begins of two rounds of a point where rounds are adaptive, at least, in ns: what
    // the machine does for longer than a run cannot be in its interval.
    std::int64_t apart = 0;
};

// Bounds for a target and sweep. In `sim` the unit is instructions, and a rerun gives
// the same numbers: few samples and few rounds say all there is to say.
Limits default_limits(std::string_view target, Sweep sweep);

// Rounds of a point, at most, and samples in each.
struct Portion {
    std::uint64_t rounds = 1;
    std::uint64_t samples = 1;
};

// Of a point whose one repetition takes `cost` (call, preparation and verification, unit
// of the run). At least 1 of each. Where rounds are adaptive, the samples are an odd number:
// then the middle one of a round is as often above the median of all as below it.
Portion portion(const Limits& limits, std::int64_t cost);

// One visit to one point.
struct Visit {
    std::size_t point;  // index
    std::uint64_t round;
};

// Every point once a round, each round in an order of its own drawn from the seed,
// so that heating and drift do not fall together with size.
std::vector<Visit> interleave(std::size_t points, std::uint64_t rounds, std::uint64_t seed);

}  // namespace kmb::bench
