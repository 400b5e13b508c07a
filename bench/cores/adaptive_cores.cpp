// The rule that ends a point (bench/stopping.h) on operations of this machine, beside
// Google Benchmark's 0.5 s x 10 repetitions: how long each takes to the same width, and how
// often the interval covers the long-run median.
//
//     bench_cores_adaptive [--part=gbench|record|live|table] [--seconds=30] [--copies=50]
//                          [--out=FILE]
//
// Parts leave what they found in FILE, so that each can be run while the machine is quiet;
// without --part all are run. `gbench` gives the width that is asked of the rule: half of
// Student's interval over the ten repetitions. `record` writes down the medians of rounds for
// some time, and 400 starts in it are replayed: a point's rounds lie as far apart as in a run of
// many points. `live` is such a run, with as many points of each operation side by side as
// --copies says, until 400 of each have ended.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/clock.h"
#include "bench/plan.h"
#include "bench/random.h"
#include "bench/stopping.h"
#include "fib_core.h"
#include "sort_core.h"

namespace {

using namespace kmb::bench;
using Json = nlohmann::ordered_json;

constexpr std::size_t kReplays = 400;
// Seconds from a point's round to its next: in a run of some hundred cheap points, and of a
// thousand.
constexpr double kTurns[] = {0.1, 0.3, 0.5, 1};
constexpr std::uint64_t kMostRounds = 400;

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// One operation: fresh input outside the clock, then the call.
struct Operation {
    std::string name;
    std::function<void(std::uint64_t rep)> prepare;
    std::function<void()> run;
};

Operation getppid_call() {
    return {"getppid", [](std::uint64_t) {}, [] { ::syscall(SYS_getppid); }};
}

// The kernel's copy to the caller, out of the page cache.
Operation copy_call(std::size_t bytes) {
    const int fd = ::memfd_create("copy", MFD_CLOEXEC);
    auto buffer = std::make_shared<std::vector<char>>(bytes, 'x');
    if (fd < 0 || ::write(fd, buffer->data(), bytes) != static_cast<ssize_t>(bytes)) {
        throw std::runtime_error("memfd_create: no memory");
    }
    return {fmt::format("copy {} KiB", bytes / 1024), [](std::uint64_t) {},
            [fd, buffer, bytes] {
                if (::pread(fd, buffer->data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
                    throw std::runtime_error("pread");
                }
            }};
}

// A new input for each call: of 512 that come again the branch predictor learns the more the
// less else runs in between (docs/cores-adaptive.md).
Operation sort_call(const char* variant, std::size_t n) {
    struct State {
        std::vector<std::int32_t> data;
        std::vector<std::uint64_t> scratch;
        sort_job job{};
    };
    auto state = std::make_shared<State>();
    const sort_variant* sort = sort_find(variant);
    state->data.resize(n);
    state->scratch.resize(sort_scratch(sort, n, SORT_I32) / 8 + 1);
    state->job.data = state->data.data();
    state->job.scratch = state->scratch.data();
    state->job.n = n;
    state->job.type = SORT_I32;
    return {fmt::format("sort {} n={}", variant, n),
            [state, n](std::uint64_t rep) {
                sort_fill(state->data.data(), n, SORT_I32, SORT_RANDOM, rep);
            },
            [state, sort] { sort_run(sort, &state->job); }};
}

Operation fib_call(std::uint64_t n) {
    struct State {
        std::vector<u64> out, scratch;
        fib_job job{};
    };
    auto state = std::make_shared<State>();
    const fib_variant* variant = fib_variant_find(FIB_PORTABLE, "fast_doubling");
    state->out.resize(fib_out_limbs(n));
    state->scratch.resize(std::max<u64>(variant->scratch(n, FIB_WANT_LIMBS), 1));
    return {fmt::format("fib n={}", n), [](std::uint64_t) {},
            [state, variant, n] {
                state->job = {};
                state->job.n = n;
                state->job.want = FIB_WANT_LIMBS;
                state->job.out = state->out.data();
                state->job.scratch = state->scratch.data();
                variant->compute(&state->job);
            }};
}

std::vector<Operation> operations() {
    return {copy_call(4096), copy_call(65536),        fib_call(10'000),
            getppid_call(),  sort_call("heap", 1000), sort_call("pdq", 1000)};
}

// What a repetition costs, and the limits of a full run with that.
Portion portion_of(const Operation& operation) {
    const auto begin = now_ns();
    for (std::uint64_t rep = 0; rep < 3; ++rep) {
        operation.prepare(rep);
        operation.run();
    }
    Limits limits = default_limits("host", Sweep::full);
    limits.rounds = kMostRounds;
    limits.max_samples = 41 * kMostRounds;
    return portion(limits, (now_ns() - begin) / 3);
}

struct Round {
    std::vector<double> times;
    double median = 0;
    double spent = 0;  // ns, warm-up and inputs included
};

Round measure_round(const Operation& operation, std::uint64_t samples, std::uint64_t first) {
    constexpr std::uint64_t kWarmup = 5;
    Round round;
    const auto begin = now_ns();
    for (std::uint64_t i = 0; i < kWarmup + samples; ++i) {
        operation.prepare(first + i);
        const auto before = now_ns();
        operation.run();
        const auto after = now_ns();
        if (i >= kWarmup) {
            round.times.push_back(static_cast<double>(after - before));
        }
    }
    round.spent = static_cast<double>(now_ns() - begin);
    round.median = median_of(round.times);
    return round;
}

// Google Benchmark, as it comes: means of ten repetitions of half a second.
class Means final : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type == Run::RT_Iteration) {
                means.push_back(run.GetAdjustedRealTime());
            }
        }
    }
    std::vector<double> means;
};

void run_gbench(Json& found) {
    for (const Operation& operation : operations()) {
        benchmark::RegisterBenchmark(operation.name.c_str(),
                                     [&operation](benchmark::State& state) {
                                         std::uint64_t rep = 0;
                                         for (auto _ : state) {
                                             operation.prepare(rep++);
                                             operation.run();
                                         }
                                     })
            ->MinTime(0.5)
            ->Repetitions(10)
            ->UseRealTime();
        Means reporter;
        const auto begin = now_ns();
        benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, ".");
        const double seconds = static_cast<double>(now_ns() - begin) * 1e-9;
        benchmark::ClearRegisteredBenchmarks();
        double mean = 0;
        for (double v : reporter.means) {
            mean += v / 10;
        }
        double square = 0;
        for (double v : reporter.means) {
            square += (v - mean) * (v - mean) / 9;
        }
        // Student's t of 9 degrees of freedom at 0.975.
        found["gbench"][operation.name] = {{"seconds", seconds},
                                           {"half_width", 2.262 * std::sqrt(square / 10) / mean}};
        fmt::print("gbench {:<16} {:.2f} s, +- {:.2f} %\n", operation.name, seconds,
                   226.2 * std::sqrt(square / 10) / mean);
    }
}

// As narrow as theirs, but never wider than 5 %: a repetition that was disturbed makes theirs
// useless. No less than a thousandth: neither the clock nor this machine knows it. `own`: never
// wider than what a run asks for by itself.
double width_of(const Json& found, const std::string& name, bool own) {
    const double theirs = found.at("gbench").at(name).at("half_width").get<double>();
    return std::clamp(theirs, 0.001, own ? default_limits("host", Sweep::full).width : 0.05);
}

// A point while it is measured: from a recorded trace or live.
struct Point {
    StopRule rule{};
    std::vector<double> medians{};
    double spent = 0;
    Look look{};
    std::int64_t not_before = 0;  // of the next round
    void add(double median, double ns) {
        medians.push_back(median);
        spent += ns;
        look = kmb::bench::look(medians, rule);
    }
    [[nodiscard]] bool ended() const { return look.sampling != Sampling::go_on; }
};

StopRule rule_of(const Json& found, const Operation& operation, const Portion& portion, bool own) {
    return {.width = width_of(found, operation.name, own),
            .most = portion.rounds,
            .step = static_cast<double>(clock_step())};
}

// The long-run median: of all samples, and of the medians of all rounds. They differ where some
// rounds are disturbed as a whole; the rule's interval is of the second.
struct Truth {
    double samples = 0;
    double rounds = 0;
};

Truth truth_of(const std::vector<Round>& trace) {
    std::vector<double> times;
    std::vector<double> medians;
    for (const Round& round : trace) {
        times.insert(times.end(), round.times.begin(), round.times.end());
        medians.push_back(round.median);
    }
    return {median_of(times), median_of(medians)};
}

struct Tally {
    std::size_t points = 0, narrow = 0, spent = 0, modes = 0;
    std::size_t covered = 0;  // of those that ended narrow
    std::size_t between = 0;  // long-run median within the interval, of all others
    std::size_t rounds = 0;   // long-run median of rounds within it, of all
    double seconds = 0, samples = 0;
    void add(const Point& point, const Truth& truth, std::uint64_t each) {
        ++points;
        const auto holds = [&](double v) { return point.look.low <= v && v <= point.look.high; };
        const bool inside = holds(truth.samples);
        rounds += holds(truth.rounds) ? 1U : 0U;
        switch (point.look.sampling) {
            case Sampling::narrow:
                ++narrow;
                covered += inside ? 1 : 0;
                break;
            case Sampling::modes:
                ++modes;
                between += inside ? 1 : 0;
                break;
            default:
                ++spent;
                between += inside ? 1 : 0;
        }
        seconds += point.spent * 1e-9;
        samples += static_cast<double>(point.medians.size() * each);
    }
    [[nodiscard]] Json json(const Truth& truth) const {
        const auto n = static_cast<double>(points);
        return {{"points", points},
                {"narrow", narrow},
                {"modes", modes},
                {"spent", spent},
                {"covered", covered},
                {"covered_else", between},
                {"seconds", seconds / n},
                {"samples", samples / n},
                {"covered_rounds", rounds},
                {"long_run_median", truth.samples},
                {"long_run_median_of_rounds", truth.rounds}};
    }
};

// Starts at random places of a recording that lasted so many seconds, a point's rounds `turn`
// seconds apart.
Tally replay(const std::vector<Round>& trace, const StopRule& rule, std::uint64_t samples,
             const Truth& truth, double turn, double seconds) {
    const auto apart = std::max<std::size_t>(
        1, static_cast<std::size_t>(turn / seconds * static_cast<double>(trace.size())));
    Random random(2);
    Tally tally;
    for (std::size_t k = 0; k < kReplays; ++k) {
        Point point{.rule = rule};
        // Where the recording ends it begins again, but no round is taken twice.
        point.rule.most =
            std::clamp<std::uint64_t>(trace.size() / apart, point.rule.first, rule.most);
        for (std::size_t at = random.below(trace.size()); !point.ended(); at += apart) {
            const Round& round = trace[at % trace.size()];
            point.add(round.median, round.spent);
        }
        tally.add(point, truth, samples);
    }
    return tally;
}

void replay_all(Json& found, const Operation& operation, const Portion& portion,
                const std::vector<Round>& trace, double seconds) {
    const Truth truth = truth_of(trace);
    for (const bool own : {false, true}) {
        const StopRule rule = rule_of(found, operation, portion, own);
        for (const double turn : kTurns) {
            found[fmt::format("replay {:g} s{}", turn, own ? ", own" : "")][operation.name] =
                replay(trace, rule, portion.samples, truth, turn, seconds).json(truth);
        }
    }
}

// How far the machine strays for longer than a point takes: medians of rounds in each twelfth
// of a recording, relative to that of all. No rule sees that from within. Last how far the
// median of all samples lies off that of rounds.
Json wander(const std::vector<Round>& trace) {
    constexpr std::size_t kParts = 12;
    const Truth truth = truth_of(trace);
    Json parts = Json::array();
    for (std::size_t k = 0; k < kParts; ++k) {
        const auto at = [&](std::size_t part) {
            return trace.begin() + static_cast<std::ptrdiff_t>(part * trace.size() / kParts);
        };
        parts.push_back(truth_of({at(k), at(k + 1)}).rounds / truth.rounds - 1);
    }
    parts.push_back(truth.samples / truth.rounds - 1);
    return parts;
}

void run_record(Json& found, std::int64_t seconds) {
    const auto all = operations();
    std::vector<Portion> portions;
    std::vector<std::vector<Round>> traces(all.size());
    for (const auto& operation : all) {
        portions.push_back(portion_of(operation));
    }
    const auto begin = now_ns();
    Random random(1);
    std::size_t rounds = 0;
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    while (now_ns() - begin < seconds * 1'000'000'000) {
        random.shuffle(order);
        ++rounds;
        for (const std::size_t i : order) {
            traces[i].push_back(
                measure_round(all[i], portions[i].samples, traces[i].size() * portions[i].samples));
        }
    }
    found["recorded"] = {{"seconds", seconds}, {"rounds", rounds}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        found["wander"][all[i].name] = wander(traces[i]);
        replay_all(found, all[i], portions[i], traces[i], static_cast<double>(seconds));
    }
}

// Some points of one operation, side by side: where one ends another begins, so that all see
// the same neighbours from first to last.
struct Lane {
    std::vector<Point> points;
    std::vector<Point> ended;  // of the first kReplays that began
    std::vector<std::size_t> number;
    std::vector<Round> rounds;
    std::size_t begun = 0;

    void begin(std::size_t slot, const StopRule& rule) {
        points[slot] = {.rule = rule, .not_before = points[slot].not_before};
        number[slot] = begun++;
    }
    void add(std::size_t slot, const Round& round) {
        Point& point = points[slot];
        point.add(round.median, round.spent);
        rounds.push_back(round);
        if (point.ended()) {
            if (number[slot] < kReplays) {
                ended.push_back(point);
            }
            begin(slot, point.rule);
        }
    }
};

void run_live(Json& found, std::size_t side_by_side) {
    const auto all = operations();
    const Limits limits = default_limits("host", Sweep::full);
    std::vector<Portion> portions;
    std::vector<Lane> lanes(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        portions.push_back(portion_of(all[i]));
        StopRule rule = rule_of(found, all[i], portions[i], false);
        rule.most = std::min(rule.most, limits.rounds);
        lanes[i].points.resize(side_by_side);
        lanes[i].number.resize(side_by_side);
        for (std::size_t slot = 0; slot < side_by_side; ++slot) {
            lanes[i].begin(slot, rule);
        }
    }
    const auto goes_on = [](const Lane& lane) { return lane.ended.size() < kReplays; };
    const auto start = now_ns();
    std::uint64_t rep = 0;
    for (std::uint64_t turn = 0; std::any_of(lanes.begin(), lanes.end(), goes_on); ++turn) {
        for (const Visit& visit : interleave(all.size() * side_by_side, 1, turn)) {
            const std::size_t i = visit.point % all.size();
            const std::size_t slot = visit.point / all.size();
            wait_until(lanes[i].points[slot].not_before);
            lanes[i].points[slot].not_before = now_ns() + limits.apart;
            lanes[i].add(slot, measure_round(all[i], portions[i].samples, rep));
            rep += portions[i].samples;
        }
    }
    found["lived"] = {{"seconds", static_cast<double>(now_ns() - start) * 1e-9}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Truth truth = truth_of(lanes[i].rounds);
        found["live wander"][all[i].name] = wander(lanes[i].rounds);
        Tally tally;
        for (const Point& point : lanes[i].ended) {
            tally.add(point, truth, portions[i].samples);
        }
        found["live"][all[i].name] = tally.json(truth);
    }
}

void print_row(const Json& found, const std::string& kind, const std::string& name) {
    const Json& one = found.at(kind).at(name);
    const Json& theirs = found.at("gbench").at(name);
    const auto count = [&](const char* key) { return one.at(key).get<double>(); };
    const auto share = [](double part, double all) { return all > 0 ? 100 * part / all : 0.0; };
    fmt::print(
        "{:<16} {:>9.2f} {:>9.2f} | {:<17} {:>8.4f} {:>8.0f}x {:>7} {:>8.1f}% {:>8.1f}% "
        "{:>8.1f}%\n",
        name, theirs.at("seconds").get<double>(), theirs.at("half_width").get<double>() * 100, kind,
        count("seconds"), theirs.at("seconds").get<double>() / count("seconds"),
        one.at("narrow").get<int>(), share(count("covered"), count("narrow")),
        share(count("covered") + count("covered_else"), count("points")),
        share(count("covered_rounds"), count("points")));
}

void print_wander(const Json& found, const std::string& kind, const char* of) {
    if (!found.contains(kind)) {
        return;
    }
    fmt::print("\nmedians of rounds in each twelfth of {}, % off that of all; of all samples\n",
               of);
    for (const auto& [name, parts] : found.at(kind).items()) {
        fmt::print("{:<16}", name);
        for (const Json& part : parts) {
            fmt::print(" {:>5.1f}", 100 * part.get<double>());
        }
        fmt::print("\n");
    }
}

void print_table(const Json& found) {
    fmt::print("\n{:<16} {:>9} {:>9} | {:<17} {:>8} {:>9} {:>7} {:>9} {:>9} {:>9}\n", "operation",
               "gbench s", "+- %", "", "s", "less time", "narrow", "covered", "of all", "rounds'");
    std::vector<std::string> kinds;
    for (const char* own : {"", ", own"}) {
        for (const double turn : kTurns) {
            kinds.push_back(fmt::format("replay {:g} s{}", turn, own));
        }
    }
    kinds.emplace_back("live");
    for (const std::string& kind : kinds) {
        if (!found.contains(kind)) {
            continue;
        }
        for (const auto& [name, one] : found.at(kind).items()) {
            print_row(found, kind, name);
        }
    }
}

std::string value_of(int argc, char** argv, const std::string& name, const std::string& otherwise) {
    for (int i = 1; i < argc; ++i) {
        const std::string text = argv[i];
        if (text.rfind("--" + name + "=", 0) == 0) {
            return text.substr(name.size() + 3);
        }
    }
    return otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string part = value_of(argc, argv, "part", "");
    const std::string path = value_of(argc, argv, "out", "cores-adaptive.json");
    const std::int64_t seconds = std::stoll(value_of(argc, argv, "seconds", "30"));
    Json found = Json::object();
    if (std::ifstream in(path); in && !part.empty()) {
        found = Json::parse(in, nullptr, false);
    }
    benchmark::Initialize(&argc, argv);
    const auto wanted = [&](const char* name) { return part.empty() || part == name; };
    if (wanted("gbench")) {
        run_gbench(found);
    }
    if (!found.contains("gbench")) {
        fmt::print(stderr, "{}: no widths yet; run --part=gbench first\n", path);
        return 2;
    }
    if (wanted("record")) {
        run_record(found, seconds);
    }
    if (wanted("live")) {
        run_live(found, static_cast<std::size_t>(std::stoul(value_of(argc, argv, "copies", "50"))));
    }
    std::ofstream(path) << found.dump(1) << "\n";
    print_table(found);
    print_wander(found, "wander", "the recording");
    print_wander(found, "live wander", "the live run");
    return 0;
}
