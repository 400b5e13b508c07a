// What can be relied on: the warnings of a series and the grade that follows from them.
#pragma once

#include <string>
#include <vector>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"

namespace kmb::analysis {

// Blocks that were cut, rounds that are missing.
void warn_of_reading(const Series& series, std::vector<std::string>& warnings);

// Adds a warning for each assumption that does not hold, and the grade: "unusable" where
// the median itself means nothing, "care" where it needs the reasons beside it, else "fit".
// All else of the series is filled in.
void judge(SeriesResult& series);

}  // namespace kmb::analysis
