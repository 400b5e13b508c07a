// What a copy between user space and the kernel costs, as the caller and as the kernel
// see it: one panel a direction.
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"

namespace kmb::plots {
namespace {

using analysis::Fit;
using analysis::RunResult;

struct Line {
    const char* measure;
    const char* title;
    std::size_t index;  // of colour and sign
};
constexpr Line kLines[] = {
    {"user", "as the caller sees it", 0},
    {"total", "inside the kernel", 1},
    {"overhead", "difference: way in and out", 2},
};

struct Panel {
    const char* operation;
    const char* title;
};
constexpr Panel kPanels[] = {
    {"write", "write(): user space to kernel"},
    {"read", "read(): kernel to user space"},
};

constexpr int kFirstMark = 20;

std::vector<Curve> curves(const RunResult& run, const char* operation, const char* measure) {
    return curves_of(run, "hello", operation, measure, [](const auto& series) {
        const auto& keys = series.coordinates;
        return std::any_of(keys.begin(), keys.end(),
                           [](const auto& key) { return key.first == "bytes"; });
    });
}

const Fit* fit_of(const RunResult& run, const std::string& group, std::string_view measure) {
    for (const auto& fit : run.fits) {
        if (fit.kind == "affine" && fit.group == group && fit.measure == measure) {
            return &fit;
        }
    }
    return nullptr;
}

// The sizes at which a byte begins to cost the caller more.
std::vector<Mark> knees_of(const RunResult& run, const std::string& group) {
    std::vector<Mark> marks;
    for (const auto& pieces : run.pieces) {
        for (const auto& knee : pieces.knees) {
            if (pieces.group == group && pieces.measure == "user" && knee.interval) {
                marks.push_back({knee.value, knee.interval->low, knee.interval->high});
            }
        }
    }
    return marks;
}

void add_fit(Script& script, std::vector<std::string>& plot, const RunResult& run, const Fit& fit) {
    const double a = fit.parameters.at(0).estimate.value;
    const double b = fit.parameters.at(1).estimate.value;
    std::vector<std::vector<double>> rows;
    double x = fit.from;
    while (x < fit.to * 1.0001) {
        rows.push_back({x, a + b * x});
        x *= 1.25;
    }
    rows.push_back({fit.to, a + b * fit.to});
    plot.push_back(fmt::format(
        "{} using 1:2 with lines linecolor rgb '#000000' linewidth 1.2 dashtype 3 title {}",
        script.data(rows),
        quote(fmt::format("fit up to {0}: {1} {3} + {2} {3}/byte", short_bytes(fit.to), rounded(a),
                          rounded(b), run.time_unit))));
}

void add_panel(Script& script, const RunResult& run, const Panel& panel, std::size_t at,
               std::size_t count, const Range& x, const Range& y) {
    const double width = 1.0 / static_cast<double>(count);
    const double left = width * static_cast<double>(at);
    script.command(fmt::format("set lmargin at screen {}", number(left + 0.08)));
    script.command(fmt::format("set rmargin at screen {}", number(left + width - 0.012)));
    script.command(fmt::format("set label 3 {} at graph 0.02,1.03 left", quote(panel.title)));
    script.command(fmt::format(
        "set key at screen {},0.02 left bottom vertical maxrows 5 Left reverse samplen 2.5",
        number(left + 0.065)));
    log_axis(script, 'x', x, true);
    log_axis(script, 'y', y);
    script.command("set xlabel 'size of the call [bytes]'");
    script.command("set ylabel " +
                   quote(at == 0 ? with_unit(run, "median cost of a call") : std::string()));
    std::vector<std::string> plot;
    std::string group;
    for (const Line& line : kLines) {
        for (const auto& curve : curves(run, panel.operation, line.measure)) {
            group = curve.group;
            add_curve(script, plot, curve,
                      {line.title, colour(line.index), filled_sign(line.index)});
        }
    }
    if (const Fit* fit = fit_of(run, group, "user"); fit != nullptr) {
        add_fit(script, plot, run, *fit);
    }
    const auto knees = knees_of(run, group);
    const int end =
        add_marks(script, plot, knees, "knee of what a byte costs the caller, shade: its interval",
                  kFirstMark);
    script.plot(plot);
    for (int tag = kFirstMark; tag < end; ++tag) {  // the next panel has its own
        script.command(fmt::format("unset object {}", tag));
        script.command(fmt::format("unset arrow {}", tag));
    }
}

}  // namespace

std::optional<Script> copy_overhead(const FigureInput& input) {
    std::vector<Panel> panels;
    Range x{};
    Range y{};
    for (const Panel& panel : kPanels) {
        bool any = false;
        for (const Line& line : kLines) {
            for (const auto& curve : curves(input.run, panel.operation, line.measure)) {
                extend(x, y, curve);
                any = true;
            }
        }
        if (any) {
            panels.push_back(panel);
        }
    }
    if (panels.empty()) {
        return std::nullopt;
    }
    Script script("copy-overhead", panels.size() == 1 ? 640 : 1080, 560);
    common_style(script);
    script.command("set multiplot");
    script.title("hello/read, hello/write: cost of a copy between user space and the kernel",
                 describe_target(input.run) +
                     "; medians of all samples, bands: 95 % intervals of the median");
    script.command("set tmargin at screen 0.845");
    script.command("set bmargin at screen 0.265");
    for (std::size_t i = 0; i < panels.size(); ++i) {
        add_panel(script, input.run, panels[i], i, panels.size(), x, y);
        script.command("unset label 1");
        script.command("unset label 2");
    }
    script.command("unset multiplot");
    return script;
}

}  // namespace kmb::plots
