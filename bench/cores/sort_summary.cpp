#include "sort_summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>

namespace kmb::cores {
namespace {

// By type, n and pattern: ns by variant.
using Cell = std::tuple<std::string, std::size_t, std::string>;
using Cells = std::map<Cell, std::map<std::string, const Result*>>;

Cells cells_of(const std::vector<Result>& results) {
    Cells cells;
    for (const Result& one : results) {
        cells[{one.type, one.n, one.pattern}][one.variant] = &one;
    }
    return cells;
}

// Geometric mean of ratios, and the least of them.
struct Ratios {
    double logs = 0;
    int cells = 0;
    double worst = std::numeric_limits<double>::infinity();
    std::string where;

    void add(double ratio, const std::string& place) {
        logs += std::log(ratio);
        ++cells;
        if (ratio < worst) {
            worst = ratio;
            where = place;
        }
    }
    [[nodiscard]] double mean() const { return std::exp(logs / cells); }
};

const char* const kBestPackaged = "best packaged";

// ns of `name`, or of the quickest peer that is no part of a kernel; 0: not measured.
double ns_of(const std::map<std::string, const Result*>& cell, const std::string& name) {
    if (name != kBestPackaged) {
        const auto found = cell.find(name);
        return found == cell.end() ? 0 : found->second->ns;
    }
    double best = 0;
    for (const auto& [variant, one] : cell) {
        if (one->peer && !variant.starts_with("kernel_") && (best == 0 || one->ns < best)) {
            best = one->ns;
        }
    }
    return best;
}

enum class Take { kMean, kWorst };

// One goal: `variant` is `least` times as fast as `peer`, in every cell or, by type and
// n, in geometric mean over patterns. Sizes from `from` to `to`.
struct Goal {
    const char* variant;
    const char* peer;
    const char* pattern;  // nullptr: all
    std::size_t from;
    std::size_t to;
    Take take;
    double least;
};

constexpr Goal kGoals[] = {
    {"auto", "kernel_sort", "random", 1000, 1'000'000, Take::kWorst, 15},
    {"auto", "kernel_sort_retpoline", "random", 1000, 1'000'000, Take::kWorst, 30},
    {"auto", "std_sort", "random", 1000, 1'000'000, Take::kWorst, 5},
    {"auto", kBestPackaged, "random", 1000, 1'000'000, Take::kWorst, 1.5},
    {"auto", "kernel_sort", nullptr, 1000, 1000, Take::kMean, 20},
    {"auto", "kernel_sort", nullptr, 1'000'000, 1'000'000, Take::kMean, 35},
    {"auto", "kernel_sort", nullptr, 1000, 1'000'000, Take::kWorst, 5},
    {"auto", "std_sort", nullptr, 1000, 1'000'000, Take::kWorst, 0.9},
    {"callback", "kernel_sort", nullptr, 1000, 1'000'000, Take::kMean, 10},
    {"callback", "kernel_sort", nullptr, 1000, 1'000'000, Take::kWorst, 1},
    {"callback_retpoline", "kernel_sort_retpoline", nullptr, 1000, 1'000'000, Take::kMean, 4},
    {"callback_retpoline", "kernel_sort_retpoline", nullptr, 1000, 1'000'000, Take::kWorst, 1},
    {"parallel_wall", "auto_wall", "random", 1'000'000, 16'000'000, Take::kWorst, 1.6},
    {"parallel_wall", "auto_wall", nullptr, 0, 16'000'000, Take::kWorst, 0.95},
};

// Ratios of a goal over the cells that it is about.
Ratios ratios_of(const Cells& cells, const Goal& goal) {
    Ratios all;
    for (const auto& [key, cell] : cells) {
        const auto& [type, n, pattern] = key;
        const double mine = ns_of(cell, goal.variant);
        const double other = ns_of(cell, goal.peer);
        if (mine > 0 && other > 0 && n >= goal.from && n <= goal.to &&
            (goal.pattern == nullptr || pattern == goal.pattern)) {
            all.add(other / mine, fmt::format("{} {} {}", type, pattern, n));
        }
    }
    return all;
}

void write_ratios(std::ofstream& out, const std::map<std::string, const Result*>& cell,
                  const Result& one) {
    out << ", \"times_faster_than\": {";
    const char* comma = "";
    for (const auto& [name, other] : cell) {
        if (other->peer) {
            out << fmt::format("{}\"{}\": {:.3f}", comma, name, other->ns / one.ns);
            comma = ", ";
        }
    }
    out << "}";
}

}  // namespace

void write_json(const std::vector<Result>& results, const std::string& path) {
    const Cells cells = cells_of(results);
    std::ofstream out(path);
    out << "{\n  \"schema\": \"kmodbench-cores/1\",\n  \"core\": \"sort\",\n";
#ifdef KMB_KERNEL_SOURCE_NAME
    out << "  \"kernel_source\": \"" KMB_KERNEL_SOURCE_NAME "\",\n";
#else
    out << "  \"kernel_source\": null,\n";
#endif
    out << "  \"unit\": \"ns an element, CPU time; of *_wall wall time\",\n  \"results\": [";
    const char* comma = "\n";
    for (const Result& one : results) {
        out << comma
            << fmt::format(
                   R"(    {{"variant": "{}", "type": "{}", "pattern": "{}", "n": {}, "ns": {:.4f})",
                   one.variant, one.type, one.pattern, one.n, one.ns);
        if (!one.peer) {
            write_ratios(out, cells.at({one.type, one.n, one.pattern}), one);
        }
        out << "}";
        comma = ",\n";
    }
    out << "\n  ]\n}\n";
    if (!out.flush()) {
        throw std::runtime_error(path + ": cannot write");
    }
}

void print_ratios(const std::vector<Result>& results) {
    std::map<std::tuple<std::string, std::size_t, std::string>, Ratios> table;
    for (const auto& [key, cell] : cells_of(results)) {
        const auto& [type, n, pattern] = key;
        const double mine = ns_of(cell, "auto");
        for (const auto& [name, other] : cell) {
            if (mine > 0 && name != "auto") {
                table[{type, n, name}].add(other->ns / mine, pattern);
            }
        }
    }
    fmt::print("\nauto against the others: times faster, over patterns\n");
    fmt::print("{:<5} {:>9}  {:<26} {:>9} {:>8}  {}\n", "type", "n", "other", "geo mean", "worst",
               "where");
    for (const auto& [key, ratios] : table) {
        fmt::print("{:<5} {:>9}  {:<26} {:>9.2f} {:>8.2f}  {}\n", std::get<0>(key),
                   std::get<1>(key), std::get<2>(key), ratios.mean(), ratios.worst, ratios.where);
    }
}

void print_goals(const std::vector<Result>& results) {
    const Cells cells = cells_of(results);
    fmt::print("\ngoals: times faster, over the cells that were measured\n");
    for (const Goal& goal : kGoals) {
        const Ratios ratios = ratios_of(cells, goal);
        if (ratios.cells == 0) {
            continue;
        }
        const bool mean = goal.take == Take::kMean;
        const double value = mean ? ratios.mean() : ratios.worst;
        fmt::print("{:<18} {:<21} {:<6} n={}..{}: {} {:.2f}{} of {} cells, goal {}: {}\n",
                   goal.variant, goal.peer, goal.pattern == nullptr ? "all" : goal.pattern,
                   goal.from, goal.to, mean ? "geometric mean" : "worst", value,
                   mean ? "" : " (" + ratios.where + ")", ratios.cells, goal.least,
                   value >= goal.least ? "holds" : "DOES NOT HOLD");
    }
}

}  // namespace kmb::cores
