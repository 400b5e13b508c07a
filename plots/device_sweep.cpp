// What a device costs that is measured as it is, against what was swept: one curve an
// operation, the caller's time, and the time that the device returned where it does.
#include <set>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

struct Named {
    Curve curve;
    std::string name;
    bool of_the_device;  // by its own clock
};

std::vector<Named> all_curves(const analysis::RunResult& run) {
    std::set<std::pair<std::string, std::string>> operations;
    for (const auto& series : run.series) {
        if (series.case_name == "device") {
            operations.emplace(series.module, series.operation);
        }
    }
    std::vector<Named> all;
    for (const auto& [module, operation] : operations) {
        for (const char* measure : {"user", "total"}) {
            auto curves = curves_of(run, module, operation, measure,
                                    [](const auto& one) { return one.case_name == "device"; });
            const auto names = names_of(curves);
            const bool own = std::string_view(measure) == "total";
            for (std::size_t i = 0; i < curves.size(); ++i) {
                std::string name = operation;
                if (curves.size() > 1) {
                    name += " " + names[i];
                }
                name += own ? ", by the device" : ", by the caller";
                all.push_back({std::move(curves[i]), std::move(name), own});
            }
        }
    }
    return all;
}

}  // namespace

std::optional<Script> device_sweep(const FigureInput& input) {
    const auto curves = all_curves(input.run);
    Range x{};
    Range y{};
    for (const auto& one : curves) {
        extend(x, y, one.curve);
    }
    if (curves.empty() || !(x.high > x.low)) {
        return std::nullopt;
    }
    Script script("device-sweep", 960, 560);
    common_style(script);
    script.title("what a call of the device costs",
                 describe_target(input.run) +
                     "; medians of all samples, bands: 95 % intervals of the median");
    script.command(kKeyRight);
    std::vector<std::string> plot;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const bool own = curves[i].of_the_device;
        add_curve(script, plot, curves[i].curve,
                  {curves[i].name, colour(i), own ? open_sign(i) : filled_sign(i), own});
    }
    // A sweep over little more than two decades is read best on a straight axis.
    if (x.high / x.low > 300) {
        log_axis(script, 'x', x);
    }
    log_axis(script, 'y', y);
    script.command("set xlabel 'value swept'");
    script.command("set ylabel " + quote(with_unit(input.run, "median cost of a call")));
    script.plot(plot);
    return script;
}

}  // namespace kmb::plots
