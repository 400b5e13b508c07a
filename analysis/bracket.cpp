#include "analysis/bracket.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "analysis/sweep.h"

namespace kmb::analysis {
namespace {

constexpr const char* kBracket = "/nop/call=bracket";

// The bracket of one sample divides among its operations.
Estimate per_operation(Estimate cost, std::int64_t batch) {
    const double share = 1 / static_cast<double>(batch);
    cost.value *= share;
    if (cost.interval) {
        cost.interval->low *= share;
        cost.interval->high *= share;
    }
    return cost;
}

// Where the measure is the whole bracket. A phase of several is shorter than it by more than
// its work: other phases carry the other ends of the bracket.
bool is_whole(const SeriesResult& series, const Measure& primary) {
    const Measure* total = find_measure(series, "total");
    return total != nullptr && (primary.name == "total" || primary.name == "work") &&
           primary.all.mean.value == total->all.mean.value;
}

}  // namespace

Estimate difference(const Estimate& a, const Estimate& b) {
    Estimate result{a.value - b.value, std::nullopt};
    if (a.interval && b.interval) {
        const double below = std::hypot(a.value - a.interval->low, b.interval->high - b.value);
        const double above = std::hypot(a.interval->high - a.value, b.value - b.interval->low);
        result.interval = Interval{result.value - below, result.value + above,
                                   std::min(a.interval->level, b.interval->level), "mover"};
    }
    return result;
}

void subtract_bracket(RunResult& run) {
    std::map<std::string, Estimate> brackets;
    for (const SeriesResult& series : run.series) {
        const Measure* total = find_measure(series, "total");
        if (series.point == series.module + kBracket && total != nullptr) {
            brackets[series.module] = total->kept.median;
        }
    }
    for (SeriesResult& series : run.series) {
        const auto bracket = brackets.find(series.module);
        const Measure* primary = find_measure(series, series.primary);
        if (bracket != brackets.end() && primary != nullptr && is_whole(series, *primary) &&
            series.causes.told) {
            series.net =
                difference(primary->kept.median, per_operation(bracket->second, series.batch));
        }
    }
}

}  // namespace kmb::analysis
