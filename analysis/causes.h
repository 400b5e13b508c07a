// Why a sample differs from its series, as the kernel saw it and not as its size suggests.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"

namespace kmb::analysis {

// Names of all causes, in the order of the bits below.
std::span<const std::string_view> cause_names();

// The causes of one row, bit i is the i-th name. A counter that the kernel did not offer
// speaks for no cause.
unsigned causes_of(const Series& series, std::size_t row);
std::vector<unsigned> causes_of(const Series& series, std::span<const std::size_t> rows);

// Bits of the causes that this series can show: all whose counter was offered in every row.
unsigned causes_offered(const Series& series);

// True where the kernel counted at least interrupts and switches: then a sample without a
// cause can be called undisturbed.
bool tells_causes(const Series& series);

// What each cause cost, against the median of the undisturbed values, and how many of the
// outliers have one. `values` and `rows` are one measure of the series; `step` is that of
// the clock, in their unit.
Causes attribute(const Series& series, std::span<const double> values,
                 std::span<const std::size_t> rows, double step);

// Whether, how often and how long the caller was off the CPU.
Sleeping examine_sleeping(const Series& series);

}  // namespace kmb::analysis
