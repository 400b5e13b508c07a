// Fast paths and slow paths: the hills of a distribution.
#pragma once

#include <vector>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// The values between two valleys of the density.
struct Mode {
    double location;  // of the top
    double median;    // of its values
    double share;     // of all values
    double low;       // valleys to the left and to the right, or the extreme values
    double high;
};

// Each group of equal values spread evenly over one tick around it: what a clock without
// ticks might have shown. Deterministic. Unchanged for tick <= 0.
Sorted spread_ticks(const Sorted& sorted, double tick);

// Modes of at least `min_share` of the values, by ascending location, of the density with
// Sheather and Jones' bandwidth between the quantiles 0.005 and 0.995. A valley parts two
// hills where it is below half of the lower one. There is one mode unless the dip test
// denies it at 5 %. Values on a tick are spread first: every tick would be a mode. Nothing
// for no values.
std::vector<Mode> modes(const Sorted& sorted, double tick = 0, double min_share = 0.05);

}  // namespace kmb::analysis
