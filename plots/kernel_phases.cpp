// Where the time of a call goes: the way in and out, copy-in, work, copy-out and what is
// left of the kernel's bracket, as shares of the caller's time.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/fits.h"
#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

using analysis::RunResult;
using analysis::SeriesResult;

constexpr std::size_t kMostBars = 24;

constexpr std::array<const char*, 5> kPhases = {"way in and out", "copy in", "work", "copy out",
                                                "rest in the kernel"};

struct Bar {
    std::string name;
    std::array<double, 5> spent;
    double user;
};

double median_of(const SeriesResult& series, std::string_view name) {
    const auto* measure = analysis::find_measure(series, name);
    return measure == nullptr ? 0 : std::max(0.0, measure->all.median.value);
}

// Without what all bars have in common: they are of the kernel.
std::string name_of(const SeriesResult& series) {
    std::string name = series.module + "/" + series.operation;
    for (const auto& [key, value] : series.coordinates) {
        if (key != "where") {
            name += "/" + key + "=" + value;
        }
    }
    return name;
}

std::optional<Bar> bar_of(const SeriesResult& series) {
    if (analysis::find_measure(series, "overhead") == nullptr) {
        return std::nullopt;
    }
    Bar bar{name_of(series),
            {median_of(series, "overhead"), median_of(series, "copy_in"), median_of(series, "work"),
             median_of(series, "copy_out"), 0},
            median_of(series, "user")};
    bar.spent[4] =
        std::max(0.0, median_of(series, "total") - bar.spent[1] - bar.spent[2] - bar.spent[3]);
    for (const double part : bar.spent) {
        if (!std::isfinite(part)) {
            return std::nullopt;
        }
    }
    return bar.user > 0 ? std::optional(bar) : std::nullopt;
}

// Of each group of points the one at the largest coordinate; of sweeps over bytes also
// the smallest. One input pattern and one type: the phases do not differ by them.
std::vector<Bar> bars_of(const RunResult& run) {
    std::map<std::string, std::map<double, const SeriesResult*>> groups;
    std::map<std::string, std::pair<std::string, std::string>> usual;
    for (const auto& series : run.series) {
        auto [entry, first] = usual.try_emplace(series.module);
        if (first) {
            entry->second = {usual_value(run, series.module, "pattern", "random"),
                             usual_value(run, series.module, "type")};
        }
        const auto at = analysis::swept(series);
        if (series.n > 0 && at && coordinate(series, "pattern") == entry->second.first &&
            coordinate(series, "type") == entry->second.second && bar_of(series)) {
            groups[at->group][at->at] = &series;
        }
    }
    std::vector<Bar> bars;
    for (const auto& [group, members] : groups) {
        if (analysis::swept(*members.begin()->second)->sweep == "bytes" && members.size() > 1) {
            bars.push_back(*bar_of(*members.begin()->second));
        }
        bars.push_back(*bar_of(*members.rbegin()->second));
    }
    return bars;
}

// Rows of a block for one phase: low, high and position of its boxes, in per cent.
std::vector<std::vector<double>> boxes(const std::vector<Bar>& bars, std::size_t phase) {
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        double sum = 0;
        double before = 0;
        for (std::size_t j = 0; j < kPhases.size(); ++j) {
            before += j < phase ? bars[i].spent[j] : 0;
            sum += bars[i].spent[j];
        }
        const double low = 100 * before / sum;
        const double high = 100 * (before + bars[i].spent[phase]) / sum;
        const auto y = static_cast<double>(bars.size() - 1 - i);
        rows.push_back({(low + high) / 2, y, low, high, y - 0.36, y + 0.36});
    }
    return rows;
}

}  // namespace

std::optional<Script> kernel_phases(const FigureInput& input) {
    auto bars = bars_of(input.run);
    if (bars.empty()) {
        return std::nullopt;
    }
    const std::string some =
        bars.size() > kMostBars ? fmt::format("; {} of {} groups", kMostBars, bars.size()) : "";
    bars.resize(std::min(bars.size(), kMostBars));
    Script script("kernel-phases", 960, 200 + 24 * static_cast<int>(bars.size()));
    common_style(script);
    script.command("set border 1 linecolor rgb '#444444'");
    script.title("kernel phases: where the time of a call goes",
                 describe_target(input.run) +
                     "; medians of all samples, at the right the whole call [" +
                     input.run.time_unit + "]" + some);
    const double height = script.height();
    script.command(fmt::format("set bmargin at screen {}", number(112 / height)));
    script.command(fmt::format(
        "set key at screen 0.5,{} center bottom horizontal maxrows 2 Left reverse samplen 1.5",
        number(10 / height)));
    script.command("unset grid");
    script.command("set xrange [0:100]");
    script.command(
        fmt::format("set yrange [-0.6:{}]", number(static_cast<double>(bars.size()) - 0.4)));
    script.command("set xlabel 'share of the call as the caller sees it [%]'");
    std::string tics;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const std::size_t y = bars.size() - 1 - i;
        tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", quote(bars[i].name), y);
        script.command(fmt::format("set label {} {} at 101.2,{} left", 10 + i,
                                   quote(rounded(bars[i].user)), y));
    }
    script.command(fmt::format("set ytics ({}) scale 0", tics));
    script.command("set rmargin 10");
    constexpr std::array<std::size_t, 5> colours = {0, 5, 1, 4, 3};
    std::vector<std::string> plot;
    for (std::size_t phase = 0; phase < kPhases.size(); ++phase) {
        plot.push_back(fmt::format(
            "{} using 1:2:3:4:5:6 with boxxyerror linecolor rgb '{}' "
            "fillstyle solid 0.85 noborder title {}",
            script.data(boxes(bars, phase)), colour(colours[phase]), quote(kPhases[phase])));
    }
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
