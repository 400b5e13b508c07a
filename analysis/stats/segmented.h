// Two lines instead of one: where a sweep leaves a cache or a threshold.
#pragma once

#include <cstddef>
#include <span>

namespace kmb::analysis {

struct Line {
    double intercept;
    double slope;
};

// The best pair of lines, not joined, each through at least `min_segment` points, by
// least squares. Points are taken in order of x.
struct TwoPhase {
    std::size_t split;  // points in the left line
    Line left;
    Line right;
    double rss_two;
    double rss_one;
    // F of a break known beforehand. The split was searched, so it is larger than F
    // tables allow: compare with critical values of the maximum (Andrews 1993).
    double f_known_break;
};
// Throws std::invalid_argument for fewer than 2 min_segment points.
TwoPhase two_phase(std::span<const double> x, std::span<const double> y,
                   std::size_t min_segment = 3);

}  // namespace kmb::analysis
