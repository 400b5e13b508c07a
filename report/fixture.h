// Runs made up for tests. Their numbers come from formulas, not from a machine.
#pragma once

#include <string>

#include "analysis/result.h"
#include "report/sections.h"

namespace kmb::report {

// One copy case with two sizes and two directions, a failed point, a warning.
Input small_input();

// As wide as a full run in `sim`: copy, Fibonacci and sort.
analysis::RunResult large_run();
// A manifest that fits it.
std::string large_manifest();

// One series around `centre`: user = centre + 500, total = work = centre.
analysis::SeriesResult made_series(const std::string& case_name, const std::string& module,
                                   const std::string& operation,
                                   const std::vector<std::pair<std::string, std::string>>& at,
                                   double centre, double half_width, std::size_t samples);

}  // namespace kmb::report
