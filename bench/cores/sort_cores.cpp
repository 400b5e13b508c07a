// The sort cores natively, beside std::sort, std::stable_sort, Boost.Sort and, where
// its source is installed, the kernel's sort(), plain and with retpolines.
//
//     bench_cores_sort [--benchmark_filter=REGEX] [--out=cores-sort.json]
//
// One Google Benchmark a cell (type, pattern, n). Inside its single iteration all
// sorters take turns, round by round, on the same fresh arrays, so that a busy
// machine disturbs all alike: ratios within a cell are what to trust, not ns. Times
// are CPU time of the thread; a sorter's value is the median of its rounds.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <boost/sort/sort.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "sort_core.h"

extern "C" {
using CompareFunction = int (*)(const void*, const void*);
using SwapFunction = void (*)(void*, void*, int);
#ifdef KMB_KERNEL_SORT_PLAIN
void kernel_sort_plain(void* base, std::size_t n, std::size_t size, CompareFunction compare,
                       SwapFunction swap);
#endif
#ifdef KMB_KERNEL_SORT_RETPOLINE
void kernel_sort_retpoline(void* base, std::size_t n, std::size_t size, CompareFunction compare,
                           SwapFunction swap);
#endif
}

namespace {

constexpr std::size_t kRounds = 7;
constexpr std::size_t kElementsARound = 200'000;  // so that a reading is 0.2 ms at least

double cpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <typename Key>
int compare(const void* left, const void* right) {
    const Key x = *static_cast<const Key*>(left);
    const Key y = *static_cast<const Key*>(right);
    return (x > y) - (x < y);
}

template <typename Key>
using Sorter = std::function<void(Key*, std::size_t)>;

template <typename Key>
struct Contestant {
    std::string name;
    bool peer;
    Sorter<Key> sort;
};

template <typename Key>
std::vector<Contestant<Key>> peers() {
    std::vector<Contestant<Key>> all;
#ifdef KMB_KERNEL_SORT_PLAIN
    all.push_back({"kernel_sort", true, [](Key* a, std::size_t n) {
                       kernel_sort_plain(a, n, sizeof(Key), compare<Key>, nullptr);
                   }});
#endif
#ifdef KMB_KERNEL_SORT_RETPOLINE
    all.push_back({"kernel_sort_retpoline", true, [](Key* a, std::size_t n) {
                       kernel_sort_retpoline(a, n, sizeof(Key), compare<Key>, nullptr);
                   }});
#endif
    all.push_back({"std_sort", true, [](Key* a, std::size_t n) { std::sort(a, a + n); }});
    all.push_back(
        {"std_stable_sort", true, [](Key* a, std::size_t n) { std::stable_sort(a, a + n); }});
    all.push_back({"boost_pdqsort", true,
                   [](Key* a, std::size_t n) { boost::sort::pdqsort_branchless(a, a + n); }});
    all.push_back({"boost_spreadsort", true,
                   [](Key* a, std::size_t n) { boost::sort::spreadsort::integer_sort(a, a + n); }});
    return all;
}

// The core's variants; their scratch memory is taken once, for the largest n.
template <typename Key>
std::vector<Contestant<Key>> contestants(sort_type type, std::size_t n,
                                         std::vector<std::uint64_t>& scratch) {
    auto all = peers<Key>();
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        const sort_variant* v = &sort_variants[i];
        if ((v->flags & SORT_IDLE) != 0 || (v->max_n < 100'000 && n > 1000)) {
            continue;
        }
        scratch.resize(std::max(scratch.size(), sort_scratch(v, n, type) / 8 + 1));
        all.push_back({v->name, false, [v, type, &scratch](Key* a, std::size_t count) {
                           const sort_job job{a, scratch.data(), count, type, nullptr, {}, nullptr, nullptr};
                           if (sort_run(v, &job) != 0) {
                               throw std::runtime_error(std::string(v->name) + " failed");
                           }
                       }});
    }
    return all;
}

struct Result {
    std::string type;
    std::string pattern;
    std::size_t n = 0;
    std::string variant;
    bool peer = false;
    double ns = 0;  // an element, median of the rounds
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

template <typename Key>
struct Arrays {
    std::vector<std::vector<Key>> input;
    std::vector<std::vector<Key>> work;
    std::vector<std::uint64_t> expected;
};

template <typename Key>
void refill(Arrays<Key>& arrays, sort_type type, sort_pattern pattern, std::uint64_t seed) {
    for (std::size_t i = 0; i < arrays.input.size(); ++i) {
        auto& keys = arrays.input[i];
        sort_fill(keys.data(), keys.size(), type, pattern, seed * 100'003 + i);
        arrays.expected[i] = sort_check(keys.data(), keys.size(), type) | 1;
    }
}

// ns an element of one sorter on all arrays; every result is checked.
template <typename Key>
double reading(const Contestant<Key>& one, Arrays<Key>& arrays, sort_type type) {
    std::size_t elements = 0;
    for (std::size_t i = 0; i < arrays.input.size(); ++i) {
        arrays.work[i] = arrays.input[i];
        elements += arrays.input[i].size();
    }
    const double begin = cpu_ns();
    for (auto& keys : arrays.work) {
        one.sort(keys.data(), keys.size());
    }
    const double end = cpu_ns();
    for (std::size_t i = 0; i < arrays.work.size(); ++i) {
        const auto& keys = arrays.work[i];
        if (sort_check(keys.data(), keys.size(), type) != arrays.expected[i]) {
            throw std::runtime_error(one.name + ": wrong result");
        }
    }
    return (end - begin) / static_cast<double>(elements);
}

template <typename Key>
void measure(benchmark::State& state, sort_type type, sort_pattern pattern, std::size_t n,
             std::vector<Result>& results) {
    std::vector<std::uint64_t> scratch;
    const auto all = contestants<Key>(type, n, scratch);
    const std::size_t count = std::clamp<std::size_t>(kElementsARound / n, 1, 4000);
    Arrays<Key> arrays{std::vector<std::vector<Key>>(count, std::vector<Key>(n)),
                       std::vector<std::vector<Key>>(count, std::vector<Key>(n)),
                       std::vector<std::uint64_t>(count)};
    std::vector<std::vector<double>> ns(all.size());
    for ([[maybe_unused]] auto iteration : state) {
        for (std::size_t round = 0; round < kRounds; ++round) {
            refill(arrays, type, pattern, round + 1);
            for (std::size_t k = 0; k < all.size(); ++k) {
                // every round begins with another one
                const std::size_t at = (k + round) % all.size();
                ns[at].push_back(reading(all[at], arrays, type));
            }
        }
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
        const double value = median(ns[k]);
        state.counters[all[k].name] = value;
        results.push_back({sort_type_names[type], sort_pattern_names[pattern], n, all[k].name,
                           all[k].peer, value});
    }
}

std::vector<const Result*> cell_of(const std::vector<Result>& results, const Result& one) {
    std::vector<const Result*> cell;
    for (const Result& other : results) {
        if (other.type == one.type && other.pattern == one.pattern && other.n == one.n) {
            cell.push_back(&other);
        }
    }
    return cell;
}

void write_json(const std::vector<Result>& results, const std::string& path) {
    std::ofstream out(path);
    out << "{\n  \"schema\": \"kmodbench-cores/1\",\n  \"core\": \"sort\",\n";
#ifdef KMB_KERNEL_SOURCE_NAME
    out << "  \"kernel_source\": \"" KMB_KERNEL_SOURCE_NAME "\",\n";
#else
    out << "  \"kernel_source\": null,\n";
#endif
    out << fmt::format("  \"rounds\": {},\n  \"unit\": \"ns an element, CPU time\",\n", kRounds)
        << "  \"results\": [";
    const char* comma = "\n";
    for (const Result& one : results) {
        out << comma
            << fmt::format(
                   R"(    {{"variant": "{}", "type": "{}", "pattern": "{}", "n": {}, "ns": {:.4f})",
                   one.variant, one.type, one.pattern, one.n, one.ns);
        if (!one.peer) {
            out << ", \"times_faster_than\": {";
            const char* inner = "";
            for (const Result* other : cell_of(results, one)) {
                if (other->peer) {
                    out << fmt::format("{}\"{}\": {:.3f}", inner, other->variant,
                                       other->ns / one.ns);
                    inner = ", ";
                }
            }
            out << "}";
        }
        out << "}";
        comma = ",\n";
    }
    out << "\n  ]\n}\n";
    if (!out.flush()) {
        throw std::runtime_error(path + ": cannot write");
    }
}

// Geometric means over the patterns of each type and n: how many times faster than a
// peer, and the worst cell.
void print_summary(const std::vector<Result>& results) {
    struct Sum {
        double logs = 0;
        double worst = 1e300;
        std::string where;
        int cells = 0;
    };
    std::map<std::tuple<std::string, std::size_t, std::string>, Sum> sums;
    for (const Result& one : results) {
        if (one.variant != "auto") {
            continue;
        }
        for (const Result* other : cell_of(results, one)) {
            if (other->variant == "auto") {
                continue;
            }
            Sum& sum = sums[{one.type, one.n, other->variant}];
            const double ratio = other->ns / one.ns;
            sum.logs += std::log(ratio);
            sum.cells++;
            if (ratio < sum.worst) {
                sum.worst = ratio;
                sum.where = one.pattern;
            }
        }
    }
    fmt::print("\nauto against the others: times faster, over patterns\n");
    fmt::print("{:<5} {:>9}  {:<22} {:>9} {:>8}  {}\n", "type", "n", "other", "geo mean", "worst",
               "where");
    for (const auto& [key, sum] : sums) {
        fmt::print("{:<5} {:>9}  {:<22} {:>9.2f} {:>8.2f}  {}\n", std::get<0>(key),
                   std::get<1>(key), std::get<2>(key), std::exp(sum.logs / sum.cells), sum.worst,
                   sum.where);
    }
}

template <typename Key>
void add(sort_type type, std::vector<Result>& results) {
    for (unsigned p = 0; p < SORT_PATTERNS; ++p) {
        for (const std::size_t n : {100U, 1000U, 10'000U, 100'000U, 1'000'000U}) {
            const auto pattern = static_cast<sort_pattern>(p);
            benchmark::RegisterBenchmark(
                fmt::format("sort/{}/{}/{}", sort_type_names[type], sort_pattern_names[p], n)
                    .c_str(),
                [=, &results](benchmark::State& state) {
                    measure<Key>(state, type, pattern, n, results);
                })
                ->Iterations(1)
                ->Unit(benchmark::kMillisecond);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::string path = "cores-sort.json";
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--out=", 6) == 0) {
            path = argv[i] + 6;
        } else {
            argv[kept++] = argv[i];
        }
    }
    argc = kept;
    std::vector<Result> results;
    add<std::int32_t>(SORT_I32, results);
    add<std::uint64_t>(SORT_U64, results);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    try {
        benchmark::RunSpecifiedBenchmarks();
        write_json(results, path);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_cores_sort: {}\n", error.what());
        return 1;
    }
    print_summary(results);
    return results.empty() ? 1 : 0;
}
