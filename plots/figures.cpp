#include "plots/figures.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "plots/curves.h"
#include "plots/gnuplot.h"

namespace kmb::plots {
namespace {

namespace fs = std::filesystem;

// Sorted by name, one figure a line.
constexpr Figure kFigures[] = {
    {"copy-overhead", "figure.copy-overhead", "hello/read hello/write", copy_overhead},
    {"device-sweep", "figure.device-sweep", "any point of run --device", device_sweep},
    {"fibonacci-scaling", "figure.fibonacci-scaling", "fibdrv/fib", fibonacci_scaling},
    {"kernel-phases", "figure.kernel-phases", "any point measured in the kernel", kernel_phases},
    {"samples", "figure.samples", "any point", samples},
    {"sort-comparison", "figure.sort-comparison", "ksort/sort", sort_comparison},
    {"sort-patterns", "figure.sort-patterns", "ksort/sort", sort_patterns},
};

// So that no picture of an older drawing stands beside the new ones.
void remove_old(const std::string& folder) {
    for (const Figure& figure : kFigures) {
        for (const char* suffix : {".gp", ".png", ".svg"}) {
            fs::remove(folder + "/" + figure.name + suffix);
        }
    }
    fs::remove(folder + "/figures.json");
}

}  // namespace

std::span<const Figure> all_figures() {
    return kFigures;
}

const analysis::SeriesResult* default_series(const analysis::RunResult& run) {
    const analysis::SeriesResult* best = nullptr;
    // In the kernel; removed samples, but not where the rule went far; samples.
    const auto merit = [](const analysis::SeriesResult& series) {
        const std::size_t removed = series.removed.rows.size();
        return std::tuple(coordinate(series, "where") != "user",
                          10 * removed <= series.n ? removed : 0, series.n);
    };
    for (const auto& series : run.series) {
        const bool usable = series.n > 0 && !series.measures.empty();
        if (usable && (best == nullptr || merit(series) > merit(*best))) {
            best = &series;
        }
    }
    return best;
}

std::vector<DrawnFigure> draw_all(const FigureInput& input, const std::string& directory) {
    const std::string gnuplot = find_gnuplot();
    const std::string folder = directory + "/figures";
    fs::create_directories(folder);
    remove_old(folder);
    std::vector<DrawnFigure> drawn;
    for (const Figure& figure : kFigures) {
        const auto script = figure.make(input);
        if (!script) {
            continue;
        }
        draw(*script, folder, gnuplot);
        const std::string stem = "figures/" + script->name();
        const bool chosen = script->name() == "samples" && input.trace;
        drawn.push_back({script->name(), figure.title_key, script->title(),
                         chosen ? input.trace->point : "", stem + ".svg", stem + ".png",
                         stem + ".gp"});
    }
    write_figure_list(directory, drawn);
    return drawn;
}

}  // namespace kmb::plots
