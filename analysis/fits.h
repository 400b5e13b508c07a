// Laws through the medians of a sweep: cost a + b x bytes, scaling exponents.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/result.h"

namespace kmb::analysis {

// A point name split at its swept coordinate: the last one that is a number.
struct Swept {
    std::string group;  // the name without it
    std::string sweep;  // its key
    double at;          // its value
};
// Nothing where no coordinate is a number.
std::optional<Swept> swept(const SeriesResult& series);

// The measure of a series by name, nullptr where it has none.
const Measure* find_measure(const SeriesResult& series, std::string_view name);

// All fits of a run, sorted by group and measure. A sweep over bytes gives lines of the
// times that grow with them, weighted by 1 / y^2 so that small sizes count; any other
// sweep gives the exponent of a power law over its last two decades. Of the medians of
// all samples. A fit covers as much of the sweep as follows its law. Groups with fewer points than
// a law needs give no fit.
std::vector<Fit> fit_all(const RunResult& run);

}  // namespace kmb::analysis
