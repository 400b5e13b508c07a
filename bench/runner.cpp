#include "bench/runner.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <regex>

#include "bench/affinity.h"
#include "bench/clock.h"
#include "bench/gbench_reporter.h"
#include "bench/progress.h"
#include "bench/sample_writer.h"
#include "bench/stopping.h"

namespace kmb::bench {
namespace {

std::atomic<bool> stop_requested{false};

// A point while it is being measured.
struct Item {
    Selected what;
    std::string name;
    std::int64_t cost = 0;  // one repetition with preparation and verification
    Portion portion{};
    std::uint64_t visits = 0;     // blocks begun so far
    std::int64_t not_before = 0;  // of the next one, on the clock
    bool failed = false;
    std::vector<double> medians{};  // of its rounds, where they are adaptive
    Look look{};                    // what they said last
    [[nodiscard]] bool settled() const { return look.sampling != Sampling::go_on; }
};

// Repetitions of warm-up draw their inputs from the far end of the sequence, so that
// no recorded input was seen before.
constexpr std::uint64_t kWarmupRep = 1ULL << 62U;

std::int64_t flag_value(const std::vector<std::string>& flags, const std::string& name,
                        std::int64_t otherwise) {
    for (const auto& flag : flags) {
        if (flag.rfind("--" + name + "=", 0) == 0) {
            return std::stoll(flag.substr(name.size() + 3));
        }
    }
    return otherwise;
}

std::string flag_text(const std::vector<std::string>& flags, const std::string& name) {
    for (const auto& flag : flags) {
        if (flag.rfind("--" + name + "=", 0) == 0) {
            return flag.substr(name.size() + 3);
        }
    }
    return {};
}

// The time that Google Benchmark is told: what the caller saw, else the kernel's.
std::int64_t headline(const Sample& sample) {
    return sample.user != kAbsent ? sample.user : sample.total;
}

double median_headline(const std::vector<Sample>& samples) {
    std::vector<double> times;
    times.reserve(samples.size());
    for (const auto& sample : samples) {
        times.push_back(static_cast<double>(headline(sample)));
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    if (times.size() % 2 != 0) {
        return *middle;
    }
    return (*middle + *std::max_element(times.begin(), middle)) / 2;
}

class Measurement {
  public:
    Measurement(const std::vector<Selected>& points, const RunSettings& settings, Sink& sink)
        : settings_(settings),
          sink_(sink),
          limits_(settings.limits.value_or(default_limits(settings.target, settings.sweep))),
          pin_(settings.cpu),
          clock_step_(clock_step()) {
        for (const auto& point : points) {
            items_.push_back({.what = point, .name = point.point.name()});
        }
        repetitions_ = static_cast<std::uint64_t>(std::max<std::int64_t>(
            flag_value(settings.benchmark_flags, "benchmark_repetitions", 1), 1));
        limits_.rounds *= repetitions_;
    }

    Outcome run();

  private:
    void pilot();
    void pilot(Item& item);
    void register_visits();
    void block(benchmark::State& state, Item& item);
    void samples(benchmark::State& state, Item& item, std::uint64_t round);
    void fail(Item& item, const std::string& message);
    [[nodiscard]] bool adaptive() const { return limits_.width > 0; }
    [[nodiscard]] StopRule rule(const Item& item) const;
    void decide(Item& item, double median);
    void say_plan();
    void say_end();
    [[nodiscard]] double cost_of(const Item& item, std::uint64_t rounds) const {
        return static_cast<double>(item.cost) * static_cast<double>(item.portion.samples * rounds);
    }
    [[nodiscard]] BlockHead head(const Item& item, std::uint64_t round) const;

    const RunSettings& settings_;
    Sink& sink_;
    Limits limits_;
    Pin pin_;
    std::int64_t clock_step_;
    std::uint64_t repetitions_ = 1;
    std::vector<Item> items_;
    double cost_done_ = 0;
    double cost_total_ = 0;
    Outcome outcome_;
};

void Measurement::fail(Item& item, const std::string& message) {
    item.failed = true;
    ++outcome_.failures;
    sink_.failure(item.name, message);
}

// One call and one more if the first was cheap: warms caches and page tables, proves
// that the point works, and says what a repetition costs.
void Measurement::pilot(Item& item) {
    const auto planned = settings_.planned.find(item.name);
    const auto workload = item.what.source->open(item.what.point);
    Sample sample;
    for (std::uint64_t call = 0; call < 2; ++call) {
        const auto begin = now_ns();
        workload->prepare(settings_.seed, kWarmupRep + call);
        workload->run(sample);
        workload->verify();
        item.cost = now_ns() - begin;
        if (item.cost > limits_.warmup_limit) {
            break;
        }
    }
    item.portion =
        planned != settings_.planned.end() ? planned->second : portion(limits_, item.cost);
}

void Measurement::pilot() {
    const auto order = interleave(items_.size(), 1, settings_.seed ^ 0x70696c6f74ULL);
    std::string plan;
    std::size_t done = 0;
    for (const auto& visit : order) {
        Item& item = items_[visit.point];
        if (stop_requested) {
            return;
        }
        sink_.progress(static_cast<double>(done++), static_cast<double>(order.size()),
                       "first look: " + item.name);
        try {
            pilot(item);
        } catch (const std::exception& error) {
            fail(item, error.what());
            continue;
        }
        plan += fmt::format("{}\t{}\t{}\t{}\n", item.name, item.portion.rounds,
                            item.portion.samples, item.cost);
        cost_total_ += cost_of(item, item.portion.rounds);
    }
    if (settings_.planned.empty()) {
        sink_.append("plan.tsv", "point\trounds\tsamples_per_round\tcost_of_a_repetition\n" + plan);
    }
    say_plan();
}

// What will be done, before it is.
void Measurement::say_plan() {
    std::uint64_t most = 0;
    std::uint64_t samples = 0;
    double least_cost = 0;
    for (const auto& item : items_) {
        most = std::max(most, item.portion.rounds);
        samples = std::max(samples, item.portion.samples);
        least_cost += cost_of(item, adaptive() ? limits_.first_look : item.portion.rounds);
    }
    const auto time = [&](double cost) {
        return settings_.time_unit == "ns" ? duration_text(cost * 1e-9)
                                           : fmt::format("{:.2g} {}", cost, settings_.time_unit);
    };
    if (!adaptive()) {
        sink_.note(fmt::format("plan: {} points in {} random rounds of up to {} samples, about {}",
                               items_.size(), most, samples, time(cost_total_)));
        return;
    }
    const auto at_least = [&](double cost, std::uint64_t rounds) {
        return time(
            std::max(cost, static_cast<double>(limits_.apart) * static_cast<double>(rounds - 1)));
    };
    sink_.note(fmt::format(
        "plan: {} points in random rounds of up to {} samples, {} to {} rounds each{}, until the "
        "median is known to {:g} % (interval of 95 % over all {} looks); {} to {}",
        items_.size(), samples, limits_.first_look, most,
        limits_.apart > 0 ? fmt::format(", {:g} s apart", static_cast<double>(limits_.apart) * 1e-9)
                          : "",
        limits_.width * 100, looks({.first = limits_.first_look, .most = most}).size(),
        at_least(least_cost, limits_.first_look), at_least(cost_total_, most)));
}

// Why each point ended: sampling.tsv, and a summary.
void Measurement::say_end() {
    std::string lines = "point\trounds\tsamples\tmedian\thalf_width\tended\tlower\tupper\tshare\n";
    std::size_t narrow = 0;
    std::size_t spent = 0;
    std::string modes;
    for (const auto& item : items_) {
        const Look& look = item.look;
        narrow += look.sampling == Sampling::narrow ? 1 : 0;
        spent += look.sampling == Sampling::spent ? 1 : 0;
        const bool two = look.sampling == Sampling::modes;
        lines +=
            fmt::format("{}\t{}\t{}\t{:g}\t{:.5f}\t{}\t{}\n", item.name, item.medians.size(),
                        item.medians.size() * item.portion.samples, look.median, look.half_width(),
                        item.failed ? "failed" : name(look.sampling),
                        two ? fmt::format("{:g}\t{:g}\t{:.2f}", look.lower, look.upper, look.share)
                            : "-\t-\t-");
        if (two) {
            modes += fmt::format("\n  two levels: {}: {:g} in {:.0f} % of the rounds, else {:g}",
                                 item.name, look.lower, look.share * 100, look.upper);
        }
    }
    sink_.append("sampling.tsv", lines);
    sink_.note(
        fmt::format("{} points known to {:g} %, {} at their bound of time or count before "
                    "that{}",
                    narrow, limits_.width * 100, spent, modes));
}

StopRule Measurement::rule(const Item& item) const {
    return {.width = limits_.width,
            .first = std::min(limits_.first_look, item.portion.rounds),
            .most = item.portion.rounds,
            .step = static_cast<double>(clock_step_)};
}

// After each round, in order, so that a resumed run decides as it would have.
void Measurement::decide(Item& item, double median) {
    if (!adaptive()) {
        return;
    }
    item.medians.push_back(median);
    item.look = look(item.medians, rule(item));
    if (item.settled()) {
        cost_done_ += cost_of(item, item.portion.rounds - item.medians.size());
    }
}

BlockHead Measurement::head(const Item& item, std::uint64_t round) const {
    return {.case_name = std::string(item.what.source->name()),
            .point = item.name,
            .target = settings_.target,
            .time_unit = settings_.time_unit,
            .clock_step = clock_step_,
            .round = round,
            .rounds = adaptive() ? next_look(rule(item), round) : limits_.rounds,
            .seed = settings_.seed,
            .batch = 1,
            .extra_columns = {}};
}

void Measurement::samples(benchmark::State& state, Item& item, std::uint64_t round) {
    const auto workload = item.what.source->open(item.what.point);
    auto description = head(item, round);
    description.extra_columns = workload->extra_columns();
    description.batch = workload->batch();
    const std::string file = description.case_name + ".ksamp";
    sink_.append(file, block_head(description));
    sink_.flush();

    const std::uint64_t first = round * item.portion.samples;
    std::vector<Sample> taken(item.portion.samples);
    for (auto& sample : taken) {
        sample.extra.reserve(description.extra_columns.size());
    }
    if (item.cost <= limits_.warmup_limit) {
        Sample sample;
        for (std::uint64_t call = 0; call < limits_.warmup; ++call) {
            workload->prepare(settings_.seed, kWarmupRep + call);
            workload->run(sample);
            workload->verify();
        }
    }
    std::size_t count = 0;
    const bool all = !stop_requested && workload->run_all(taken, settings_.seed, first);
    while (state.KeepRunning()) {
        if (stop_requested) {
            state.SkipWithError("interrupted");
            return;
        }
        Sample& sample = taken[count];
        if (!all) {
            workload->prepare(settings_.seed, first + count);
            workload->run(sample);
            workload->verify();
        }
        state.SetIterationTime(static_cast<double>(headline(sample)) * 1e-9);
        ++count;
    }
    pin_.check();
    const std::string rows = block_rows(taken, first);
    sink_.append(file, rows);
    sink_.append(file, block_end(rows, taken.size()));
    sink_.flush();
    ++outcome_.blocks;
    decide(item, median_headline(taken));
}

// One visit, called by Google Benchmark. Its repetitions are rounds of their own.
void Measurement::block(benchmark::State& state, Item& item) {
    const std::uint64_t round = item.visits++;
    if (stop_requested) {
        outcome_.interrupted = true;
        state.SkipWithError("interrupted");
        return;
    }
    if (item.failed) {
        state.SkipWithError("failed before");
        return;
    }
    if (item.settled() || round >= item.portion.rounds) {
        state.SkipWithError(kNothingToDo);
        return;
    }
    sink_.progress(cost_done_, cost_total_, item.name);
    cost_done_ += cost_of(item, 1);
    if (const auto there = settings_.complete.find({item.name, round});
        there != settings_.complete.end()) {
        decide(item, there->second);
        state.SkipWithError(kNothingToDo);
        return;
    }
    if (adaptive()) {
        wait_until(item.not_before);
        item.not_before = now_ns() + limits_.apart;
    }
    try {
        samples(state, item, round);
    } catch (const std::exception& error) {
        fail(item, error.what());
        state.SkipWithError(error.what());
    }
}

void Measurement::register_visits() {
    const std::uint64_t rounds = limits_.rounds / repetitions_;
    for (const auto& visit : interleave(items_.size(), rounds, settings_.seed)) {
        Item& item = items_[visit.point];
        benchmark::RegisterBenchmark(item.name.c_str(),
                                     [this, &item](benchmark::State& state) { block(state, item); })
            ->Iterations(static_cast<benchmark::IterationCount>(item.portion.samples))
            ->UseManualTime();
    }
}

Outcome Measurement::run() {
    pilot();
    if (!stop_requested) {
        register_visits();
        std::vector<std::string> arguments{"kmodbench"};
        for (const auto& flag : settings_.benchmark_flags) {
            // The filter has chosen the points already.
            if (flag.rfind("--benchmark_filter", 0) != 0) {
                arguments.push_back(flag);
            }
        }
        std::vector<char*> argv;
        argv.reserve(arguments.size() + 1);
        for (auto& argument : arguments) {
            argv.push_back(argument.data());
        }
        int argc = static_cast<int>(argv.size());
        argv.push_back(nullptr);
        benchmark::Initialize(&argc, argv.data());
        // Its tables know nanoseconds only; where time is instructions, every row says so.
        GbenchReporter reporter(
            sink_, flag_text(settings_.benchmark_flags, "benchmark_format"),
            settings_.time_unit == "ns" ? "" : fmt::format("times are {}", settings_.time_unit));
        benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, ".");
        benchmark::ClearRegisteredBenchmarks();
        benchmark::Shutdown();
    }
    outcome_.interrupted = outcome_.interrupted || stop_requested;
    if (!outcome_.interrupted) {
        sink_.progress(cost_total_, cost_total_, "measured");
        if (adaptive()) {
            say_end();
        }
    }
    return outcome_;
}

}  // namespace

std::vector<Selected> select_points(const RunSettings& settings) {
    std::string filter = flag_text(settings.benchmark_flags, "benchmark_filter");
    const bool negative = !filter.empty() && filter.front() == '-';
    if (negative) {
        filter.erase(0, 1);
    }
    if (filter == "all") {
        filter.clear();
    }
    std::vector<Selected> selected;
    try {
        const std::regex pattern(settings.pattern);
        const std::regex second(filter);
        const auto add = [&](const Case& source) {
            const bool whole_case = std::regex_search(std::string(source.name()), pattern);
            for (auto& point : source.points(settings.sweep)) {
                const std::string name = point.name();
                if ((whole_case || std::regex_search(name, pattern)) &&
                    std::regex_search(name, second) != negative) {
                    selected.push_back({&source, std::move(point)});
                }
            }
        };
        if (settings.only != nullptr) {
            add(*settings.only);
        } else {
            for (const auto& source : all_cases()) {
                add(*source);
            }
        }
    } catch (const std::regex_error& error) {
        throw std::invalid_argument(fmt::format("'{}' or '{}' is not a regular expression: {}",
                                                settings.pattern, filter, error.what()));
    }
    return selected;
}

void add_companions(std::vector<Selected>& selected, Sweep sweep) {
    std::set<std::string> there;
    for (const auto& one : selected) {
        there.insert(one.point.name());
    }
    const auto modules = modules_of(selected);
    for (const auto& source : all_cases()) {
        if (!source->goes_along()) {
            continue;
        }
        for (auto& point : source->points(sweep)) {
            const bool used = std::find(modules.begin(), modules.end(), source->module_of(point)) !=
                              modules.end();
            if (used && !there.contains(point.name())) {
                selected.push_back({source.get(), std::move(point)});
            }
        }
    }
}

std::vector<std::string> modules_of(const std::vector<Selected>& points) {
    std::set<std::string> names;
    for (const auto& selected : points) {
        if (const auto module = selected.source->module_of(selected.point); !module.empty()) {
            names.emplace(module);
        }
    }
    return {names.begin(), names.end()};
}

Outcome measure(const std::vector<Selected>& points, const RunSettings& settings, Sink& sink) {
    return Measurement(points, settings, sink).run();
}

void request_stop() noexcept {
    stop_requested = true;
}

}  // namespace kmb::bench
