// The sort cores natively, beside std::sort, std::stable_sort, Boost.Sort and, where
// its source is installed, the kernel's sort() and list_sort(), plain and with
// retpolines.
//
//     bench_cores_sort [--benchmark_filter=REGEX] [--only=NAME,...] [--out=cores-sort.json]
//     bench_cores_sort --threads=2 [--asleep] ...     instead of all that: parallel beside auto
//
// One Google Benchmark a cell (type, pattern, n). Inside its single iteration all
// sorters take turns, round by round, on the same fresh arrays, so that a busy
// machine disturbs all alike: ratios within a cell are what to trust, not ns. Times
// are CPU time of the thread; a sorter's value is the median of its rounds. The file
// is written anew after every cell: a run that is cut short keeps what it measured.
// With --only the sorters of these names alone take part. --threads measures wall time, so
// it wants as many idle processors, and its cells take turns too; --asleep: helpers wait for each
// round asleep, as a kernel's workers, and have to be woken.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sort_core.h"
#include "sort_peers.h"
#include "sort_scaling.h"
#include "sort_summary.h"

namespace {

using kmb::cores::Contestant;
using kmb::cores::Result;

constexpr std::size_t kRounds = 5;
constexpr std::size_t kLarge = 1'000'000;         // 3 rounds, and one type of each width
constexpr std::size_t kElementsARound = 100'000;  // so that a reading is 0.05 ms at least
constexpr std::size_t kSizes[] = {100, 1000, 10'000, 100'000, kLarge};

double cpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Fresh inputs, and copies to be sorted.
class Arrays {
  public:
    Arrays(sort_type type, std::size_t n)
        : type_(type),
          n_(n),
          bytes_((n * sort_type_size(type) + 7) / 8 * 8),
          count_(std::clamp<std::size_t>(kElementsARound / n, 1, 1000)),
          input_(count_ * bytes_ / 8),
          work_(input_.size()),
          expected_(count_) {}

    void refill(sort_pattern pattern, std::uint64_t seed) {
        for (std::size_t i = 0; i < count_; ++i) {
            sort_fill(at(input_, i), n_, type_, pattern, seed * 100'003 + i);
            expected_[i] = sort_check(at(input_, i), n_, type_) | 1;
        }
    }

    // ns an element of one sorter on all arrays; every result is checked.
    double reading(const Contestant& one) {
        work_ = input_;
        const double begin = cpu_ns();
        for (std::size_t i = 0; i < count_; ++i) {
            one.sort(at(work_, i), n_);
        }
        const double end = cpu_ns();
        for (std::size_t i = 0; i < count_; ++i) {
            if (sort_check(at(work_, i), n_, type_) != expected_[i]) {
                throw std::runtime_error(one.name + ": wrong result");
            }
        }
        return (end - begin) / static_cast<double>(count_ * n_);
    }

  private:
    [[nodiscard]] void* at(std::vector<std::uint64_t>& all, std::size_t i) const {
        return all.data() + i * bytes_ / 8;
    }

    sort_type type_;
    std::size_t n_;
    std::size_t bytes_;  // of one array
    std::size_t count_;
    std::vector<std::uint64_t> input_;
    std::vector<std::uint64_t> work_;
    std::vector<std::uint64_t> expected_;
};

// A cell of --threads and its rounds.
struct Scaling {
    sort_type type;
    sort_pattern pattern;
    std::size_t n;
    kmb::cores::Walls walls;

    [[nodiscard]] std::string name() const {
        return fmt::format("scaling/{}/{}/{}", sort_type_names[type], sort_pattern_names[pattern],
                           n);
    }
};

// What was asked for, and what came out.
struct Run {
    std::string only;  // ",NAME,...,", or empty: all
    std::string path;
    std::vector<Result> results;
    std::vector<Scaling> scalings;  // that results are made of, with --threads
};

void measure(benchmark::State& state, sort_type type, sort_pattern pattern, std::size_t n,
             Run& run) {
    auto all = kmb::cores::contestants(type, n);
    std::erase_if(all, [&](const Contestant& one) {
        return !run.only.empty() && run.only.find("," + one.name + ",") == std::string::npos;
    });
    Arrays arrays(type, n);
    std::vector<std::vector<double>> ns(all.size());
    for ([[maybe_unused]] auto iteration : state) {
        for (std::size_t round = 0; round < (n >= kLarge ? 3 : kRounds); ++round) {
            arrays.refill(pattern, round + 1);
            for (std::size_t k = 0; k < all.size(); ++k) {
                // every round begins with another one
                const std::size_t at = (k + round) % all.size();
                ns[at].push_back(arrays.reading(all[at]));
            }
        }
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
        const double value = median(ns[k]);
        state.counters[all[k].name] = value;
        run.results.push_back({sort_type_names[type], sort_pattern_names[pattern], n, all[k].name,
                               all[k].peer, value});
    }
}

void add_cells(Run& run) {
    for (unsigned t = 0; t < SORT_TYPES; ++t) {
        for (unsigned p = 0; p < SORT_PATTERNS; ++p) {
            for (const std::size_t n : kSizes) {
                if (n >= kLarge && t != SORT_I32 && t != SORT_U64) {
                    continue;
                }
                const auto type = static_cast<sort_type>(t);
                const auto pattern = static_cast<sort_pattern>(p);
                const auto name =
                    fmt::format("sort/{}/{}/{}", sort_type_names[t], sort_pattern_names[p], n);
                benchmark::RegisterBenchmark(name.c_str(),
                                             [=, &run](benchmark::State& state) {
                                                 measure(state, type, pattern, n, run);
                                                 kmb::cores::write_json(run.results, run.path);
                                             })
                    ->Iterations(1)
                    ->Unit(benchmark::kMillisecond);
            }
        }
    }
}

// Around the least that is shared, and beyond.
constexpr std::size_t kScalingSizes[] = {30'000,
                                         SORT_PARALLEL_LEAST - 1,
                                         SORT_PARALLEL_LEAST,
                                         100'000,
                                         200'000,
                                         500'000,
                                         1'000'000,
                                         2'000'000,
                                         3'000'000,
                                         4'000'000};

// Random interleaving spreads a cell's rounds over the whole run: in a virtual machine one
// of the processors may be slower than the other for a third of a second on end.
constexpr int kRepetitions = 11;

std::vector<Result> results_of(const std::vector<Scaling>& scalings) {
    std::vector<Result> results;
    for (const auto& cell : scalings) {
        if (cell.walls.rounds.empty()) {
            continue;
        }
        const auto [alone, shared] = kmb::cores::median_ratio(cell.walls.rounds);
        const Result peer{sort_type_names[cell.type],
                          sort_pattern_names[cell.pattern],
                          cell.n,
                          "auto_wall",
                          true,
                          alone};
        results.push_back(peer);
        results.push_back({peer.type, peer.pattern, cell.n, "parallel_wall", false, shared});
    }
    return results;
}

void add_scaling(Run& run, unsigned threads, kmb::SortThreads::Wait wait) {
    for (unsigned t = 0; t < SORT_TYPES; ++t) {
        for (unsigned p = 0; p < SORT_PATTERNS; ++p) {
            for (const std::size_t n : kScalingSizes) {
                run.scalings.push_back(
                    {static_cast<sort_type>(t), static_cast<sort_pattern>(p), n, {}});
            }
        }
    }
    for (auto& cell : run.scalings) {
        const auto measured = [&run, &cell, threads, wait](benchmark::State& state) {
            for ([[maybe_unused]] auto iteration : state) {
                kmb::cores::scale(cell.walls, cell.type, cell.pattern, cell.n, threads, wait,
                                  cell.n > kLarge ? 1 : 2);
            }
            if (cell.walls.rounds.empty()) {
                return;
            }
            const auto [alone, shared] = kmb::cores::median_ratio(cell.walls.rounds);
            state.counters["auto_wall"] = alone;
            state.counters["parallel_wall"] = shared;
            run.results = results_of(run.scalings);
            kmb::cores::write_json(run.results, run.path);
        };
        benchmark::RegisterBenchmark(cell.name().c_str(), measured)
            ->Iterations(1)
            ->Repetitions(kRepetitions)
            ->ReportAggregatesOnly()
            ->Unit(benchmark::kMillisecond);
    }
}

// What the rounds that were left out say; was a cell left out with all of its?
bool tell_disturbed(const std::vector<Scaling>& scalings) {
    int rounds = 0;
    std::string cells;
    for (const auto& cell : scalings) {
        rounds += cell.walls.disturbed;
        if (cell.walls.disturbed > 0 && cell.walls.rounds.empty()) {
            cells += fmt::format("{}: not measured, each round was disturbed\n", cell.name());
        }
    }
    if (rounds > 0) {
        fmt::print("\n{} rounds were disturbed from outside, left out and tried again\n{}", rounds,
                   cells);
    }
    return !cells.empty();
}

}  // namespace

int main(int argc, char** argv) {
    Run run{"", "cores-sort.json", {}, {}};
    unsigned threads = 1;
    auto wait = kmb::SortThreads::Wait::looking;
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--out=", 6) == 0) {
            run.path = argv[i] + 6;
        } else if (std::strncmp(argv[i], "--only=", 7) == 0) {
            run.only = fmt::format(",{},", argv[i] + 7);
        } else if (std::strncmp(argv[i], "--threads=", 10) == 0) {
            threads = static_cast<unsigned>(std::strtoul(argv[i] + 10, nullptr, 10));
        } else if (std::strcmp(argv[i], "--asleep") == 0) {
            wait = kmb::SortThreads::Wait::asleep;
        } else {
            argv[kept++] = argv[i];
        }
    }
    std::vector<char*> args(argv, argv + kept);
    std::string interleaved = "--benchmark_enable_random_interleaving=true";
    if (threads > 1) {
        add_scaling(run, threads, wait);
        args.insert(args.begin() + 1, interleaved.data());
    } else {
#ifndef KMB_KERNEL_SORT_PLAIN
        fmt::print(stderr,
                   "bench_cores_sort: no kernel source here, so its sort() and list_sort() "
                   "are not among the peers; with it: sudo apt-get install linux-source, "
                   "and build again\n");
#endif
        add_cells(run);
    }
    argc = static_cast<int>(args.size());
    benchmark::Initialize(&argc, args.data());
    if (benchmark::ReportUnrecognizedArguments(argc, args.data())) {
        return 2;
    }
    try {
        benchmark::RunSpecifiedBenchmarks();
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_cores_sort: {}\n", error.what());
        return 1;
    }
    const bool disturbed = tell_disturbed(run.scalings);
    if (run.results.empty()) {
        fmt::print(stderr, "bench_cores_sort: {}\n",
                   disturbed ? "other programs, or guests, take a processor away"
                             : "no cell of that name, or no sorter");
        return 1;
    }
    kmb::cores::print_ratios(run.results);
    kmb::cores::print_goals(run.results);
    return 0;
}
