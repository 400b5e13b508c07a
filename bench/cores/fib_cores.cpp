// The Fibonacci cores natively, beside GMP and, where its source is installed, the
// kernel's lib/mpi: F(n) in binary limbs, and as decimal text.
//
//     bench_cores_fib [--benchmark_filter=REGEX] [--only=VARIANT] [--out=cores-fib.json]
//
// One Google Benchmark a cell (operation, n). Inside its single iteration all
// contestants take turns, round by round, so that a busy machine disturbs all alike:
// ratios within a cell are what to trust, not ns. Times are CPU time of the thread; a
// contestant's time is the median of its rounds, its ratio to a peer the median of the
// rounds' ratios. Every result is checked against GMP's, outside the clock.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <gmp.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fib_core.h"
#ifdef KMB_KERNEL_SOURCE_NAME
#include "fib_mpi.h"
#endif

namespace {

constexpr double kReadingNs = 300'000;  // a reading is at least that long
constexpr double kLongNs = 20'000'000;  // longer ones have fewer rounds
constexpr std::size_t kRounds = 15;
constexpr std::size_t kLongRounds = 7;
constexpr unsigned long kM61 = (1UL << 61) - 1;

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

// One way to an F(n). `compute` is what is measured, `check` its value modulo 2^61 - 1.
struct Contestant {
    std::string name;
    std::string isa;  // empty: a peer
    std::function<void()> compute;
    std::function<unsigned long()> check;
};

constexpr std::array kIsa{"portable", "adx", "fma"};

enum class Want { limbs, text };

constexpr const char* name_of(Want want) {
    return want == Want::limbs ? "limbs" : "text";
}

Contestant gmp(std::uint64_t n, Want want) {
    struct State {
        mpz_t value;
        std::string text;
        State() { mpz_init(value); }
        ~State() { mpz_clear(value); }
        State(const State&) = delete;
        State& operator=(const State&) = delete;
    };
    auto state = std::make_shared<State>();
    if (want == Want::text) {
        state->text.resize(fib_text_max(n) + 2);
    }
    return {"gmp", "",
            [n, want, state] {
                mpz_fib_ui(state->value, n);
                if (want == Want::text) {
                    mpz_get_str(state->text.data(), 10, state->value);
                }
            },
            [state] { return mpz_fdiv_ui(state->value, kM61); }};
}

// A variant with memory of its own, taken once.
Contestant ours(const fib_variant& row, const std::string& isa, std::uint64_t n, Want want) {
    struct State {
        std::vector<u64> out, scratch;
        std::string text;
        fib_job job{};
        s64 length = 0;
    };
    auto state = std::make_shared<State>();
    const fib_want wish = want == Want::text ? FIB_WANT_TEXT : FIB_WANT_LIMBS;
    const fib_variant& variant = *fib_choice(&row, n, wish);
    state->out.resize(fib_out_limbs(n));
    state->scratch.resize(std::max({variant.scratch(n, wish), fib_text_scratch(n, FIB_BINARY),
                                    fib_text_scratch(n, FIB_DECIMAL), u64{1}}));
    state->text.resize(want == Want::text ? fib_text_max(n) : 0);
    state->job.n = n;
    state->job.want = wish;
    state->job.out = state->out.data();
    state->job.scratch = state->scratch.data();
    const auto compute = [n, wish, state, &variant] {
        fib_job& job = state->job;
        if (variant.compute(&job) != 0) {
            throw std::runtime_error(fmt::format("F({}) by {} failed", n, variant.name));
        }
        if (wish == FIB_WANT_TEXT) {
            state->length = fib_text(&job, state->text.data(), state->scratch.data());
        }
    };
    const auto check = [state]() -> unsigned long {
        return state->text.empty()
                   ? fib_check(&state->job)
                   : fib_text_check(state->text.data(), static_cast<u64>(state->length));
    };
    return {row.name, isa, compute, check};
}

// The largest index a variant can be waited for.
std::uint64_t patience(const std::string& variant) {
    static const std::map<std::string, std::uint64_t> limits = {{"bignum_add", 100'000},
                                                                {"fast_doubling", 1'000'000},
                                                                {"karatsuba", 2'000'000},
                                                                {"matrix", 200'000},
                                                                {"mpi", 1'000'000}};
    const auto found = limits.find(variant);
    return found == limits.end() ? FIB_MAX_N : found->second;
}

std::vector<Contestant> contestants(std::uint64_t n, Want want, const std::string& only) {
    std::vector<Contestant> all{gmp(n, want)};
#ifdef KMB_KERNEL_SOURCE_NAME
    static const fib_variant mpi{"mpi", FIB_MPI_MAX_N, fib_mpi_scratch, fib_mpi, nullptr};
    if (want == Want::limbs && n <= patience("mpi")) {
        all.push_back(ours(mpi, "", n, want));
    }
#endif
    for (const fib_isa isa : {FIB_PORTABLE, FIB_ADX, FIB_FMA}) {
        u32 count = 0;
        const fib_variant* rows = fib_variants(isa, &count);
        if ((isa == FIB_ADX && !fib_has_adx()) || (isa == FIB_FMA && !fib_has_fma())) {
            continue;
        }
        for (u32 i = 0; i < count; ++i) {
            const std::string name = rows[i].name;
            if (name == "nop" || n > rows[i].max_n || n > patience(name) ||
                (!only.empty() && name != only)) {
                continue;
            }
            // the others are those of FIB_ADX
            if (isa == FIB_FMA && name != "auto" && name != "fma") {
                continue;
            }
            all.push_back(ours(rows[i], kIsa[isa], n, want));
        }
    }
    return all;
}

struct Result {
    Want want;
    std::uint64_t n;
    std::string variant;
    std::string isa;
    double ns;                            // median of the rounds
    std::map<std::string, double> ratio;  // time of a peer by this one's
};

double reading(const Contestant& one, std::size_t times) {
    const double begin = cpu_ns();
    for (std::size_t i = 0; i < times; ++i) {
        one.compute();
    }
    return (cpu_ns() - begin) / static_cast<double>(times);
}

// Calls a reading takes; the first call is the warm-up, its result is looked at.
std::size_t warm_up(const Contestant& one, std::uint64_t n, unsigned long expected, double& ns) {
    ns = reading(one, 1);
    if (one.check() != expected) {
        throw std::runtime_error(fmt::format("F({}) by {} is wrong", n, one.name));
    }
    std::size_t times = 1;
    for (; ns * static_cast<double>(times) < kReadingNs; times *= 2) {
        ns = reading(one, times);
    }
    return times;
}

void measure(benchmark::State& state, Want want, std::uint64_t n, const std::string& only,
             std::vector<Result>& results) {
    const auto all = contestants(n, want, only);
    std::vector<std::vector<double>> ns(all.size());
    for ([[maybe_unused]] auto iteration : state) {
        std::vector<std::size_t> times;
        double longest = 0;
        all.front().compute();
        const unsigned long expected = all.front().check();
        for (const Contestant& one : all) {
            double first = 0;
            times.push_back(warm_up(one, n, expected, first));
            longest = std::max(longest, first);
        }
        const std::size_t rounds = longest > kLongNs ? kLongRounds : kRounds;
        for (std::size_t round = 0; round < rounds; ++round) {
            for (std::size_t k = 0; k < all.size(); ++k) {
                // every round begins with another one
                const std::size_t at = (k + round) % all.size();
                ns[at].push_back(reading(all[at], times[at]));
            }
        }
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
        Result result{want, n, all[k].name, all[k].isa, median(ns[k]), {}};
        for (std::size_t p = 0; p < all.size() && !all[k].isa.empty(); ++p) {
            std::vector<double> ratios;
            for (std::size_t i = 0; all[p].isa.empty() && i < ns[k].size(); ++i) {
                ratios.push_back(ns[p][i] / ns[k][i]);
            }
            if (!ratios.empty()) {
                result.ratio[all[p].name] = median(ratios);
            }
        }
        state.counters[all[k].name + (all[k].isa.empty() ? "" : "_" + all[k].isa)] = result.ns;
        results.push_back(result);
    }
}

void write_json(const std::vector<Result>& results, const std::string& path) {
    std::ofstream out(path);
    out << "{\n  \"schema\": \"kmodbench-cores/1\",\n  \"core\": \"fib\",\n";
#ifdef KMB_KERNEL_SOURCE_NAME
    out << "  \"kernel_source\": \"" KMB_KERNEL_SOURCE_NAME "\",\n";
#else
    out << "  \"kernel_source\": null,\n";
#endif
    out << fmt::format("  \"gmp\": \"{}\",\n  \"unit\": \"ns, CPU time\",\n  \"results\": [",
                       gmp_version);
    const char* comma = "\n";
    for (const Result& one : results) {
        out << comma
            << fmt::format(
                   R"(    {{"variant": "{}", "isa": {}, "operation": "{}", "n": {}, "ns": {:.1f})",
                   one.variant, one.isa.empty() ? "null" : '"' + one.isa + '"', name_of(one.want),
                   one.n, one.ns);
        if (!one.ratio.empty()) {
            out << ", \"times_faster_than\": {";
            const char* inner = "";
            for (const auto& [peer, ratio] : one.ratio) {
                out << fmt::format("{}\"{}\": {:.3f}", inner, peer, ratio);
                inner = ", ";
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

// What `auto` is worth: a line an operation and n.
void print_summary(const std::vector<Result>& results) {
    fmt::print("\n{:<6} {:>9} {:>12} {:>12}", "", "n", "gmp ns", "mpi ns");
    for (const char* isa : kIsa) {
        fmt::print("  {:>12} {:>6} {:>6} {:<14}", std::string(isa) + " ns", "x gmp", "x mpi",
                   "best fixed");
    }
    fmt::print("\n");
    using Cell = std::vector<const Result*>;
    std::map<std::pair<Want, std::uint64_t>, Cell> cells;
    for (const Result& one : results) {
        cells[{one.want, one.n}].push_back(&one);
    }
    const auto find = [](const Cell& cell, const std::string& variant, const std::string& isa) {
        for (const Result* one : cell) {
            if (one->variant == variant && one->isa == isa) {
                return one;
            }
        }
        return static_cast<const Result*>(nullptr);
    };
    for (const auto& [key, cell] : cells) {
        fmt::print("{:<6} {:>9}", name_of(key.first), key.second);
        for (const char* peer : {"gmp", "mpi"}) {
            const Result* one = find(cell, peer, "");
            fmt::print(" {:>12}", one ? fmt::format("{:.0f}", one->ns) : "-");
        }
        for (const char* isa : kIsa) {
            const Result* self = find(cell, "auto", isa);
            if (self == nullptr) {
                continue;
            }
            const Result* best = nullptr;
            for (const Result* one : cell) {
                if (one->isa == isa && one != self && (best == nullptr || one->ns < best->ns)) {
                    best = one;
                }
            }
            const auto mpi = self->ratio.find("mpi");
            fmt::print(
                "  {:>12.0f} {:>6.2f} {:>6} {:<14}", self->ns, self->ratio.at("gmp"),
                mpi == self->ratio.end() ? "-" : fmt::format("{:.1f}", mpi->second),
                best ? fmt::format("{} {:.2f}", best->variant.substr(0, 9), best->ns / self->ns)
                     : "-");
        }
        fmt::print("\n");
    }
}

// The value of --NAME=VALUE, taken out of the arguments.
std::optional<std::string> take(int& argc, char** argv, const std::string& name) {
    std::optional<std::string> value;
    const std::string prefix = "--" + name + "=";
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], prefix.c_str(), prefix.size()) == 0) {
            value = argv[i] + prefix.size();
        } else {
            argv[kept++] = argv[i];
        }
    }
    argc = kept;
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string path = take(argc, argv, "out").value_or("cores-fib.json");
    const std::string only = take(argc, argv, "only").value_or("");
    std::vector<Result> results;
    for (const Want want : {Want::limbs, Want::text}) {
        for (std::uint64_t decade = 100; decade <= 10'000'000; decade *= 10) {
            for (const std::uint64_t n : {decade, 2 * decade, 5 * decade}) {
                if (n <= 10'000'000) {
                    benchmark::RegisterBenchmark(fmt::format("fib/{}/{}", name_of(want), n).c_str(),
                                                 [=, &results](benchmark::State& state) {
                                                     measure(state, want, n, only, results);
                                                 })
                        ->Iterations(1)
                        ->Unit(benchmark::kMillisecond);
                }
            }
        }
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    try {
        benchmark::RunSpecifiedBenchmarks();
        write_json(results, path);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_cores_fib: {}\n", error.what());
        return 1;
    }
    print_summary(results);
    return results.empty() ? 1 : 0;
}
