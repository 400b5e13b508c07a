// The samples of one series in order of measurement: all of them above, the kept ones
// with the median's interval below.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/sweep.h"
#include "plots/axes.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

struct Parts {
    std::vector<std::vector<double>> kept;
    std::vector<std::vector<double>> removed;
    Range all{};
    Range inner{};  // of the kept ones
};

Parts split(const Trace& trace, const analysis::SeriesResult& series) {
    const std::set<std::size_t> gone(series.removed.rows.begin(), series.removed.rows.end());
    Parts parts;
    for (std::size_t i = 0; i < trace.values.size(); ++i) {
        const bool removed = gone.contains(trace.rows[i]);
        (removed ? parts.removed : parts.kept)
            .push_back({static_cast<double>(trace.rows[i]), trace.values[i]});
        parts.all.add(trace.values[i]);
        if (!removed) {
            parts.inner.add(trace.values[i]);
        }
    }
    return parts;
}

// As many digits as a time has.
std::string exact(double value) {
    return fmt::format("{:.10g}", value);
}

void set_range(Script& script, char axis, double low, double high, double margin) {
    const double room = high > low ? (high - low) * margin : std::max(1.0, std::abs(high) * 0.001);
    script.command(
        fmt::format("set {}range [{}:{}]", axis, number(low - room), number(high + room)));
}

std::string points(const std::string& what, std::size_t index, int sign, const std::string& title) {
    return fmt::format(
        "{} with points linecolor rgb '{}' pointtype {} pointsize 0.5 linewidth 1.3 {}", what,
        colour(index), sign, title.empty() ? "notitle" : "title " + quote(title));
}

void mark_rounds(Script& script, const Trace& trace) {
    for (std::size_t i = 1; i < trace.round_begin.size(); ++i) {
        const std::string at = number(static_cast<double>(trace.round_begin[i]) - 0.5);
        script.command(
            fmt::format("set arrow {} from {}, graph 0 to {}, graph 1 nohead back "
                        "linecolor rgb '#bbbbbb' dashtype 3",
                        i, at, at));
    }
}

// The median and its interval from one end of the axis to the other.
void add_median(Script& script, std::vector<std::string>& plot, const analysis::Estimate& median,
                const Range& x) {
    if (median.interval) {
        const double low = median.interval->low;
        const double high = median.interval->high;
        plot.push_back(fmt::format(
            "{} using 1:2:3 with filledcurves linecolor rgb '{}' fillstyle transparent solid 0.3 "
            "noborder title {}",
            script.data({{x.low, low, high}, {x.high, low, high}}), colour(2),
            quote(fmt::format("{:.0f} % interval of the median", 100 * median.interval->level))));
    }
    plot.push_back(fmt::format("{} using 1:2 with lines linecolor rgb '{}' linewidth 1.6 title {}",
                               script.data({{x.low, median.value}, {x.high, median.value}}),
                               colour(2), quote(fmt::format("median {}", exact(median.value)))));
}

}  // namespace

std::optional<Script> samples(const FigureInput& input) {
    if (!input.trace || input.trace->values.empty()) {
        return std::nullopt;
    }
    const Trace& trace = *input.trace;
    const auto found = std::find_if(input.run.series.begin(), input.run.series.end(),
                                    [&](const auto& one) { return one.point == trace.point; });
    const auto* measure =
        found == input.run.series.end() ? nullptr : analysis::find_measure(*found, trace.measure);
    if (measure == nullptr) {
        return std::nullopt;
    }
    const Parts parts = split(trace, *found);
    const double last = static_cast<double>(trace.rows.back());
    Script script("samples", 960, 640);
    common_style(script);
    script.command("set multiplot");
    script.title(trace.point,
                 fmt::format("{}; '{}' of every sample in order; rule {} removes {} of {}",
                             describe_target(input.run), trace.measure, found->removed.rule,
                             found->removed.rows.size(), found->n));
    script.command("set lmargin at screen 0.1");
    script.command("set rmargin at screen 0.985");
    script.command("set format y '%.10g'");
    Range x{-0.012 * last - 0.5, 1.012 * last + 0.5};
    script.command(fmt::format("set xrange [{}:{}]", number(x.low), number(x.high)));
    mark_rounds(script, trace);
    const std::string kept = script.data(parts.kept) + " using 1:2";
    const std::string removed =
        parts.removed.empty() ? "" : script.data(parts.removed) + " using 1:2";

    script.command("set tmargin at screen 0.87");
    script.command("set bmargin at screen 0.57");
    script.command("set ylabel " + quote(with_unit(input.run, "all samples")));
    script.command("unset key");
    script.command("set format x ''");
    set_range(script, 'y', parts.all.low, parts.all.high, 0.08);
    std::vector<std::string> above = {points(kept, 0, 7, "")};
    if (!removed.empty()) {
        above.push_back(points(removed, 1, 9, ""));
    }
    script.plot(above);

    script.command("unset label 1");
    script.command("unset label 2");
    script.command("set format x");
    script.command("set tmargin at screen 0.54");
    script.command("set bmargin at screen 0.19");
    script.command("set key at screen 0.54,0.02 center bottom horizontal Left reverse samplen 2");
    script.command("set xlabel 'sample, in order of measurement (dotted: next round)'");
    script.command("set ylabel " + quote(with_unit(input.run, "kept samples")));
    const Range& inner = parts.inner.any ? parts.inner : parts.all;
    set_range(script, 'y', inner.low, inner.high, 0.15);
    std::vector<std::string> below;
    add_median(script, below, measure->all.median, x);
    below.push_back(points(kept, 0, 7, "kept"));
    if (!removed.empty()) {  // a line of the key alone: this panel is of the kept ones
        below.push_back(points("NaN", 1, 9, "removed"));
    }
    script.plot(below);
    script.command("unset multiplot");
    return script;
}

}  // namespace kmb::plots
