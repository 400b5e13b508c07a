#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
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

CLI::App* add_compare(CLI::App& app, Request& request) {
    auto options = std::make_shared<CompareVerbOptions>();
    auto* verb = app.add_subcommand("compare", "is NEW slower than OLD? point by point");
    verb->add_option("OLD", options->before, "directory of a run; several, parted by commas")
        ->required();
    verb->add_option("NEW", options->now, "the same")->required();
    verb->add_option("--margin", options->margin,
                     "relative difference that does not matter (default 0.01; in sim 0)")
        ->check(CLI::Range(0.0, 10.0));
    verb->add_option("--noise-floor", options->noise_floor,
                     "what two equal runs differ by (default: measured, where a side has two)")
        ->check(CLI::Range(0.0, 10.0));
    verb->add_option("--measure", options->measure,
                     "user, total, work, .. (default: the primary measure of OLD)");
    verb->add_option("--old", options->only_before, "points of OLD that have these coordinates");
    verb->add_option("--new", options->only_now, "points of NEW that have these");
    verb->add_option("--correct", options->correction, "alarms of many points: holm, bh or none")
        ->default_val("holm")
        ->check(CLI::IsMember({"bh", "holm", "none"}));
    verb->add_flag("--json", options->json, "machine-readable output");
    verb->add_flag("--verbose", options->verbose, "reasons for each verdict");
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_export(CLI::App& app, Request& request) {
    auto options = std::make_shared<ExportOptions>();
    auto* verb = app.add_subcommand("export", "all samples of a run, for other tools");
    verb->add_option("DIR", options->directory, "directory of the run, or a sample file")
        ->required();
    verb->add_option("--format", options->format, "csv or json")
        ->required()
        ->check(CLI::IsMember({"csv", "json"}));
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_list(CLI::App& app, Request& request) {
    auto options = std::make_shared<ListOptions>();
    auto* verb = app.add_subcommand("list", "cases, points, devices, variants");
    verb->add_flag("--json", options->json, "machine-readable output");
    verb->add_flag("--quick", options->quick, "the points of a quick run");
    verb->add_option("PATTERN", options->pattern,
                     "only points whose name, or case, contains this expression");
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

// The folder named by an environment variable, else the one of the build.
std::string folder(const char* variable, const char* otherwise) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

void add_run_bounds(CLI::App& verb, bench::RunRequest& request) {
    auto& limits = request.limits;
    verb.add_option("--rounds", limits.rounds,
                    "how often each point comes up; with --width, at most")
        ->check(CLI::Range(1, 1000));
    verb.add_option("--width", limits.width,
                    "measure a point until its median is known to this part of it, such as 0.01; "
                    "0: all rounds")
        ->check(CLI::Range(0.0, 1.0));
    verb.add_option("--min-samples", limits.min_samples, "samples of a point, at least")
        ->check(CLI::Range(1, 10'000'000));
    verb.add_option("--max-samples", limits.max_samples, "samples of a point, at most")
        ->check(CLI::Range(1, 10'000'000));
    verb.add_option("--budget", limits.budget_seconds,
                    "seconds a point may take between these bounds (in sim: 1e9 instructions)")
        ->check(CLI::PositiveNumber);
}

void add_guest_flags(CLI::App& verb, bench::RunRequest& request) {
    const auto pass_on = [&request](const char* flag) {
        return [&request, flag](const std::string& value) {
            request.vm_flags.insert(request.vm_flags.end(), {flag, value});
        };
    };
    verb.add_option_function<std::string>("--accel", pass_on("--accel"),
                                          "vm: kvm, or tcg whose times mean nothing")
        ->check(CLI::IsMember({"kvm", "tcg"}));
    verb.add_option_function<std::string>("--guest-cpus", pass_on("--cpus"), "vm: processors");
    verb.add_option_function<std::string>("--guest-memory", pass_on("--memory"),
                                          "vm, sim: megabytes");
}

void add_device(CLI::App& verb, bench::ForeignDevice& device) {
    auto* node = verb.add_option("--device", device.node,
                                 "measure this char device as it is, instead of the cases");
    node->excludes("--resume");
    const auto many = [&verb, node](const char* flag, std::vector<std::string>& into,
                                    const char* help) {
        verb.add_option(flag, into, help)->allow_extra_args(false)->needs(node);
    };
    many("--op", device.operations,
         "read, write, pread, pwrite or ioctl, with :KEY=VALUE,..; may come up more than once");
    many("--sweep", device.sweeps,
         "KEY=VALUES such as n=0..100 or size=1..65536:x2; more than once");
    const auto one = [&verb, node](const char* flag, std::string& into, const char* help) {
        verb.add_option(flag, into, help)->needs(node);
    };
    one("--expect", device.expect, "'same', or a file of lines 'N RESULT' to compare with");
    one("--ko", device.ko, "module to load for the time of the run");
    one("--ko-params", device.ko_parameters, "its parameters, as insmod takes them");
}

CLI::App* add_run(CLI::App& app, Request& request) {
    auto options = std::make_shared<RunOptions>();
    auto& run = options->request;
    auto* verb = app.add_subcommand("run", "measure; --benchmark_* flags pass through");
    verb->add_option("PATTERN", run.pattern,
                     "only points whose name, or case, contains this expression");
    verb->add_option("--target", run.target, "host, vm, sim or auto (default)")
        ->check(CLI::IsMember({"auto", "host", "sim", "vm"}));
    verb->add_flag_callback(
        "--quick", [&run] { run.sweep = bench::Sweep::quick; }, "fewer points, fewer samples");
    verb->add_option("--cpu", run.cpu, "CPU to pin to; default an isolated one, else the last")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--seed", run.seed, "of the order of points and of all inputs (default 1)");
    add_run_bounds(*verb, run);
    verb->add_option("--results", run.results, "where results directories are made");
    verb->add_option("--resume", run.resume, "go on with the killed run of this directory");
    run.modules = folder("KMODBENCH_MODULES", KMB_MODULES_DIR);
    verb->add_option("--modules", run.modules, "folder of RELEASE/NAME.ko");
    run.scripts = folder("KMODBENCH_SCRIPTS", KMB_SCRIPTS_DIR);
    add_guest_flags(*verb, run);
    add_device(*verb, options->device);
    // Spoken between the program outside a guest and the one inside.
    verb->add_option("--inside", options->inside)->group("");
    verb->add_option("--stream", options->stream)->group("");
    verb->add_option("--skip", options->skip)->group("");
    verb->add_option("--plan", options->plan)->group("");
    verb->callback([options, &request] {
        if (!options->device.node.empty()) {
            options->request.device = options->device;
        }
        request = *options;
    });
    return verb;
}

CLI::App* add_selftest(CLI::App& app, Request& request) {
    auto options = std::make_shared<SelftestOptions>();
    auto* verb = app.add_subcommand("selftest", "check the statistics against reference cases");
    auto* golden = verb->add_option("--golden", options->golden,
                                    "folder of reference cases, one *.json a method");
    auto* calibrate =
        verb->add_flag("--calibrate", options->calibrate,
                       "coverage, false alarms and power on simulated series whose truth is known");
    calibrate->excludes(golden);
    verb->add_option("--effort", options->effort, "factor of the repetitions of --calibrate")
        ->needs(calibrate)
        ->check(CLI::Range(0.001, 100.0));
    verb->add_flag("--json", options->json, "machine-readable output");
    verb->callback([options, &request] {
        if (options->golden.empty() && !options->calibrate) {
            throw CLI::RequiredError("--golden DIR or --calibrate");
        }
        request = *options;
    });
    return verb;
}

CLI::App* add_stats(CLI::App& app, Request& request) {
    auto options = std::make_shared<StatsOptions>();
    auto* verb = app.add_subcommand("stats", "every statistic of a list of numbers");
    verb->add_option("FILE", options->file, "numbers, a CSV or a .ksamp; '-' is standard input")
        ->required();
    verb->add_option("--column", options->column,
                     "name or number of a column; of samples, a measure (default user)");
    verb->add_option("--point", options->point, "of a .ksamp with several points");
    verb->add_flag("--json", options->json, "machine-readable output");
    verb->callback([options, &request] { request = *options; });
    return verb;
}

CLI::App* add_truth(CLI::App& app, Request& request) {
    auto options = std::make_shared<TruthOptions>();
    auto* verb = app.add_subcommand("truth", "planted samples of calib: does the analysis see it?");
    verb->add_option("DIR", options->directory, "directory of the run")->required();
    verb->add_option("--hz", options->ticks_per_second, "ticks a second of the measured kernel")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->callback([options, &request] { request = *options; });
    return verb;
}

// Sorted by name, one verb a line.
constexpr AddVerb kVerbs[] = {
    add_analyze,   //
    add_compare,   //
    add_export,    //
    add_list,      //
    add_plot,      //
    add_report,    //
    add_run,       //
    add_selftest,  //
    add_stats,     //
    add_truth,     //
};

}  // namespace

Request parse(int argc, char** argv) {
    const std::vector<std::string> command_line(argv, argv + argc);
    // Google Benchmark's flags are not ours to judge; it reads them itself.
    std::vector<std::string> arguments;
    std::vector<std::string> benchmark_flags;
    for (int i = 1; i < argc; ++i) {
        const bool theirs = std::string_view(argv[i]).rfind("--benchmark_", 0) == 0;
        (theirs ? benchmark_flags : arguments).emplace_back(argv[i]);
    }
    CLI::App app{"kmodbench measures Linux kernel modules"};
    app.name("kmodbench");
    app.require_subcommand(1);
    app.set_version_flag("--version", KMB_VERSION);
    Request request = Nothing{};
    for (AddVerb add : kVerbs) {
        add(app, request);
    }
    try {
        std::reverse(arguments.begin(), arguments.end());
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, std::cout, std::cerr);
        return Nothing{code == 0 ? 0 : 2};
    }
    if (auto* run = std::get_if<RunOptions>(&request)) {
        run->request.command_line = command_line;
        run->request.benchmark_flags = benchmark_flags;
    } else if (!benchmark_flags.empty()) {
        std::cerr << benchmark_flags.front()
                  << ": only 'kmodbench run' takes flags of Google Benchmark\n";
        return Nothing{2};
    }
    return request;
}

}  // namespace kmb::cli
