#include "analysis/series_analysis.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/causes.h"
#include "analysis/grade.h"
#include "analysis/measures.h"
#include "analysis/order.h"
#include "analysis/rules.h"
#include "analysis/stats/modes.h"
#include "analysis/stats/ticks.h"
#include "analysis/summary.h"

namespace kmb::analysis {
namespace {

constexpr double kManyRemoved = 0.1;  // share of a series that is worth a warning
constexpr double kOneMode = 0.01;     // relative distance of modes that are one
constexpr std::size_t kLeastForModes = 20;

SeriesResult describe(const Series& series) {
    SeriesResult result;
    result.point = series.point;
    result.case_name = series.case_name;
    result.module = series.module;
    result.operation = series.operation;
    result.coordinates = series.coordinates;
    result.n = series.rows;
    result.batch = series.batch;
    result.rounds_planned = static_cast<std::size_t>(series.rounds_planned);
    result.rounds_complete = series.rounds.size();
    result.truncated_rows = series.truncated_rows;
    return result;
}

// Which values of a measure stay: `gone` and the rows of a column are in rising order.
std::vector<double> kept_values(const MeasuredColumn& column,
                                const std::vector<std::size_t>& gone) {
    std::vector<double> kept;
    kept.reserve(column.values.size());
    auto next = gone.begin();
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        while (next != gone.end() && *next < column.rows[i]) {
            ++next;
        }
        if (next == gone.end() || *next != column.rows[i]) {
            kept.push_back(column.values[i]);
        }
    }
    return kept;
}

// By the chosen rule, unless it labels most of the series: a rule that cannot tell what
// is usual removes nothing.
Labelling remove(std::string_view rule, const RuleInput& input,
                 std::vector<std::string>& warnings) {
    Labelling removed = label(rule, input);
    const std::size_t n = input.values.size();
    if (2 * removed.rows.size() > n) {
        warnings.push_back(fmt::format(
            "removed-none: rule '{}' labels {} of {} samples; it cannot tell what is usual here, "
            "so none is removed",
            rule, removed.rows.size(), n));
        removed.rows.clear();
    } else if (removed.rows.size() > 1 &&
               static_cast<double>(removed.rows.size()) > kManyRemoved * static_cast<double>(n)) {
        warnings.push_back(fmt::format("removed-many: rule '{}' removes {} of {} samples", rule,
                                       removed.rows.size(), n));
    }
    return removed;
}

// Index of the first value of each round among the values of a column.
std::vector<std::size_t> rounds_of(const Series& series, const MeasuredColumn& column) {
    std::vector<std::size_t> begin;
    for (const std::size_t row : series.round_begin) {
        const auto at = std::lower_bound(column.rows.begin(), column.rows.end(), row);
        begin.push_back(static_cast<std::size_t>(at - column.rows.begin()));
    }
    return begin;
}

// Instructions are counted one by one; a clock of nanoseconds has its step, and often a
// coarser one that only the values show.
double tick_of(const Series& series, const Sorted& sorted) {
    if (series.time_unit == "instructions") {
        return 0;
    }
    const double step = static_cast<double>(series.clock_step) / static_cast<double>(series.batch);
    const Tick found = infer_tick(sorted);
    // Durations on such a clock are whole ticks, give or take one unit; two paths are not.
    const bool whole =
        std::abs(std::remainder(sorted[sorted.size() / 2], found.size)) <= step + 0.5;
    return found.coarse && whole ? std::max(found.size, step) : step;
}

// Hills that are farther apart than a tick and a hundredth.
std::vector<ModeResult> modes_of(const Sorted& sorted, double tick, double effective) {
    std::vector<ModeResult> result;
    if (sorted.size() < kLeastForModes || sorted.min() == sorted.max()) {
        return result;
    }
    const double share_of_values = effective / static_cast<double>(sorted.size());
    const auto all = sorted.values();
    for (const Mode& mode : modes(sorted, tick)) {
        const auto from = std::lower_bound(all.begin(), all.end(), mode.low);
        const auto to = std::upper_bound(from, all.end(), mode.high);
        const Sorted own = Sorted::adopt({from, to});
        if (own.empty()) {
            continue;
        }
        SummaryOptions options;
        options.effective = share_of_values * static_cast<double>(own.size());
        options.tick = tick;
        const Estimate middle = order_estimate(own, 0.5, options);
        const double apart = std::max(2 * tick, kOneMode * std::abs(middle.value));
        if (!result.empty() && middle.value - result.back().median.value < apart) {
            return {};
        }
        result.push_back({middle, mode.share, mode.low, mode.high});
    }
    return result;
}

Measure measure_of(const Series& series, const MeasuredColumn& column,
                   const std::vector<std::size_t>& gone, double tick) {
    SummaryOptions options;
    options.effective = effective_values(column.values, rounds_of(series, column));
    options.tick = tick;
    Measure result;
    result.name = column.name;
    result.all = summarize(column.values, options);
    const std::vector<double> kept = kept_values(column, gone);
    if (kept.size() == column.values.size()) {
        result.kept = result.all;
        return result;
    }
    options.effective *= static_cast<double>(kept.size()) / static_cast<double>(result.all.n);
    options.mean_interval = false;
    result.kept = summarize(kept, options);
    return result;
}

// Of independent values around levels of any path, the number below the median of all varies
// no more than of values around one level, so the interval of order statistics covers at least
// as often (Hoeffding, Annals of Mathematical Statistics 27, 1956, 713-721). How far values
// hang together is told by what is left when the level is taken off.
std::optional<Estimate> course_of(const Series& series, const MeasuredColumn& column,
                                  const SeriesResult& result) {
    if (result.order.state == "steady" || result.order.state == "short") {
        return std::nullopt;
    }
    const std::vector<double> kept = kept_values(column, result.removed.rows);
    const auto rest = without_level(column.values, result.order);
    SummaryOptions options;
    options.effective = effective_values(rest, rounds_of(series, column)) *
                        static_cast<double>(kept.size()) / static_cast<double>(rest.size());
    options.tick = result.tick;
    Estimate course = order_estimate(Sorted(kept), 0.5, options);
    if (course.interval) {
        course.interval->method += ", of this course";
    }
    return course;
}

}  // namespace

SeriesResult analyze_series(const Series& series, const std::string& primary,
                            std::string_view rule) {
    SeriesResult result = describe(series);
    result.primary = primary;
    result.removed.rule = rule;
    result.removed.measure = primary;
    warn_of_reading(series, result.warnings);
    const auto columns = measures_of(series);
    const auto judged = std::find_if(columns.begin(), columns.end(),
                                     [&](const auto& column) { return column.name == primary; });
    if (judged == columns.end()) {
        judge(result);
        return result;
    }
    const double step = static_cast<double>(series.clock_step) / static_cast<double>(series.batch);
    const RuleInput input{series, primary, judged->values, judged->rows, step};
    result.removed = remove(rule, input, result.warnings);
    result.causes = attribute(series, judged->values, judged->rows, step);
    result.sleeping = examine_sleeping(series);
    for (const auto& other : rule_names()) {
        if (other != rule && other != "none") {
            result.labels.push_back(label(other, input));
        }
    }
    const Sorted sorted(judged->values);
    result.tick = tick_of(series, sorted);
    result.order = examine_order(judged->values, rounds_of(series, *judged), result.tick);
    result.modes = modes_of(sorted, result.tick, result.order.effective);
    result.course = course_of(series, *judged, result);
    for (const auto& column : columns) {
        result.measures.push_back(measure_of(series, column, result.removed.rows, result.tick));
    }
    judge(result);
    return result;
}

}  // namespace kmb::analysis
