// How the cost of F(n) grows with n: one curve a variant, in the kernel and as the same
// code in user space.
#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {

std::optional<Script> fibonacci_scaling(const FigureInput& input) {
    const auto curves = curves_of(input.run, "fibdrv", "fib", "", [](const auto&) { return true; });
    if (curves.empty()) {
        return std::nullopt;
    }
    Script script("fibonacci-scaling", 960, 560);
    common_style(script);
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
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
