// Everything that is known of a plain list of numbers, as rows of one table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

struct Statistic {
    std::string_view group;  // "values", "middle", "spread", "quantiles", "order", ..
    std::string name;        // "median", "p99", .. unique
    double value = 0;        // NaN where it is not defined
    std::optional<Bounds> bounds;
    std::string_view note;  // of the interval or the rule; may be empty
};

struct ListStatistics {
    std::vector<Statistic> statistics;
    std::vector<std::string> warnings;  // "code: sentence"
};

// Of finite values in order of time, at least one. Where one value is not enough for a
// statistic it is NaN; intervals of quantiles and of the mean rest on the effective number
// of values. What compares neighbours looks at the first kNeighbours values.
ListStatistics list_statistics(std::span<const double> values);

inline constexpr std::size_t kNeighbours = 1'000'000;

}  // namespace kmb::analysis
