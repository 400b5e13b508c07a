// Sorting cost of one element by input pattern, at the largest n that all variants in
// the kernel were measured at.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

// The largest x that every curve has; nothing where there is none.
std::optional<double> common_size(const std::vector<Curve>& curves) {
    std::map<double, std::size_t> count;
    for (const auto& curve : curves) {
        for (const auto& point : curve.points) {
            ++count[point.x];
        }
    }
    std::optional<double> found;
    for (const auto& [x, n] : count) {
        found = n == curves.size() ? x : found;
    }
    return found;
}

struct Bars {
    std::vector<std::string> patterns;
    std::map<std::string, std::vector<std::vector<double>>> rows;  // by variant: x, y, low, high
    double top = 0;
};

Bars bars_of(const std::vector<Curve>& curves, double n) {
    std::set<std::string> patterns;
    std::set<std::string> variants;
    for (const auto& curve : curves) {
        patterns.insert(curve.at("pattern"));
        variants.insert(curve.at("algo"));
    }
    Bars bars{{patterns.begin(), patterns.end()}, {}, 0};
    const double width = 0.8 / static_cast<double>(variants.size());
    for (const auto& curve : curves) {
        const auto point = std::find_if(curve.points.begin(), curve.points.end(),
                                        [&](const auto& one) { return one.x == n; });
        const auto group = std::distance(patterns.begin(), patterns.find(curve.at("pattern")));
        const auto place = std::distance(variants.begin(), variants.find(curve.at("algo")));
        const double x =
            static_cast<double>(group) - 0.4 + width * (static_cast<double>(place) + 0.5);
        bars.rows[curve.at("algo")].push_back(
            {x, point->y / n, point->low / n, point->high / n, width * 0.92});
        bars.top = std::max(bars.top, point->high / n);
    }
    return bars;
}

}  // namespace

std::optional<Script> sort_patterns(const FigureInput& input) {
    const auto curves = curves_of(input.run, "ksort", "sort", "", [](const auto& series) {
        const auto& keys = series.coordinates;
        return std::find(keys.begin(), keys.end(),
                         std::pair<std::string, std::string>("where", "user")) == keys.end();
    });
    const auto n = common_size(curves);
    if (!n) {
        return std::nullopt;
    }
    const Bars bars = bars_of(curves, *n);
    if (bars.patterns.size() < 2) {
        return std::nullopt;
    }
    Script script("sort-patterns", 960, 520);
    common_style(script);
    script.title(
        fmt::format("ksort/sort: cost of sorting {} elements by input pattern", grouped(*n)),
        describe_target(input.run) +
            "; in the kernel, medians of all samples, lines: 95 % intervals of the median");
    script.command(kKeyRight);
    std::string tics;
    for (std::size_t i = 0; i < bars.patterns.size(); ++i) {
        tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", quote(bars.patterns[i]), i);
    }
    script.command(fmt::format("set xtics ({}) scale 0", tics));
    script.command("unset grid");
    script.command("set grid ytics linetype 1 linecolor rgb '#e4e4e4' linewidth 0.7");
    script.command(fmt::format("set xrange [-0.6:{}]",
                               number(static_cast<double>(bars.patterns.size()) - 0.4)));
    script.command(fmt::format("set yrange [0:{}]", number(bars.top * 1.08)));
    script.command("set xlabel 'input pattern'");
    script.command("set ylabel " + quote(with_unit(input.run, "median cost / n", "element")));
    std::vector<std::string> plot;
    std::size_t index = 0;
    for (const auto& [variant, rows] : bars.rows) {
        const std::string block = script.data(rows);
        plot.push_back(
            fmt::format("{} using 1:2:5 with boxes linecolor rgb '{}' fillstyle solid "
                        "0.85 noborder title {}",
                        block, colour(index), quote(variant)));
        plot.push_back(fmt::format(
            "{} using 1:3:(0):($4-$3) with vectors nohead linecolor rgb '#222222' linewidth 1.4 "
            "notitle",
            block));
        ++index;
    }
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
