#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "analysis/json.h"
#include "analysis/ksamp_reader.h"
#include "analysis/measures.h"
#include "cli/verbs.h"
#include "plots/figures.h"

namespace kmb::cli {
namespace {

const analysis::SeriesResult* chosen_series(const analysis::RunResult& run,
                                            const PlotOptions& options) {
    if (options.series.empty()) {
        return plots::default_series(run);
    }
    for (const auto& series : run.series) {
        if (series.point == options.series) {
            return &series;
        }
    }
    throw std::runtime_error(fmt::format("{}: no series '{}'; 'kmodbench list' names the points",
                                         options.directory, options.series));
}

// The samples themselves: the one thing that analysis.json does not hold.
std::optional<plots::Trace> trace_of(const analysis::SeriesResult* result,
                                     const std::string& directory) {
    if (result == nullptr) {
        return std::nullopt;
    }
    const auto series = analysis::read_series(directory, result->point);
    if (series.rows != result->n) {
        throw std::runtime_error(fmt::format(
            "{}: analysis.json knows {} samples of {}, the sample file has {}; run 'kmodbench "
            "analyze {}' first",
            directory, result->n, result->point, series.rows, directory));
    }
    auto measure = analysis::measure_of(series, result->primary);
    return plots::Trace{result->point, result->primary, std::move(measure.values),
                        std::move(measure.rows), series.round_begin};
}

}  // namespace

int plot(const PlotOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    if (!std::filesystem::exists(options.directory + "/analysis.json")) {
        throw std::runtime_error(
            fmt::format("{0}: no analysis.json; run 'kmodbench analyze {0}'", options.directory));
    }
    const auto run = analysis::read_analysis(options.directory);
    const auto trace = trace_of(chosen_series(run, options), options.directory);
    const auto figures = plots::draw_all({run, trace}, options.directory);
    for (const auto& figure : figures) {
        fmt::print("{}/{}\n", options.directory, figure.svg);
    }
    return 0;
}

}  // namespace kmb::cli
