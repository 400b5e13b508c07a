// Sorting cost of one element by input pattern, at the largest n that most variants in
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

// Share of the curves that a size must have for it to be shown.
constexpr double kMost = 0.8;

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

struct Bars {
    std::vector<std::string> patterns;
    std::map<std::string, std::vector<std::vector<double>>> rows;  // by variant: x, y, low, high
    double top = 0;
};

std::vector<CurvePoint>::const_iterator find(const Curve& curve, double x) {
    return std::find_if(curve.points.begin(), curve.points.end(),
                        [&](const auto& one) { return one.x == x; });
}

Bars bars_of(const std::vector<Curve>& curves, double n) {
    std::set<std::string> patterns;
    std::set<std::string> variants;
    for (const auto& curve : curves) {
        if (find(curve, n) != curve.points.end()) {
            patterns.insert(curve.at("pattern"));
            variants.insert(curve.at("algo"));
        }
    }
    Bars bars{{patterns.begin(), patterns.end()}, {}, 0};
    const double width = 0.8 / static_cast<double>(variants.size());
    for (const auto& curve : curves) {
        const auto point = find(curve, n);
        if (point == curve.points.end()) {
            continue;
        }
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
    const std::string type = usual_value(input.run, "ksort", "type");
    const auto curves = curves_of(input.run, "ksort", "sort", "", [&](const auto& series) {
        return coordinate(series, "where") != "user" && coordinate(series, "type") == type &&
               coordinate(series, "algo") != "nop";
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
        fmt::format("ksort/sort: cost of sorting {} {} by input pattern", grouped(*n),
                    type.empty() ? "elements" : type),
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
    const auto ranks = ranks_of(curves, "algo");  // the colours of the other figure of sorts
    for (const auto& [variant, rows] : bars.rows) {
        const auto curve = std::find_if(curves.begin(), curves.end(),
                                        [&](const auto& one) { return one.at("algo") == variant; });
        const std::size_t index = ranks[static_cast<std::size_t>(curve - curves.begin())];
        const std::string block = script.data(rows);
        plot.push_back(
            fmt::format("{} using 1:2:5 with boxes linecolor rgb '{}' fillstyle solid "
                        "0.85 noborder title {}",
                        block, colour(index), quote(variant)));
        plot.push_back(fmt::format(
            "{} using 1:3:(0):($4-$3) with vectors nohead linecolor rgb '#222222' linewidth 1.4 "
            "notitle",
            block));
    }
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
