#include "bench/run.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "bench/affinity.h"
#include "bench/gbench_reporter.h"
#include "bench/guest.h"
#include "bench/ko_file.h"
#include "bench/machine.h"
#include "bench/manifest.h"
#include "bench/module_loader.h"
#include "bench/progress.h"
#include "bench/results_dir.h"
#include "bench/sink.h"
#include "bench/target.h"

namespace kmb::bench {
namespace {

using nlohmann::json;

constexpr int kGuestDied = 3;
constexpr int kInterrupted = 130;
constexpr const char* kMeasuredFile = "measured.json";
constexpr const char* kPartFile = "benchmark.part";

std::atomic<bool> stop{false};

void on_signal(int) {
    stop = true;
    request_stop();
}

void catch_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second Ctrl-C ends at once
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        ::sigaction(number, &action, nullptr);
    }
    ::signal(SIGPIPE, SIG_IGN);
}

Limits limits_of(const LimitChoices& choices, std::string_view target, Sweep sweep) {
    Limits limits = default_limits(target, sweep);
    limits.rounds = choices.rounds.value_or(limits.rounds);
    limits.min_samples = choices.min_samples.value_or(limits.min_samples);
    limits.max_samples = choices.max_samples.value_or(limits.max_samples);
    // Who says how many rounds wants so many, unless a width is wanted as well.
    limits.width = choices.width.value_or(choices.rounds ? 0 : limits.width);
    limits.first_look = std::min(limits.first_look, limits.rounds);
    if (choices.budget_seconds) {
        limits.budget = static_cast<std::int64_t>(*choices.budget_seconds * 1e9);
    }
    return limits;
}

RunSettings settings_of(const RunRequest& request, const Target& target) {
    RunSettings settings;
    settings.target = target.name;
    settings.time_unit = target.time_unit;
    settings.sweep = request.sweep;
    settings.pattern = request.pattern;
    if (request.device) {
        settings.only = make_device_case(*request.device);
    }
    settings.limits = limits_of(request.limits, target.name, request.sweep);
    settings.seed = request.seed;
    settings.benchmark_flags = request.benchmark_flags;
    settings.complete = request.complete;
    return settings;
}

// "POINT ROUNDS SAMPLES COST" lines of plan.tsv.
std::map<std::string, Portion> parse_plan(const std::string& text) {
    std::map<std::string, Portion> planned;
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);  // names of the columns
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        std::string point;
        Portion portion;
        if (fields >> point >> portion.rounds >> portion.samples) {
            planned[point] = portion;
        }
    }
    return planned;
}

std::vector<Selected> points_or_throw(const RunSettings& settings) {
    auto points = select_points(settings);
    if (points.empty()) {
        throw std::invalid_argument(
            fmt::format("no point matches '{}'; 'kmodbench list' names all", settings.pattern));
    }
    // A module of the user's may have the name of one of ours; it knows no empty calls.
    if (settings.only == nullptr) {
        add_companions(points, settings.sweep);
    }
    return points;
}

// Collects what a run says beside its samples.
class RunSink final : public Sink {
  public:
    RunSink(const ResultsDir& directory, ProgressLine& line, json& manifest)
        : directory_(directory),
          files_(
              directory.path(),
              [&line](double done, double total, std::string_view text) {
                  line.show(done, total, text);
              },
              [&line, &manifest](std::string_view point, std::string_view message) {
                  line.say(fmt::format("kmodbench: {}: {}", point, message));
                  manifest["failures"].push_back({{"point", point}, {"message", message}});
              },
              [&line](std::string_view text) { line.say(text); }) {}
    void append(std::string_view file, std::string_view lines) override {
        if (file == kMeasuredFile) {
            measured_ += lines;
            return;
        }
        files_.append(file, lines);
        if (!started_) {
            started_ = true;
            directory_.publish();
        }
    }
    // True once anything was measured.
    [[nodiscard]] bool started() const { return started_; }
    void progress(double done, double total, std::string_view text) override {
        files_.progress(done, total, text);
    }
    void failure(std::string_view point, std::string_view message) override {
        files_.failure(point, message);
    }
    void note(std::string_view text) override { files_.note(text); }
    void flush() override { files_.flush(); }
    [[nodiscard]] const std::string& measured() const { return measured_; }

  private:
    const ResultsDir& directory_;
    DirectorySink files_;
    std::string measured_;
    bool started_ = false;
};

// The part of the manifest that a guest told, as it may have been cut short.
void merge_measured(json& manifest, const std::string& text) {
    const auto measured = json::parse(text, nullptr, false);
    if (measured.is_object()) {
        manifest.update(measured);
    }
}

std::string running_release() {
    utsname kernel{};
    ::uname(&kernel);
    return kernel.release;
}

// The user's own module, where there is one.
OwnModule own_module(const RunRequest& request) {
    if (!request.device || request.device->ko.empty()) {
        return {};
    }
    return {read_ko(request.device->ko).name, request.device->ko, request.device->ko_parameters};
}

// A guest and a later --resume need the files by their whole names, and the same module.
void settle(ForeignDevice& device) {
    for (auto* file : {&device.ko, &device.expect}) {
        if (!file->empty() && *file != "same") {
            *file = std::filesystem::absolute(*file).string();
        }
    }
    if (device.ko.empty()) {
        return;
    }
    const auto build_id = read_ko(device.ko).build_id;
    if (!device.build_id.empty() && device.build_id != build_id) {
        throw std::runtime_error(
            device.ko +
            ": built anew since this run began; two modules do not belong into one "
            "run: begin another");
    }
    device.build_id = build_id;
}

// Where host can be measured; a foreign device has its module elsewhere, or is there.
Target target_of(const RunRequest& request) {
    std::string modules = request.modules + "/" + running_release();
    if (request.device && !request.device->ko.empty()) {
        modules = std::filesystem::path(request.device->ko).parent_path().string();
    } else if (request.device && request.target == "auto" &&
               std::filesystem::exists(request.device->node)) {
        return {"host", "ns", request.device->node + " is here"};
    }
    return choose_target(request.target, modules, request.scripts);
}

// Loads what the points need into the running kernel, and waits for a foreign device.
std::unique_ptr<ModuleLoader> load_modules(const RunRequest& request,
                                           const std::vector<Selected>& points) {
    const auto own = own_module(request);
    if (!own.file.empty()) {
        check_ko(read_ko(own.file), own.file, running_release(),
                 fmt::format("/lib/modules/{}/build", running_release()), own.parameters);
    }
    const auto before = device_nodes();
    auto modules = std::make_unique<ModuleLoader>(modules_of(points),
                                                  request.modules + "/" + running_release(), own);
    if (request.device) {
        wait_for_node(*request.device, before);
    }
    return modules;
}

struct Ending {
    int exit_code = 0;
    bool finished = false;
};

Ending run_here(const RunRequest& request, const Target& target, const std::string& plan,
                json& manifest, Sink& sink) {
    auto settings = settings_of(request, target);
    settings.cpu = request.cpu.value_or(default_cpu());
    settings.planned = parse_plan(plan);
    const auto points = points_or_throw(settings);
    const auto modules = load_modules(request, points);
    manifest.update(measured_part(modules->modules(), points, settings));
    const auto outcome = measure(points, settings, sink);
    if (outcome.interrupted) {
        return {kInterrupted, false};
    }
    return {outcome.failures > 0 ? 1 : 0, true};
}

// A file in memory that a guest script can read by name while we live.
class TextFile {
  public:
    explicit TextFile(const std::string& text) : fd_(::memfd_create("text", MFD_CLOEXEC)) {
        if (fd_ < 0 ||
            ::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
            throw std::runtime_error("memfd_create: no memory");
        }
    }
    ~TextFile() { ::close(fd_); }
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;
    [[nodiscard]] std::string path() const {
        return fmt::format("/proc/{}/fd/{}", ::getpid(), fd_);
    }

  private:
    int fd_;
};

// `device` is the foreign device as the guest knows its files.
std::vector<std::string> inside_arguments(const RunRequest& request, const Target& target,
                                          const std::optional<ForeignDevice>& device) {
    std::vector<std::string> words{"run",
                                   "--target",
                                   "host",
                                   "--inside",
                                   target.name,
                                   "--stream",
                                   "/dev/ttyS1",
                                   "--modules",
                                   "/modules",
                                   "--seed",
                                   std::to_string(request.seed)};
    const auto add = [&words](const char* flag, const auto& value) {
        if (value) {
            words.emplace_back(flag);
            words.push_back(fmt::format("{}", *value));
        }
    };
    if (request.sweep == Sweep::quick) {
        words.emplace_back("--quick");
    }
    add("--cpu", request.cpu);
    add("--rounds", request.limits.rounds);
    add("--min-samples", request.limits.min_samples);
    add("--max-samples", request.limits.max_samples);
    add("--width", request.limits.width);
    add("--budget", request.limits.budget_seconds);
    if (device) {
        const auto flags = flags_of(*device);
        words.insert(words.end(), flags.begin(), flags.end());
    }
    for (const auto& flag : request.benchmark_flags) {
        if (flag.rfind("--benchmark_out", 0) != 0 && flag.rfind("--benchmark_format", 0) != 0) {
            words.push_back(flag);
        }
    }
    if (!request.pattern.empty()) {
        words.push_back(request.pattern);
    }
    return words;
}

// How this guest is made, as its launcher told it.
json describe_guest() {
    const auto told = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr ? json(value) : json(nullptr);
    };
    return {{"accelerator", told("KMB_ACCEL")},
            {"cpu_model", told("KMB_CPU_MODEL")},
            {"qemu", told("KMB_QEMU")}};
}

Ending run_in_guest(const RunRequest& request, const Target& target, const std::string& plan,
                    json& manifest, RunSink& sink, ProgressLine& line) {
    const auto settings = settings_of(request, target);
    const auto points = points_or_throw(settings);
    const auto kernel = guest_kernel(request.scripts);
    auto device = request.device;
    std::vector<std::pair<std::string, std::string>> files;
    if (device && !device->expect.empty() && device->expect != "same") {
        files.emplace_back(device->expect, "/etc/kmodbench/expect");
        device->expect = files.back().second;
    }
    const auto own = own_module(request);
    for (const auto& name : modules_of(points)) {
        auto file = fmt::format("{}/{}/{}.ko", request.modules, kernel.release, name);
        const auto inside = fmt::format("/modules/{}/{}.ko", kernel.release, name);
        if (name == own.name) {
            check_ko(read_ko(own.file), own.file, kernel.release, kernel.kdir, own.parameters);
            file = own.file;
            device->ko = inside;
        } else if (!std::filesystem::exists(file)) {
            throw std::runtime_error(fmt::format(
                "{}: not there; build it with 'make modules KDIR={}'", file, kernel.kdir));
        }
        files.emplace_back(file, inside);
    }
    GuestSettings guest{.scripts = request.scripts,
                        .target = target.name,
                        .vm_flags = request.vm_flags,
                        .kernel = kernel.boot,
                        .program = std::filesystem::canonical("/proc/self/exe").string(),
                        .arguments = inside_arguments(request, target, device),
                        .files = std::move(files)};
    std::string finished_blocks;
    for (const auto& [block, median] : request.complete) {
        finished_blocks += fmt::format("{}\t{}\t{}\n", block.first, block.second, median);
    }
    const TextFile skip(finished_blocks);
    const TextFile plan_file(plan);
    if (!request.complete.empty()) {
        guest.files.emplace_back(skip.path(), "/etc/kmodbench/skip");
        guest.files.emplace_back(plan_file.path(), "/etc/kmodbench/plan");
        guest.arguments.insert(guest.arguments.end(),
                               {"--skip", "/etc/kmodbench/skip", "--plan", "/etc/kmodbench/plan"});
    }
    manifest["host"] = describe_machine();
    manifest["host"].update(json{{"kernel", describe_kernel()["release"]}});
    line.say(fmt::format("booting a guest with kernel {} ({})", kernel.release,
                         target.name == "sim" ? "times will be instructions" : "times in ns"));
    const auto end = run_guest(guest, sink, [] { return stop.load(); });
    merge_measured(manifest, sink.measured());
    if (manifest.contains("guest")) {
        manifest["target"].update(manifest["guest"]);
        manifest.erase("guest");
    }
    if (end.interrupted) {
        return {kInterrupted, false};
    }
    if (!end.why.empty()) {
        line.say(end.why.substr(0, end.why.find_last_not_of('\n') + 1));
    }
    if (!end.finished && !sink.started()) {
        return {kGuestDied, false};
    }
    if (!end.finished) {
        line.say(fmt::format("kmodbench: the guest ended before the run did (status {})",
                             end.exit_code));
        return {kGuestDied, false};
    }
    return {end.exit_code, true};
}

// benchmark.json of all its parts, and copies where the user wanted some.
void finish_benchmark_json(const ResultsDir& directory, const RunRequest& request) {
    const auto text = compose_benchmark_json(directory.read(kPartFile));
    if (text.empty()) {
        return;
    }
    directory.write("benchmark.json", text);
    directory.remove(kPartFile);
    for (const auto& flag : request.benchmark_flags) {
        constexpr std::string_view out = "--benchmark_out=";
        if (flag.rfind(out, 0) == 0) {
            const auto path = flag.substr(out.size());
            std::ofstream copy(path, std::ios::binary);
            copy << text;
            if (!copy.flush()) {
                throw std::runtime_error(path + ": cannot be written");
            }
        } else if (flag == "--benchmark_format=json") {
            fmt::print("{}", text);
        }
    }
}

json start_manifest(const RunRequest& request, const Target& target, const ResultsDir& directory) {
    if (request.resume.empty()) {
        return outer_part(request, target);
    }
    auto manifest = json::parse(directory.read("manifest.json"), nullptr, false);
    if (!manifest.is_object()) {
        manifest = outer_part(request, target);
    }
    manifest["resumed"].push_back(utc_iso());
    manifest["failures"] = json::array();
    return manifest;
}

std::string go_on(const ResultsDir& directory) {
    return fmt::format("finished series are kept; go on with: kmodbench run --resume {}",
                       directory.path());
}

}  // namespace

int run(RunRequest request) {
    catch_signals();
    ProgressLine line;
    if (request.device) {
        settle(*request.device);
    }
    const auto target = target_of(request);
    points_or_throw(settings_of(request, target));
    line.say(fmt::format("target {}: {}", target.name, target.reason));
    const auto directory = request.resume.empty() ? ResultsDir::create(request.results, target.name)
                                                  : ResultsDir::open(request.resume);
    json manifest = start_manifest(request, target, directory);
    directory.write("manifest.json", manifest.dump(2) + "\n");
    const auto plan = request.resume.empty() ? std::string{} : directory.read("plan.tsv");

    RunSink sink(directory, line, manifest);
    Ending ending;
    try {
        ending = target.name == "host" ? run_here(request, target, plan, manifest, sink)
                                       : run_in_guest(request, target, plan, manifest, sink, line);
    } catch (...) {
        directory.discard();
        if (sink.started()) {
            line.say(go_on(directory));
        }
        throw;
    }
    if (!sink.started() && request.resume.empty()) {
        directory.discard();
        return ending.exit_code == 0 ? 1 : ending.exit_code;
    }
    if (ending.finished) {
        finish_benchmark_json(directory, request);
        manifest["finished"] = utc_iso();
    }
    directory.write("manifest.json", manifest.dump(2) + "\n");
    if (!ending.finished) {
        line.say(go_on(directory));
    }
    fmt::print("{}\n", directory.path());
    return ending.exit_code;
}

int run_inside(const InsideRequest& inside) {
    catch_signals();
    const Target target{inside.target, inside.target == "sim" ? "instructions" : "ns", ""};
    StreamSink sink(inside.stream);
    RunRequest request = inside.request;
    const auto slurp = [](const std::string& path) {
        std::ifstream file(path);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    };
    std::istringstream skip(slurp(inside.skip));
    std::string point;
    double median = 0;
    for (std::uint64_t round = 0; skip >> point >> round >> median;) {
        request.complete.emplace(std::pair(point, round), median);
    }
    int code = 2;
    // A guest that has just booted still refines its clock; that must not fall into a series.
    for (int tenth = 0; tenth < 50 && clock_source() == "tsc-early"; ++tenth) {
        ::usleep(100'000);
    }
    try {
        auto settings = settings_of(request, target);
        settings.cpu = request.cpu.value_or(default_cpu());
        settings.planned = parse_plan(slurp(inside.plan));
        const auto points = points_or_throw(settings);
        const auto modules = load_modules(request, points);
        auto measured = measured_part(modules->modules(), points, settings);
        measured["guest"] = describe_guest();
        sink.append(kMeasuredFile, measured.dump() + "\n");
        const auto outcome = measure(points, settings, sink);
        code = outcome.interrupted ? kInterrupted : outcome.failures > 0 ? 1 : 0;
    } catch (const std::exception& error) {
        sink.failure("(run)", error.what());
    }
    sink.done(code);
    return code;
}

}  // namespace kmb::bench
