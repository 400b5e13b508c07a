// The named rules that `--rule` chooses from, as rows of one table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"

namespace kmb::analysis {

inline constexpr std::string_view kDefaultRule = "disturbed";

// What a rule may look at: one measure of a series, and the counters of its samples.
struct RuleInput {
    const Series& series;
    std::string measure;
    std::span<const double> values;     // those that were measured
    std::span<const std::size_t> rows;  // the row of each value
    double step;                        // clock step, in the unit of the values
};

// Names in the order of the table, sorted.
std::vector<std::string> rule_names();

// Those that judge by size alone, without "none".
std::vector<std::string> statistical_rule_names();

// Labels by one rule. Throws std::invalid_argument that lists the names.
//
// Ticks and constant series: where more than half of the values are equal, a median
// absolute deviation is 0 and would make everything else an outlier. The mean absolute
// deviation of that side then takes its place, as in the modified z-score; and no rule
// labels a value within one clock step of the median.
Labelling label(std::string_view rule, const RuleInput& input);

}  // namespace kmb::analysis
