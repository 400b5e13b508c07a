#include "analysis/pipeline.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "analysis/bracket.h"
#include "analysis/fits.h"
#include "analysis/measures.h"
#include "analysis/scaling.h"
#include "analysis/series_analysis.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

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
    subtract_bracket(run);
    run.fits = fit_all(run);
    run.growth = growth_of(run);
    run.pieces = pieces_of(run);
    run.crossovers = crossovers_of(run);
    return run;
}

}  // namespace kmb::analysis
