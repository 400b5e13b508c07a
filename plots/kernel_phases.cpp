// Where the time of a call goes: the way in and out, copy-in, work, copy-out and what is
// left of the kernel's bracket, as shares of the caller's time.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/sweep.h"
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
            name += fmt::format("/{}={}", key, value);
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
    const double split = bar.spent[0] + bar.spent[1] + bar.spent[2] + bar.spent[3];
    // Without a clock inside the kernel all of it would stand as the rest.
    const bool whole = std::isfinite(split) && std::isfinite(bar.spent[4]);
    return whole && split > 0 && bar.user > 0 ? std::optional(bar) : std::nullopt;
}

using Groups = std::map<std::string, std::map<double, const SeriesResult*>>;

// The points of each group by their coordinate. One input pattern and one type: the phases
// do not differ by them.
Groups groups_of(const RunResult& run) {
    Groups groups;
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
    return groups;
}

// Of a group the point at the largest coordinate; of sweeps over bytes also the smallest.
std::vector<Bar> ends_of(const std::map<double, const SeriesResult*>& members) {
    const SeriesResult& last = *members.rbegin()->second;
    std::vector<Bar> bars;
    if (analysis::swept(last)->sweep == "bytes" && members.size() > 1) {
        bars.push_back(*bar_of(*members.begin()->second));
    }
    bars.push_back(*bar_of(last));
    return bars;
}

struct Chosen {
    std::vector<Bar> bars;
    bool all = true;
};

// Where the groups are too many, each operation keeps those that cost a caller least. The
// variant `nop` is left out: it has no work.
Chosen bars_of(const RunResult& run) {
    std::map<std::string, std::vector<std::vector<Bar>>> operations;
    for (const auto& [group, members] : groups_of(run)) {
        const SeriesResult& any = *members.begin()->second;
        if (coordinate(any, "algo") != "nop") {
            operations[any.module + "/" + any.operation].push_back(ends_of(members));
        }
    }
    const std::size_t share =
        std::max<std::size_t>(2, kMostBars / std::max<std::size_t>(1, operations.size()));
    Chosen chosen;
    for (auto& [name, groups] : operations) {
        std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
            return a.back().user < b.back().user;
        });
        std::size_t room = share;
        for (const auto& bars : groups) {
            chosen.all = chosen.all && bars.size() <= room;
            if (bars.size() <= room) {
                room -= bars.size();
                chosen.bars.insert(chosen.bars.end(), bars.begin(), bars.end());
            }
        }
    }
    return chosen;
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
    const auto [bars, all] = bars_of(input.run);
    if (bars.empty()) {
        return std::nullopt;
    }
    Script script("kernel-phases", 960, 200 + 24 * static_cast<int>(bars.size()));
    common_style(script);
    script.command("set border 1 linecolor rgb '#444444'");
    script.title(
        "kernel phases: where the time of a call goes",
        describe_target(input.run) + "; medians of all samples, at the right the whole call [" +
            input.run.time_unit + "]" + (all ? "" : "; of each operation the cheapest variants"));
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
