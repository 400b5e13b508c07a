#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "analysis/rules.h"

namespace kmb::cli {
namespace {

// A verb of the command line. Adds its sub-command and returns it; `request`
// holds the filled options once parsing has succeeded.
using AddVerb = CLI::App* (*)(CLI::App&, Request&);

CLI::App* add_analyze(CLI::App& app, Request& request) {
    auto options = std::make_shared<AnalyzeOptions>();
    auto* verb = app.add_subcommand("analyze", "statistics of a run: DIR/analysis.json");
    verb->add_option("DIR", options->directory, "directory of the run")->required();
    verb->add_option("--rule", options->rule, "which samples the view 'kept' leaves out")
        ->check(CLI::IsMember(analysis::rule_names()))
        ->capture_default_str();
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_list(CLI::App& app, Request& request) {
    auto options = std::make_shared<ListOptions>();
    auto* verb = app.add_subcommand("list", "cases, points, devices, variants");
    verb->add_flag("--json", options->json, "machine-readable output");
    verb->add_flag("--quick", options->quick, "the points of a quick run");
    verb->add_option("PATTERN", options->pattern,
                     "only points whose name contains this regular expression");
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_report(CLI::App& app, Request& request) {
    auto options = std::make_shared<ReportOptions>();
    auto* verb = app.add_subcommand("report", "write report.md and report.html of a run");
    verb->add_option("DIR", options->directory, "directory of results, such as results/latest")
        ->required();
    verb->add_option("--lang", options->language, "language: en or zh-TW")
        ->default_val("en")
        ->check(CLI::IsMember({"en", "zh-TW"}));
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_plot(CLI::App& app, Request& request) {
    auto options = std::make_shared<PlotOptions>();
    auto* verb = app.add_subcommand("plot", "figures of an analysed run: DIR/figures/");
    verb->add_option("DIR", options->directory, "directory of the run")->required();
    verb->add_option("--series", options->series,
                     "point whose samples are drawn one by one (default: the one that lost "
                     "most)");
    verb->callback([options, &request] { request = *options; });
    return verb;
}

// Sorted by name, one verb a line.
constexpr AddVerb kVerbs[] = {
    add_analyze,
    add_list,
    add_plot,
    add_report,
};

}  // namespace

Request parse(int argc, char** argv) {
    CLI::App app{"kmodbench measures Linux kernel modules"};
    app.name("kmodbench");
    app.require_subcommand(1);
    app.set_version_flag("--version", KMB_VERSION);
    Request request = Nothing{};
    for (AddVerb add : kVerbs) {
        add(app, request);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, std::cout, std::cerr);
        return Nothing{code == 0 ? 0 : 2};
    }
    return request;
}

}  // namespace kmb::cli
