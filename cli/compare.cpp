#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "analysis/compare_runs.h"
#include "cli/json_text.h"
#include "cli/verbs.h"

namespace kmb::cli {
namespace {

using analysis::Comparison;
using analysis::RunsComparison;
using analysis::Verdict;

constexpr int kSlower = 1;
constexpr int kCannotSay = 2;

// "A,B,C": directories of runs, or sample files.
std::vector<std::string> paths_of(const std::string& list) {
    std::vector<std::string> paths;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        paths.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    // A path may have a comma of its own.
    return std::filesystem::exists(list) ? std::vector{list} : paths;
}

std::vector<analysis::Samples> read(const std::vector<std::string>& paths) {
    std::vector<analysis::Samples> runs;
    for (const auto& path : paths) {
        runs.push_back(analysis::read_samples(path));
        if (std::all_of(runs.back().series.begin(), runs.back().series.end(),
                        [](const analysis::Series& series) { return series.rows == 0; })) {
            throw std::runtime_error(path + ": no series is whole; there is nothing to compare");
        }
    }
    return runs;
}

// "algo=heap/type=i32".
analysis::Coordinates coordinates_of(const std::string& text, const char* option) {
    std::string module;
    std::string operation;
    analysis::Coordinates coordinates;
    try {
        analysis::split_point("m/o" + (text.empty() ? "" : "/" + text), module, operation,
                              coordinates);
    } catch (const std::invalid_argument&) {
        throw std::invalid_argument(fmt::format(
            "{} {}: coordinates are KEY=VALUE, parted by '/', such as algo=heap", option, text));
    }
    return coordinates;
}

Json json_of(const Comparison& result) {
    Json out;
    out["verdict"] = name(result.verdict);
    out["middle"] = name(result.middle);
    out["no_slower"] = no_slower(result);
    out["method"] = result.method;
    out["unit"] = result.unit;
    out["old"] = {{"median", finite(result.before)},
                  {"n", result.n_before},
                  {"effective_n", finite(result.effective_before)}};
    out["new"] = {{"median", finite(result.now)},
                  {"n", result.n_now},
                  {"effective_n", finite(result.effective_now)}};
    out["ratio"] = finite(result.ratio);
    out["interval"] = {finite(result.bounds.low), finite(result.bounds.high)};
    out["threshold"] = {{"value", finite(result.threshold)}, {"of", result.threshold_of}};
    out["p"] = finite(result.p_value);
    out["detectable_ratio"] = finite(result.detectable);
    out["n_to_settle"] = result.needed ? finite(*result.needed) : Json(nullptr);
    out["tails"] = Json::array();
    for (const auto& tail : result.tails) {
        out["tails"].push_back({{"p", tail.p},
                                {"old", finite(tail.before)},
                                {"new", finite(tail.now)},
                                {"ratio", finite(tail.ratio)},
                                {"interval", {finite(tail.bounds.low), finite(tail.bounds.high)}},
                                {"worse", tail.worse},
                                {"better", tail.better}});
    }
    out["stands_in"] = {{"agree", result.agree}, {"of", result.choices.size()}};
    out["choices"] = Json::array();
    for (const auto& choice : result.choices) {
        out["choices"].push_back(
            {{"name", choice.name},
             {"ratio", finite(choice.ratio)},
             {"interval", {finite(choice.bounds.low), finite(choice.bounds.high)}},
             {"verdict", name(choice.verdict)}});
    }
    out["warnings"] = result.warnings;
    return out;
}

void print_json(const RunsComparison& runs, const CompareVerbOptions& options, int code) {
    Json out;
    out["schema"] = "kmodbench-comparison/1";
    out["old"] = options.before;
    out["new"] = options.now;
    out["target"] = runs.target;
    out["time_unit"] = runs.time_unit;
    out["margin"] = runs.margin;
    out["noise_floor"] = {{"value", runs.noise_floor}, {"from", runs.noise_floor_from}};
    out["correction"] = options.correction;
    out["exit_code"] = code;
    for (const Verdict verdict : {Verdict::slower, Verdict::faster, Verdict::equivalent,
                                  Verdict::worse_tail, Verdict::cannot_say}) {
        out["counts"][std::string(name(verdict))] = runs.count(verdict);
    }
    out["points"] = Json::array();
    for (const auto& point : runs.points) {
        Json one = {{"point", point.point}, {"measure", point.measure}};
        one["p_alone"] = finite(point.p_alone);
        one.update(json_of(point.result));
        out["points"].push_back(std::move(one));
    }
    out["only_old"] = runs.only_before;
    out["only_new"] = runs.only_now;
    out["warnings"] = runs.warnings;
    fmt::print("{}\n", json_text(out));
}

// What follows a verdict that is no plain "equivalent".
void print_reasons(const Comparison& result) {
    for (const auto& warning : result.warnings) {
        fmt::print("    {}\n", warning);
    }
    if (result.choices.empty()) {
        return;
    }
    if (result.middle == Verdict::cannot_say) {
        fmt::print("    would find {:.4g} x; {}\n", result.detectable,
                   result.needed ? fmt::format("{:.0f} {}s a side would settle it", *result.needed,
                                               result.unit)
                                 : "no number of samples settles what stands at the threshold");
    }
    if (result.threshold_of != "margin") {
        fmt::print("    threshold {:.4g}: {}\n", result.threshold, result.threshold_of);
    }
    for (const auto& tail : result.tails) {
        if (tail.worse) {
            fmt::print("    p{:g}: {:.6g} -> {:.6g}, {:.4f} [{:.4f}, {:.4f}]\n", tail.p * 100,
                       tail.before, tail.now, tail.ratio, tail.bounds.low, tail.bounds.high);
        }
    }
    fmt::print("    stands in {} of {} analyses; {}, {} and {}\n", result.agree,
               result.choices.size(), result.method, result.n_before, result.n_now);
}

void print_text(const RunsComparison& runs, const CompareVerbOptions& options) {
    std::size_t width = 5;
    for (const auto& point : runs.points) {
        width = std::max(width, point.point.size() + point.measure.size() + 1);
    }
    fmt::print("target {}, times in {}, margin {:g}, noise floor {} ({})\n\n", runs.target,
               runs.time_unit, runs.margin,
               runs.noise_floor > 0 ? fmt::format("{:.4f}", runs.noise_floor) : "-",
               runs.noise_floor_from);
    fmt::print("{:<{}} {:>12} {:>12}  {:<28} verdict\n", "point", width, "old", "new",
               "ratio, interval");
    for (const auto& point : runs.points) {
        const Comparison& result = point.result;
        fmt::print("{:<{}} {:>12.6g} {:>12.6g}  {:<28} {}\n", point.point + " " + point.measure,
                   width, result.before, result.now,
                   fmt::format("{:.4f} [{:.4f}, {:.4f}]", result.ratio, result.bounds.low,
                               result.bounds.high),
                   name(result.verdict));
        if (result.verdict != Verdict::equivalent || options.verbose) {
            print_reasons(result);
        }
    }
    fmt::print("\n{} points: {} slower, {} worse tail, {} faster, {} equivalent, {} cannot say\n",
               runs.points.size(), runs.count(Verdict::slower), runs.count(Verdict::worse_tail),
               runs.count(Verdict::faster), runs.count(Verdict::equivalent),
               runs.count(Verdict::cannot_say));
}

int exit_code_of(const RunsComparison& runs) {
    if (runs.count(Verdict::slower) + runs.count(Verdict::worse_tail) > 0) {
        return kSlower;
    }
    const bool all = std::all_of(runs.points.begin(), runs.points.end(),
                                 [](const auto& point) { return no_slower(point.result); });
    return all ? 0 : kCannotSay;
}

}  // namespace

int compare(const CompareVerbOptions& options) {
    namespace fs = std::filesystem;
    analysis::CompareRunsOptions how;
    how.margin = options.margin;
    how.noise_floor = options.noise_floor;
    how.measure = options.measure;
    how.only_before = coordinates_of(options.only_before, "--old");
    how.only_now = coordinates_of(options.only_now, "--new");
    how.correction = options.correction == "holm" ? analysis::Correction::holm
                     : options.correction == "bh" ? analysis::Correction::benjamini_hochberg
                                                  : analysis::Correction::none;
    const auto before = paths_of(options.before);
    const auto now = paths_of(options.now);
    how.same_run = before.size() == 1 && now.size() == 1 && fs::exists(before.front()) &&
                   fs::exists(now.front()) && fs::equivalent(before.front(), now.front());
    const auto runs = analysis::compare_runs(read(before), read(now), how);
    for (const auto& warning : runs.warnings) {
        fmt::print(stderr, "kmodbench: {}\n", warning);
    }
    const int code = exit_code_of(runs);
    if (options.json) {
        print_json(runs, options, code);
    } else {
        print_text(runs, options);
    }
    return code;
}

}  // namespace kmb::cli
