// The series of a run as sweeps: the same work at several sizes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// One group of series; pointers into the run.
struct Sweep {
    std::string group;
    std::string key;
    std::vector<std::pair<double, const SeriesResult*>> points;  // rising size

    // Sizes are counts of bytes: the cost of moving them, straight while a cache holds them.
    [[nodiscard]] bool bytes() const { return key == "bytes" || key == "size"; }
};

// All of them, sorted by group. Series without samples are left out.
std::vector<Sweep> sweeps_of(const RunResult& run);

// Medians of a measure over a sweep, of all samples.
struct SweepPoints {
    std::vector<double> x;
    std::vector<double> y;
    std::size_t left_out = 0;  // medians that are not positive
};
// From a size on. Sizes that are not positive are left out.
SweepPoints medians(const Sweep& sweep, std::string_view measure, double from = 0);

}  // namespace kmb::analysis
