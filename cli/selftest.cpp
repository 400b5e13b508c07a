#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include "analysis/calibration/calibration.h"
#include "analysis/golden/golden.h"
#include "cli/verbs.h"

namespace kmb::cli {
namespace {

using analysis::Json;

void print_json(const analysis::golden::Report& report) {
    Json out;
    out["schema"] = "kmodbench-selftest/1";
    out["cases"] = report.cases.size();
    out["methods"] = report.methods();
    out["right"] = report.right();
    out["wrong"] = report.cases.size() - report.right();
    out["results"] = Json::array();
    for (const auto& one : report.cases) {
        Json result;
        result["method"] = one.method;
        result["id"] = one.id;
        result["right"] = one.score.right();
        if (!one.score.right()) {
            result["failures"] = one.score.failures;
        }
        for (const auto& [name, digits] : one.score.lre) {
            result["digits"][name] = digits;
        }
        out["results"].push_back(result);
    }
    fmt::print("{}\n", out.dump(1));
}

void print_text(const analysis::golden::Report& report) {
    for (const auto& one : report.cases) {
        if (!one.score.lre.empty()) {
            fmt::print("{:<16} {:<10} digits right:", one.method, one.id);
            for (const auto& [name, digits] : one.score.lre) {
                fmt::print("  {} {:.1f}", name, digits);
            }
            fmt::print("\n");
        }
        for (const std::string& failure : one.score.failures) {
            fmt::print("WRONG {} {}: {}\n", one.method, one.id, failure);
        }
    }
    fmt::print("{} of {} cases right, {} methods\n", report.right(), report.cases.size(),
               report.methods());
}

using analysis::calibration::Line;

// A short run may miss a bound by chance: three standard errors are forgiven.
constexpr double kSlackOfShortRuns = 3;

Json to_json(const Line& line) {
    Json out;
    out["group"] = line.group;
    out["what"] = line.what;
    out["data"] = line.data;
    out["repetitions"] = line.repetitions;
    out["share"] = line.share;
    out["error"] = line.error();
    out["least"] = line.least;
    out["most"] = line.most;
    if (!line.peer.empty()) {
        out["peer"] = {{"rule", line.peer}, {"share", line.peer_share}};
    }
    out["held"] = line.held();
    return out;
}

// "94 to 98 %", or "-" where nothing is asked for.
std::string asked(const Line& line) {
    return line.least <= 0 && line.most >= 1
               ? "-"
               : fmt::format("{:.0f} to {:.0f} %", 100 * line.least, 100 * line.most);
}

// A table as it is measured; a heading where the group or the question changes.
class CalibrationText {
  public:
    void operator()(const Line& line) {
        const std::string heading = fmt::format("{}: {}", line.group, line.what);
        if (heading != heading_) {
            heading_ = heading;
            fmt::print("{}\n", heading);
        }
        fmt::print("  {:<32} {:6.1f} %  of {:>5}  asked {:<12}", line.data, 100 * line.share,
                   line.repetitions, asked(line));
        if (!line.peer.empty()) {
            fmt::print("  {} {:.1f} %", line.peer, 100 * line.peer_share);
        }
        fmt::print("{}\n", line.held() ? "" : "  NOT HELD");
        std::fflush(stdout);
    }

  private:
    std::string heading_;
};

int calibrate(const SelftestOptions& options) {
    analysis::calibration::Options how;
    how.effort = options.effort;
    how.slack = options.effort < 1 ? kSlackOfShortRuns : 0;
    how.threads = std::max(std::thread::hardware_concurrency(), 1U);
    CalibrationText text;
    const auto lines = analysis::calibration::calibrate(how, [&](const Line& line) {
        if (!options.json) {
            text(line);
        }
    });
    const auto held = static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [](const Line& line) { return line.held(); }));
    if (options.json) {
        Json out;
        out["schema"] = "kmodbench-calibration/1";
        out["effort"] = options.effort;
        out["held"] = held;
        out["lines"] = Json::array();
        for (const Line& line : lines) {
            out["lines"].push_back(to_json(line));
        }
        fmt::print("{}\n", out.dump(1));
    } else {
        fmt::print("{} of {} lines within what is asked\n", held, lines.size());
    }
    return held == lines.size() ? 0 : 1;
}

}  // namespace

int selftest(const SelftestOptions& options) {
    if (options.calibrate) {
        return calibrate(options);
    }
    const auto report = analysis::golden::run(options.golden);
    options.json ? print_json(report) : print_text(report);
    return report.right() == report.cases.size() ? 0 : 1;
}

}  // namespace kmb::cli
