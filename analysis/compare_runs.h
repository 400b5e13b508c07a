// Two sides of one or more runs each, point by point.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/compare.h"
#include "analysis/ksamp_reader.h"

namespace kmb::analysis {

// Alarms of many points together. Holm's keeps the chance of a single false one below the
// level: for a gate. Benjamini and Hochberg's their share among all alarms: for a dashboard.
enum class Correction { none, holm, benjamini_hochberg };

using Coordinates = std::vector<std::pair<std::string, std::string>>;

struct CompareRunsOptions {
    std::optional<double> margin;  // 0.01; 0 where instructions are counted
    std::optional<double> noise_floor;
    double level = 0.95;
    Correction correction = Correction::holm;
    std::string measure;  // empty: the primary one of the side before
    // Points of each side, by some of their coordinates, which then do not count for which
    // belongs to which: ("algo", "heap") against ("algo", "pdq"). Empty: all.
    Coordinates only_before;
    Coordinates only_now;
    bool same_run = false;  // both sides are the same measurement: rounds belong together
};

struct PointComparison {
    std::string point;  // without the coordinates that the sides were chosen by
    std::string measure;
    Comparison result;  // verdict and p-value corrected for all points
    double p_alone = 1;
};

struct RunsComparison {
    std::string target;
    std::string time_unit;
    double margin = 0;
    double noise_floor = 0;
    std::string noise_floor_from;          // "given", "runs of one side", "not measured"
    std::vector<PointComparison> points;   // sorted
    std::vector<std::string> only_before;  // points of one side alone
    std::vector<std::string> only_now;
    std::vector<std::string> warnings;  // "code: sentence"

    [[nodiscard]] std::size_t count(Verdict verdict) const;
};

// Throws std::invalid_argument where the sides do not compare: other targets, other units,
// no point of both, no such coordinates.
RunsComparison compare_runs(const std::vector<Samples>& before, const std::vector<Samples>& now,
                            const CompareRunsOptions& options);

// Whether the interval leaves no room for slower than the threshold, and no tail is worse.
bool no_slower(const Comparison& comparison);

}  // namespace kmb::analysis
