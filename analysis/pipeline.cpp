#include "analysis/pipeline.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "analysis/fits.h"
#include "analysis/measures.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/intervals.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr double kQuantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr double kManyRemoved = 0.1;  // share of a series that is worth a warning

Estimate order_estimate(const Sorted& sorted, double p) {
    Estimate result{quantile(sorted, p), std::nullopt};
    const OrderInterval interval = order_interval(sorted, p, kLevel);
    if (std::isfinite(interval.low) && std::isfinite(interval.high)) {
        result.interval = Interval{interval.low, interval.high, kLevel, "order-statistic"};
    }
    return result;
}

// Values of a measure whose rows are not removed.
std::vector<double> kept_values(const MeasuredColumn& column, const std::set<std::size_t>& gone) {
    std::vector<double> kept;
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        if (!gone.contains(column.rows[i])) {
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

void warn_of_reading(const Series& series, std::vector<std::string>& warnings) {
    if (series.truncated_rows > 0) {
        warnings.push_back(fmt::format("truncated: {} rows of cut or damaged blocks are not used",
                                       series.truncated_rows));
    }
    const auto complete = static_cast<std::int64_t>(series.rounds.size());
    if (complete < series.rounds_planned) {
        warnings.push_back(fmt::format("rounds-missing: {} of {} rounds were measured", complete,
                                       series.rounds_planned));
    }
}

void warn_of_values(const MeasuredColumn& column, const Summary& summary, double step,
                    bool instructions, std::vector<std::string>& warnings) {
    const std::size_t n = column.values.size();
    if (!summary.median.interval) {
        warnings.push_back(fmt::format("few: {} samples carry no interval of the median; 6 do", n));
    }
    if (n > 1 && summary.min == summary.max) {
        warnings.push_back(fmt::format("all-equal: all {} samples of {} are {:.17g}", n,
                                       column.name, summary.min));
        return;
    }
    const double iqr = summary.quantiles[4].estimate.value - summary.quantiles[2].estimate.value;
    if (!instructions && n > 1 && iqr < 2 * step) {
        warnings.push_back(fmt::format(
            "tick-limited: the quartiles of {} are {:.3g} apart, the clock steps by {:.3g}",
            column.name, iqr, step));
    }
    const auto negative = std::count_if(column.values.begin(), column.values.end(),
                                        [](double value) { return value < 0; });
    if (negative > 0) {
        warnings.push_back(
            fmt::format("negative: {} samples of {} are below 0", negative, column.name));
    }
}

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
        return result;
    }
    const double step = static_cast<double>(series.clock_step) / static_cast<double>(series.batch);
    const RuleInput input{series, primary, judged->values, judged->rows, step};
    result.removed = remove(rule, input, result.warnings);
    for (const auto& other : rule_names()) {
        if (other != rule && other != "none") {
            result.labels.push_back(label(other, input));
        }
    }
    const std::set<std::size_t> gone(result.removed.rows.begin(), result.removed.rows.end());
    for (const auto& column : columns) {
        result.measures.push_back({column.name, summarize(column.values, true),
                                   summarize(kept_values(column, gone), gone.empty())});
    }
    const auto* summary = find_measure(result, primary);
    warn_of_values(*judged, summary->all, step, series.time_unit == "instructions",
                   result.warnings);
    return result;
}

void warn_of_run(const Samples& samples, std::vector<std::string>& warnings) {
    for (const auto& cut : samples.truncated) {
        const std::string file = std::filesystem::path(cut.file).filename().string();
        const std::string what =
            cut.point.empty() ? "a block" : fmt::format("{} round {}", cut.point, cut.round);
        warnings.push_back(fmt::format("truncated: {}:{}: {}: {}; {} rows not used{}", file,
                                       cut.line, what, cut.cause, cut.rows,
                                       cut.replaced ? ", measured again" : ""));
    }
    warnings.insert(warnings.end(), samples.warnings.begin(), samples.warnings.end());
}

double median_of(const Series& series, std::string_view name) {
    const auto column = measure_of(series, name);
    return column.values.empty() ? 0 : median(column.values);
}

}  // namespace

Summary summarize(const std::vector<double>& values, bool mean_interval) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const Sorted sorted(values);
    Summary result;
    result.n = values.size();
    result.min = sorted.empty() ? none : sorted.min();
    result.max = sorted.empty() ? none : sorted.max();
    result.mean.value = mean(values);
    result.sd = sd(values);
    for (const double p : kQuantiles) {
        result.quantiles.push_back(
            {p, sorted.empty() ? Estimate{none, std::nullopt} : order_estimate(sorted, p)});
    }
    result.median = result.quantiles[3].estimate;
    result.mad = sorted.empty() ? none : mad(values, result.median.value);
    if (const auto bounds = t_interval(values, kLevel); bounds && mean_interval) {
        result.mean.interval = Interval{bounds->low, bounds->high, kLevel, "t"};
    }
    return result;
}

std::vector<std::string> primary_measures(const std::vector<Series>& series) {
    std::map<std::pair<std::string, std::string>, std::pair<double, double>> spent;
    for (const auto& one : series) {
        auto& [work, copies] = spent[{one.module, one.operation}];
        work += median_of(one, "work");
        copies += median_of(one, "copy_in") + median_of(one, "copy_out");
    }
    std::vector<std::string> primary;
    for (const auto& one : series) {
        const auto& [work, copies] = spent.at({one.module, one.operation});
        const auto has = [&](std::string_view name) {
            return !measure_of(one, name).values.empty();
        };
        if (work > copies && has("work")) {
            primary.emplace_back("work");
        } else if (has("total")) {
            primary.emplace_back("total");
        } else {
            primary.emplace_back(has("user") ? "user" : has("work") ? "work" : "");
        }
    }
    return primary;
}

RunResult analyze(const Samples& samples, std::string_view rule) {
    RunResult run;
    run.rule = rule;
    const auto primary = primary_measures(samples.series);
    for (std::size_t i = 0; i < samples.series.size(); ++i) {
        const Series& series = samples.series[i];
        run.series.push_back(analyze_series(series, primary[i], rule));
        if (series.rows > 0) {
            run.target = series.target;
            run.time_unit = series.time_unit;
            run.clock_step = std::max(run.clock_step, static_cast<double>(series.clock_step));
        }
    }
    warn_of_run(samples, run.warnings);
    if (run.time_unit.empty()) {
        throw std::runtime_error("no series is whole" +
                                 (run.warnings.empty() ? "" : "; " + run.warnings.front()) +
                                 "; 'kmodbench run --resume DIR' measures what is missing");
    }
    run.fits = fit_all(run);
    return run;
}

}  // namespace kmb::analysis
