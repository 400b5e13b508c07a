// One series: from its samples to everything that is said of it. Each stage leaves what it
// saw in the result, and nothing is deleted: removal is a second view beside the first.
#pragma once

#include <string>
#include <string_view>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"

namespace kmb::analysis {

// `primary` is the measure that order, modes, removal and grade are judged by; `rule` chooses
// the view `kept`. Throws std::invalid_argument for an unknown rule.
SeriesResult analyze_series(const Series& series, const std::string& primary,
                            std::string_view rule);

}  // namespace kmb::analysis
