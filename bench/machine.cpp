#include "bench/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kmb::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string trim(std::string text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\0'; };
    while (!text.empty() && blank(text.back())) {
        text.pop_back();
    }
    const auto begin = std::find_if_not(text.begin(), text.end(), blank);
    return {begin, text.end()};
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        return std::nullopt;
    }
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) {
        return std::nullopt;
    }
    text = trim(text);
    return text == "(null)" ? std::string{} : text;  // an empty mask, as some kernels print it
}

json or_null(const std::optional<std::string>& text) {
    return text ? json(*text) : json(nullptr);
}

// "key : value" lines of the first processor in /proc/cpuinfo.
json first_processor() {
    json fields = json::object();
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line) && !line.empty();) {
        const auto colon = line.find(':');
        if (colon != std::string::npos) {
            fields[trim(line.substr(0, colon))] = trim(line.substr(colon + 1));
        }
    }
    return fields;
}

// {"L1d": "48K", "L1i": "32K", "L2": ...} of CPU 0.
json caches() {
    json found = json::object();
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/sys/devices/system/cpu/cpu0/cache", error)) {
        const auto base = entry.path().string();
        const auto level = read_file(base + "/level");
        const auto type = read_file(base + "/type");
        const auto size = read_file(base + "/size");
        if (level && type && size) {
            const std::string suffix = *type == "Data" ? "d" : *type == "Instruction" ? "i" : "";
            found["L" + *level + suffix] = *size;
        }
    }
    return found;
}

// What lscpu shows, read from where lscpu reads it.
json lscpu() {
    const json cpu = first_processor();
    json shown = json::object();
    utsname kernel{};
    ::uname(&kernel);
    shown["architecture"] = kernel.machine;
    const std::pair<const char*, const char*> names[] = {
        {"vendor", "vendor_id"}, {"model_name", "model name"}, {"family", "cpu family"},
        {"model", "model"},      {"stepping", "stepping"},     {"microcode", "microcode"},
        {"mhz", "cpu MHz"},      {"bogomips", "bogomips"},     {"flags", "flags"},
    };
    for (const auto& [name, field] : names) {
        shown[name] = cpu.contains(field) ? cpu[field] : json(nullptr);
    }
    shown["caches"] = caches();
    shown["online"] = or_null(read_file("/sys/devices/system/cpu/online"));
    shown["threads_per_core"] =
        or_null(read_file("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list"));
    shown["numa_nodes"] = or_null(read_file("/sys/devices/system/node/online"));
    return shown;
}

json mitigations() {
    json found = json::object();
    std::error_code error;
    for (const auto& entry :
         fs::directory_iterator("/sys/devices/system/cpu/vulnerabilities", error)) {
        found[entry.path().filename().string()] = or_null(read_file(entry.path().string()));
    }
    return found;
}

struct Setting {
    const char* name;
    const char* file;
};

// Sorted by name, one a line.
constexpr Setting kSettings[] = {
    {"address space randomization", "/proc/sys/kernel/randomize_va_space"},
    {"cpu frequency governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"},
    {"isolated CPUs", "/sys/devices/system/cpu/isolated"},
    {"nohz_full CPUs", "/sys/devices/system/cpu/nohz_full"},
    {"NUMA balancing", "/proc/sys/kernel/numa_balancing"},
    {"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid"},
    {"real-time throttling", "/proc/sys/kernel/sched_rt_runtime_us"},
    {"SMT", "/sys/devices/system/cpu/smt/control"},
    {"transparent huge pages", "/sys/kernel/mm/transparent_hugepage/enabled"},
    {"turbo disabled", "/sys/devices/system/cpu/intel_pstate/no_turbo"},
    {"watchdog", "/proc/sys/kernel/watchdog"},
};

}  // namespace

json describe_machine() {
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    const json cpu = first_processor();
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    return {{"hostname", host},
            {"cpu_model", cpu.contains("model name") ? cpu["model name"] : json(nullptr)},
            {"cpus", ::sysconf(_SC_NPROCESSORS_ONLN)},
            {"lscpu", lscpu()},
            {"memory_bytes", pages * ::sysconf(_SC_PAGESIZE)}};
}

json describe_kernel() {
    utsname kernel{};
    ::uname(&kernel);
    return {{"release", kernel.release},
            {"version", kernel.version},
            {"command_line", or_null(read_file("/proc/cmdline"))},
            {"mitigations", mitigations()}};
}

json describe_settings() {
    json found = json::array();
    for (const auto& setting : kSettings) {
        found.push_back({{"name", setting.name},
                         {"file", setting.file},
                         {"found", or_null(read_file(setting.file))}});
    }
    return found;
}

std::string clock_source() {
    return read_file("/sys/devices/system/clocksource/clocksource0/current_clocksource")
        .value_or("");
}

}  // namespace kmb::bench
