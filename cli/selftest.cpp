#include <fmt/format.h>

#include <cstdio>

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

}  // namespace

int selftest(const SelftestOptions& options) {
    const auto report = analysis::golden::run(options.golden);
    options.json ? print_json(report) : print_text(report);
    return report.right() == report.cases.size() ? 0 : 1;
}

}  // namespace kmb::cli
