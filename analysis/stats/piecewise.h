// Several lines in place of one: the cost of moving n bytes, and the sizes at which a byte begins
// to cost more because a cache no longer holds them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

struct Piece {
    std::size_t first;  // points of it: [first, last)
    std::size_t last;
    double a;  // y = a + b x
    double b;
};

// Between two pieces. `at` is where their lines meet, if they do within the bounds; else the middle
// (on a logarithmic scale) of the two points beside it.
//
// The bounds are measured points: the last that is surely of the left law and the first that is
// surely of the right one, whichever splits of these points cannot be told from the best one
// (profile likelihood, F with 1 degree of freedom). They are never closer than two neighbours.
struct Knee {
    double at;
    Bounds bounds;
};

struct Piecewise {
    std::vector<Piece> pieces;
    std::vector<Knee> knees;  // one less
    double relative_rms = 0;  // of all residuals
};

// Lines by least squares with weights 1 / y^2, not joined, each through at least `least` points,
// for rising positive x and positive y. Partitions are searched exhaustively (dynamic programming;
// Bellman and Roth, J. Am. Stat. Assoc. 64, 1969). Their number has the least
//
//     m ln(rss / m + kMisfit^2) + kPenalty p m / (m - p),        p = 3 pieces,
//
// Akaike's criterion for few points with a heavier price, because the splits are searched, and with
// a misfit below which no further line is worth its words. By simulation one line with 2 or 10 % of
// noise is taken for several in less than 5 %.
// Throws std::invalid_argument for fewer than `least` points or values that are not as above.
Piecewise piecewise_lines(std::span<const double> x, std::span<const double> y, double level = 0.95,
                          std::size_t least = 3);

}  // namespace kmb::analysis
