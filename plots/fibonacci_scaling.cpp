// How the cost of F(n) grows with n: one curve a variant, in the kernel and as the same
// code in user space.
#include <algorithm>
#include <string>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

constexpr double kWidest = 10;  // of the interval of a place, as a ratio, that still is one

// Where the fastest variant in the kernel changes, each place once.
std::vector<Mark> changes_of_lead(const analysis::RunResult& run) {
    std::vector<Mark> marks;
    for (const auto& one : run.crossovers) {
        if (!one.leading || one.family != "fibdrv/fib/where=kernel" || !one.at.interval ||
            one.at.interval->high > kWidest * one.at.interval->low) {
            continue;
        }
        const Mark mark{one.at.value, one.at.interval->low, one.at.interval->high};
        const bool there = std::any_of(marks.begin(), marks.end(), [&](const Mark& other) {
            return other.low == mark.low && other.high == mark.high;
        });
        if (!there) {
            marks.push_back(mark);
        }
    }
    return marks;
}

}  // namespace

std::optional<Script> fibonacci_scaling(const FigureInput& input) {
    const auto curves = curves_of(input.run, "fibdrv", "fib", "", [](const auto&) { return true; });
    if (curves.empty()) {
        return std::nullopt;
    }
    Script script("fibonacci-scaling", 960, 560);
    common_style(script);
    const auto marks = changes_of_lead(input.run);
    script.title("fibdrv/fib: cost of the Fibonacci number F(n)",
                 describe_target(input.run) +
                     "; medians of all samples, bands: 95 % intervals of the median");
    script.command(kKeyRight);
    Range x{};
    Range y{};
    const auto names = names_of(curves);
    const auto ranks = ranks_of(curves, "algo");
    std::vector<std::string> plot;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        extend(x, y, curves[i]);
        const bool user = curves[i].at("where") == "user";
        add_curve(
            script, plot, curves[i],
            {names[i], colour(ranks[i]), user ? open_sign(ranks[i]) : filled_sign(ranks[i]), user});
    }
    log_axis(script, 'x', x);
    log_axis(script, 'y', y);
    script.command("set xlabel 'n'");
    script.command("set ylabel " + quote(with_unit(input.run, "median cost of F(n)")));
    add_marks(script, plot, marks, "the fastest changes", 20);
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
