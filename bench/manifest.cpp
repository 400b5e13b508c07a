#include "bench/manifest.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "bench/foreign_device.h"
#include "bench/machine.h"
#include "bench/results_dir.h"
#include "bench/version.h"

namespace kmb::bench {
namespace {

using nlohmann::json;

std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The compiler's name as it stands in an object file's .comment section.
json object_compiler(const std::string& file) {
    const std::string bytes = slurp(file);
    const auto begin = bytes.find("GCC: (");
    if (begin == std::string::npos) {
        return nullptr;
    }
    return std::string(bytes.c_str() + begin);
}

// "... (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld ...) #1 SMP ..." -> the part in brackets.
json kernel_compiler() {
    const std::string version = slurp("/proc/version");
    const auto begin = version.find('(', version.find(") "));
    const auto end = version.find(") #");
    if (begin == std::string::npos || end == std::string::npos || end < begin) {
        return nullptr;
    }
    return version.substr(begin + 1, end - begin - 1);
}

std::string quote(const std::string& word) {
    const bool plain =
        !word.empty() &&
        word.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%") ==
            std::string::npos;
    if (plain) {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

// The command that makes the run again, with the target that was found.
std::string again(const RunRequest& request, const std::string& target) {
    std::string text = fmt::format("kmodbench run --target {} --seed {}", target, request.seed);
    if (request.sweep == Sweep::quick) {
        text += " --quick";
    }
    if (request.cpu) {
        text += fmt::format(" --cpu {}", *request.cpu);
    }
    const auto add = [&text](const char* flag, const auto& value) {
        if (value) {
            text += fmt::format(" {} {}", flag, *value);
        }
    };
    add("--rounds", request.limits.rounds);
    add("--min-samples", request.limits.min_samples);
    add("--max-samples", request.limits.max_samples);
    add("--width", request.limits.width);
    add("--budget", request.limits.budget_seconds);
    if (request.device) {
        for (const auto& flag : flags_of(*request.device)) {
            text += " " + quote(flag);
        }
    }
    for (const auto& flag : request.vm_flags) {
        text += " " + quote(flag);
    }
    for (const auto& flag : request.benchmark_flags) {
        text += " " + quote(flag);
    }
    if (!request.pattern.empty()) {
        text += " " + quote(request.pattern);
    }
    return text;
}

template <typename T>
json optional_json(const std::optional<T>& value) {
    return value ? json(*value) : json(nullptr);
}

template <typename T>
void read_optional(const json& from, const char* key, std::optional<T>& value) {
    if (from.contains(key) && !from[key].is_null()) {
        value = from[key].get<T>();
    }
}

json device_to_json(const std::optional<ForeignDevice>& device) {
    if (!device) {
        return nullptr;
    }
    return {{"node", device->node},
            {"operations", device->operations},
            {"sweeps", device->sweeps},
            {"expect", device->expect},
            {"ko", device->ko},
            {"ko_parameters", device->ko_parameters},
            {"build_id", device->build_id}};
}

ForeignDevice device_from_json(const json& stored) {
    return {.node = stored.at("node").get<std::string>(),
            .operations = stored.at("operations").get<std::vector<std::string>>(),
            .sweeps = stored.at("sweeps").get<std::vector<std::string>>(),
            .expect = stored.at("expect").get<std::string>(),
            .ko = stored.at("ko").get<std::string>(),
            .ko_parameters = stored.at("ko_parameters").get<std::string>(),
            .build_id = stored.at("build_id").get<std::string>()};
}

}  // namespace

json request_to_json(const RunRequest& request, const std::string& target) {
    return {{"target", target},
            {"sweep", request.sweep == Sweep::quick ? "quick" : "full"},
            {"pattern", request.pattern},
            {"seed", request.seed},
            {"cpu", optional_json(request.cpu)},
            {"rounds", optional_json(request.limits.rounds)},
            {"min_samples", optional_json(request.limits.min_samples)},
            {"max_samples", optional_json(request.limits.max_samples)},
            {"width", optional_json(request.limits.width)},
            {"budget_seconds", optional_json(request.limits.budget_seconds)},
            {"benchmark_flags", request.benchmark_flags},
            {"vm_flags", request.vm_flags},
            {"device", device_to_json(request.device)}};
}

json read_manifest(const std::string& directory) {
    const auto path = directory + "/manifest.json";
    auto manifest = json::parse(slurp(path), nullptr, false);
    if (!manifest.is_object() || !manifest.contains("request")) {
        throw std::runtime_error(path + ": missing or damaged; is this a results directory?");
    }
    return manifest;
}

void request_from_json(const json& stored, RunRequest& request) try {
    request.target = stored.at("target").get<std::string>();
    request.sweep = stored.at("sweep") == "quick" ? Sweep::quick : Sweep::full;
    request.pattern = stored.at("pattern").get<std::string>();
    request.seed = stored.at("seed").get<std::uint64_t>();
    read_optional(stored, "cpu", request.cpu);
    read_optional(stored, "rounds", request.limits.rounds);
    read_optional(stored, "min_samples", request.limits.min_samples);
    read_optional(stored, "max_samples", request.limits.max_samples);
    read_optional(stored, "width", request.limits.width);
    read_optional(stored, "budget_seconds", request.limits.budget_seconds);
    request.benchmark_flags = stored.at("benchmark_flags").get<std::vector<std::string>>();
    request.vm_flags = stored.at("vm_flags").get<std::vector<std::string>>();
    if (stored.contains("device") && !stored["device"].is_null()) {
        request.device = device_from_json(stored["device"]);
    }
} catch (const json::exception& error) {
    throw std::runtime_error(
        fmt::format("manifest.json does not tell what the run was asked for ({}); start a new run",
                    error.what()));
}

json measured_part(const std::vector<LoadedModule>& modules, const std::vector<Selected>& points,
                   const RunSettings& settings) {
    json loaded = json::array();
    json module_compiler = nullptr;
    for (const auto& module : modules) {
        loaded.push_back(
            {{"name", module.name},
             {"srcversion", module.srcversion.empty() ? json(nullptr) : json(module.srcversion)},
             {"build_id", module.build_id.empty() ? json(nullptr) : json(module.build_id)},
             {"file", module.file.empty() ? json("was loaded before") : json(module.file)},
             {"parameters", module.parameters}});
        if (module_compiler.is_null() && !module.file.empty()) {
            module_compiler = object_compiler(module.file);
        }
    }
    std::map<std::string, std::size_t> counts;
    for (const auto& point : points) {
        ++counts[std::string(point.source->name())];
    }
    json cases = json::array();
    for (const auto& [name, count] : counts) {
        cases.push_back({{"name", name}, {"points", count}, {"file", name + ".ksamp"}});
    }
    const auto source = clock_source();
    return {{"machine", describe_machine()},
            {"kernel", describe_kernel()},
            {"clock",
             {{"source", source.empty() ? json(nullptr) : json(source)}, {"step", clock_step()}}},
            {"compiler",
             {{"program", "gcc " __VERSION__},
              {"modules", module_compiler},
              {"kernel", kernel_compiler()}}},
            {"modules", loaded},
            {"cases", cases},
            {"settings", describe_settings()},
            {"pinned_cpu", settings.cpu}};
}

json outer_part(const RunRequest& request, const Target& target) {
    json arguments = request.command_line;
    return {{"schema", "kmodbench-manifest/1"},
            {"kmodbench", {{"version", kVersion}, {"commit", kCommit}}},
            {"started", utc_iso()},
            {"command", {{"arguments", arguments}, {"again", again(request, target.name)}}},
            {"request", request_to_json(request, target.name)},
            {"target", {{"name", target.name}, {"reason", target.reason}}},
            {"time_unit", target.time_unit},
            {"seed", request.seed},
            {"sweep", request.sweep == Sweep::quick ? "quick" : "full"},
            {"failures", json::array()},
            {"resumed", json::array()}};
}

}  // namespace kmb::bench
