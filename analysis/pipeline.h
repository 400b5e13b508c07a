// From the samples of a run to what an analysis says of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"
#include "analysis/rules.h"

namespace kmb::analysis {

// Everything in analysis.json. `rule` chooses the view `kept`; nothing is deleted.
// Throws std::invalid_argument for an unknown rule, std::runtime_error where no series
// is whole.
RunResult analyze(const Samples& samples, std::string_view rule = kDefaultRule);

// The measure that removal judges, one for all series of a module's operation: "work"
// where it is the larger part of the kernel's time over the sweep, else "total"; "user"
// for a series without times of the kernel. One entry a series, in their order.
std::vector<std::string> primary_measures(const std::vector<Series>& series);

}  // namespace kmb::analysis
