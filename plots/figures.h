// The list of figures, and drawing them all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/result.h"
#include "plots/figure_list.h"
#include "plots/script.h"

namespace kmb::plots {

// The samples of one series in order of measurement, for the figure of samples.
struct Trace {
    std::string point;
    std::string measure;                   // the one that removal judged
    std::vector<double> values;            // of one operation, unit of the run
    std::vector<std::size_t> rows;         // of each value in its series
    std::vector<std::size_t> round_begin;  // row at which each round begins
};

struct FigureInput {
    const analysis::RunResult& run;
    std::optional<Trace> trace;
};

// A kind of figure. `make` gives nothing where the run has no data for it.
struct Figure {
    const char* name;
    const char* title_key;
    const char* needs;  // points, as in the names of series
    std::optional<Script> (*make)(const FigureInput&);
};

// Sorted by name.
std::span<const Figure> all_figures();

// The series to show where none is named: the one from which the rule removed most,
// up to a tenth of it; one in the kernel before one in user space; the one with more samples.
// Nothing where no series has samples.
const analysis::SeriesResult* default_series(const analysis::RunResult& run);

// Makes DIR/figures/ with all figures that have data, and their list. Figures of an
// earlier drawing that are not drawn now are removed. Throws as draw().
std::vector<DrawnFigure> draw_all(const FigureInput& input, const std::string& directory);

// One file each.
std::optional<Script> copy_overhead(const FigureInput& input);
std::optional<Script> device_sweep(const FigureInput& input);
std::optional<Script> fibonacci_scaling(const FigureInput& input);
std::optional<Script> kernel_phases(const FigureInput& input);
std::optional<Script> samples(const FigureInput& input);
std::optional<Script> sort_comparison(const FigureInput& input);
std::optional<Script> sort_patterns(const FigureInput& input);

}  // namespace kmb::plots
