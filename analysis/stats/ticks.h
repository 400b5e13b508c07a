// What a clock that ticks does to the values: how coarse they are, and the tick.
#pragma once

#include <cstddef>
#include <cstdint>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Values in whole units of the clock (ns).
struct Quantization {
    std::size_t distinct = 0;
    std::int64_t gcd = 0;       // of the differences of distinct values; 0 for one value
                                // and for values that are not whole units
    double min_difference = 0;  // smallest of them; NaN for one value
    double mode = 0;            // most frequent value, the smallest of several
    std::size_t mode_count = 0;
    double tie_fraction = 0;  // share of values that occur more than once
    double entropy_bits = 0;  // of the frequencies
    std::size_t zeros = 0;
    double sheppard_variance = 0;  // variance - gcd^2 / 12: without the rounding's part
};
Quantization quantization(const Sorted& sorted);

// The clock's tick as far as the values show it, and how sure that is. A tick that is not
// whole (41.67 ns at 24 MHz) shows as differences of 41 and 42: the period is fitted to
// all values that repeat, and taken where it explains 99 % of them to within one unit.
struct Tick {
    double size = 1;       // in units of the values; 1 where no coarser one shows
    double explained = 0;  // share of the values within one unit of a multiple
    bool coarse = false;   // a tick larger than one unit was found
};
Tick infer_tick(const Sorted& sorted);

}  // namespace kmb::analysis
