// Which variant suits which input: a table of the cost of one element, by variant and
// pattern, at the largest n that most variants in the kernel were measured at. A cell is
// the darker the farther it is from the best of its pattern.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

// Share of the curves that a size must have for it to be shown.
constexpr double kMost = 0.8;
// Times the best at which a cell is darkest.
constexpr double kDarkest = 20;

// The largest x that most curves have, else the one that the most have: slow variants
// are not measured at large sizes.
std::optional<double> common_size(const std::vector<Curve>& curves) {
    std::map<double, std::size_t> count;
    for (const auto& curve : curves) {
        for (const auto& point : curve.points) {
            ++count[point.x];
        }
    }
    std::optional<double> found;
    for (const auto& [x, n] : count) {
        const bool most = static_cast<double>(n) >= kMost * static_cast<double>(curves.size());
        if (most || !found || n >= count.at(*found)) {
            found = x;
        }
    }
    return found;
}

struct Table {
    std::vector<std::string> patterns;
    std::vector<std::string> variants;
    std::map<std::pair<std::string, std::string>, double> cost;  // variant, pattern
    std::map<std::string, double> best;                          // pattern
};

Table table_of(const std::vector<Curve>& curves, double n) {
    Table table;
    std::set<std::string> patterns;
    std::set<std::string> variants;
    for (const auto& curve : curves) {
        for (const auto& point : curve.points) {
            if (point.x != n) {
                continue;
            }
            const std::string pattern = curve.at("pattern");
            const double cost = point.y / n;
            patterns.insert(pattern);
            variants.insert(curve.at("algo"));
            table.cost[{curve.at("algo"), pattern}] = cost;
            const auto [best, first] = table.best.emplace(pattern, cost);
            best->second = std::min(best->second, cost);
        }
    }
    table.patterns.assign(patterns.begin(), patterns.end());
    table.variants.assign(variants.begin(), variants.end());
    return table;
}

// From white to dark blue, in one hue: lightness alone tells the order.
struct Shade {
    double rgb;
    bool dark;
};
Shade shade_of(double times_best) {
    const double part = std::clamp(std::log(times_best) / std::log(kDarkest), 0.0, 1.0);
    const auto mix = [&](double light, double deep) {
        return std::round(light + part * (deep - light));
    };
    return {65536 * mix(247, 8) + 256 * mix(251, 69) + mix(255, 130), part > 0.6};
}

void add_tics(Script& script, char axis, const std::vector<std::string>& names) {
    std::string tics;
    for (std::size_t i = 0; i < names.size(); ++i) {
        tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", quote(names[i]), i);
    }
    script.command(fmt::format("set {}tics ({}) scale 0", axis, tics));
    const std::string last = number(static_cast<double>(names.size()) - 0.5);
    script.command(axis == 'x' ? fmt::format("set xrange [-0.5:{}]", last)
                               : fmt::format("set yrange [{}:-0.5]", last));  // first on top
}

std::string add_cells(Script& script, const Table& table) {
    std::vector<std::vector<double>> cells;
    int label = 10;
    for (std::size_t row = 0; row < table.variants.size(); ++row) {
        for (std::size_t column = 0; column < table.patterns.size(); ++column) {
            const std::string& pattern = table.patterns[column];
            const auto found = table.cost.find({table.variants[row], pattern});
            if (found == table.cost.end()) {
                continue;
            }
            const auto x = static_cast<double>(column);
            const auto y = static_cast<double>(row);
            const double times = found->second / table.best.at(pattern);
            const Shade shade = shade_of(times);
            cells.push_back({x, y, x - 0.48, x + 0.48, y - 0.46, y + 0.46, shade.rgb});
            script.command(fmt::format("set label {} {} at {},{} center front textcolor rgb '{}'",
                                       label++,
                                       quote(rounded(found->second) + (times == 1 ? " *" : "")), x,
                                       y, shade.dark ? "#ffffff" : "#000000"));
        }
    }
    return script.data(cells);
}

}  // namespace

std::optional<Script> sort_patterns(const FigureInput& input) {
    const std::string type = usual_value(input.run, "ksort", "type");
    const auto curves = curves_of(input.run, "ksort", "sort", "", [&](const auto& series) {
        return coordinate(series, "where") != "user" && coordinate(series, "type") == type &&
               coordinate(series, "algo") != "nop";
    });
    const auto n = common_size(curves);
    if (!n) {
        return std::nullopt;
    }
    const Table table = table_of(curves, *n);
    if (table.patterns.size() < 2) {
        return std::nullopt;
    }
    Script script("sort-patterns", 960, 150 + 30 * static_cast<int>(table.variants.size()));
    common_style(script);
    script.title(
        fmt::format("ksort/sort: cost of sorting {} {} by input pattern", grouped(*n),
                    type.empty() ? "elements" : type),
        fmt::format("{}; in the kernel, {}; * best of the pattern, dark: {:.0f} times that",
                    describe_target(input.run), with_unit(input.run, "median / n", "element"),
                    kDarkest));
    script.command("unset border");
    script.command("unset grid");
    script.command("unset key");
    add_tics(script, 'x', table.patterns);
    add_tics(script, 'y', table.variants);
    script.command("set xlabel 'input pattern'");
    script.plot({add_cells(script, table) +
                 " using 1:2:3:4:5:6:7 with boxxyerror linecolor rgb variable fillstyle solid 1 "
                 "noborder"});
    return script;
}

}  // namespace kmb::plots
