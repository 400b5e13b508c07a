// Sorting cost of one element against the number of elements, one curve a variant.
#include <fmt/core.h>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

// More would cover each other: then the same code in user space is left to the tables.
constexpr std::size_t kMostCurves = 12;

Curve per_element(Curve curve) {
    for (auto& point : curve.points) {
        point.y /= point.x;
        point.low /= point.x;
        point.high /= point.x;
    }
    return curve;
}

}  // namespace

std::optional<Script> sort_comparison(const FigureInput& input) {
    const std::string pattern = usual_value(input.run, "ksort", "pattern", "random");
    const std::string type = usual_value(input.run, "ksort", "type");
    auto curves = curves_of(input.run, "ksort", "sort", "", [&](const auto& series) {
        return coordinate(series, "pattern") == pattern && coordinate(series, "type") == type &&
               coordinate(series, "algo") != "nop";
    });
    if (curves.empty()) {
        return std::nullopt;
    }
    const bool many = curves.size() > kMostCurves;
    if (many) {
        std::erase_if(curves, [](const Curve& curve) { return curve.at("where") == "user"; });
    }
    Script script("sort-comparison", 960, 560);
    common_style(script);
    script.title(fmt::format("ksort/sort: cost of sorting{}{}", type.empty() ? "" : " " + type,
                             pattern.empty() ? "" : fmt::format(", input pattern '{}'", pattern)),
                 fmt::format("{}; {}medians of all samples over n, bands: 95 % intervals of the "
                             "median",
                             describe_target(input.run), many ? "in the kernel, " : ""));
    script.command(kKeyRight);
    Range x{};
    Range y{};
    const auto names = names_of(curves);
    const auto ranks = ranks_of(curves, "algo");
    std::vector<std::string> plot;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const Curve curve = per_element(curves[i]);
        extend(x, y, curve);
        const bool user = curve.at("where") == "user";
        add_curve(script, plot, curve,
                  {names[i], colour(ranks[i]), user ? open_sign(ranks[i]) : filled_sign(ranks[i]),
                   many ? ranks[i] >= kColours : user});
    }
    log_axis(script, 'x', x);
    log_axis(script, 'y', y);
    script.command("set xlabel 'number of elements n'");
    script.command("set ylabel " + quote(with_unit(input.run, "median cost / n", "element")));
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
