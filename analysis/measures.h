// The times of a series, as measured and as derived.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ksamp_reader.h"

namespace kmb::analysis {

// Values of one measure, of one operation each, and the row of each value. Rows in
// which it was not measured are left out.
struct MeasuredColumn {
    std::string name;
    std::vector<double> values;
    std::vector<std::size_t> rows;
};

// Those that were measured, in the order user, total, copy_in, work, copy_out,
// overhead, entry, exit. Differences are taken in 64-bit integers.
std::vector<MeasuredColumn> measures_of(const Series& series);

// One of them; empty values where it was not measured.
MeasuredColumn measure_of(const Series& series, std::string_view name);

}  // namespace kmb::analysis
