// Times of the heavy statistics beside SciPy and R on the same data, in one run, by turns.
// Where a peer is not installed its column says so.
//
//   bench_cores_stats --out=FILE [--peers=DIR]
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/series_analysis.h"
#include "analysis/stats/bootstrap.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/intervals.h"
#include "analysis/stats/median_bootstrap.h"
#include "analysis/stats/random.h"
#include "analysis/stats/rank_tests.h"
#include "analysis/stats/theil_sen.h"

namespace {

namespace an = kmb::analysis;
using Values = std::vector<double>;
constexpr int kRounds = 3;

// Times of a call as a clock in whole ns shows them: lognormal about 1 us.
Values call_times(std::size_t n, std::uint64_t seed) {
    an::Random random(seed);
    Values x(n);
    for (double& v : x) {
        const double z = std::sqrt(-2 * std::log(1 - random.uniform())) *
                         std::cos(6.283185307179586 * random.uniform());
        v = std::round(1000 + 60 * std::exp(0.8 * z));
    }
    return x;
}

// One measured point of 20 rounds whose columns hold these times, in whole ns.
an::Series series_of(const Values& times, const std::vector<std::string>& columns) {
    constexpr std::size_t kSeriesRounds = 20;
    an::Series series;
    series.point = "stats/pipeline/n=1";
    series.time_unit = "ns";
    series.rounds_planned = kSeriesRounds;
    series.rows = times.size();
    for (std::size_t round = 0; round < kSeriesRounds; ++round) {
        series.rounds.push_back(static_cast<std::int64_t>(round));
        series.round_begin.push_back(round * times.size() / kSeriesRounds);
    }
    for (const std::string& name : columns) {
        series.columns.push_back({name, {times.begin(), times.end()}});
    }
    return series;
}

double pipeline(const Values& times, const std::vector<std::string>& columns) {
    const auto result = an::analyze_series(series_of(times, columns), "total", "double-mad");
    return result.measures.front().all.median.value;
}

struct Task {
    std::string name;
    std::string peer;  // task of the peers' scripts; empty where they cannot do it
    std::vector<Values> data;
    std::function<double(const std::vector<Values>&)> run;  // returns what it found
};

// Time on the processor: what others do on the machine does not count.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds(const Task& task, double& found) {
    const double start = cpu_seconds();
    found = task.run(task.data);
    return cpu_seconds() - start;
}

// One run of a peer: prints its seconds, measured inside, and what it found.
std::optional<double> peer_seconds(const std::string& interpreter, const std::string& script,
                                   const std::string& task, const std::string& folder) {
    const std::string command =
        fmt::format("{} '{}' {} '{}' 2>/dev/null", interpreter, script, task, folder);
    FILE* pipe = popen(command.c_str(), "r");
    double time = 0;
    const bool read = pipe != nullptr && std::fscanf(pipe, "%lf", &time) == 1;
    while (pipe != nullptr && std::fgetc(pipe) != EOF) {  // a peer must not write to nobody
    }
    const bool whole = pipe != nullptr && pclose(pipe) == 0;
    return read && whole ? std::optional(time) : std::nullopt;
}

double median_of(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

struct Row {
    std::string name;
    double ours = 0;
    std::optional<double> scipy;
    std::optional<double> r;
    double found = 0;
};

Row measure(const Task& task, const std::string& peers, const std::string& folder) {
    for (std::size_t k = 0; k < task.data.size(); ++k) {
        std::ofstream file(fmt::format("{}/{}.txt", folder, k));
        for (double v : task.data[k]) {
            file << fmt::format("{}\n", v);
        }
    }
    Row row{task.name, 0, std::nullopt, std::nullopt, 0};
    std::vector<double> ours;
    std::vector<double> scipy;
    std::vector<double> r;
    for (int round = 0; round < kRounds; ++round) {
        ours.push_back(seconds(task, row.found));
        if (task.peer.empty()) {
            continue;
        }
        if (const auto time =
                peer_seconds("/usr/bin/python3", peers + "/stats_peers.py", task.peer, folder)) {
            scipy.push_back(*time);
        }
        if (const auto time =
                peer_seconds("Rscript", peers + "/stats_peers.R", task.peer, folder)) {
            r.push_back(*time);
        }
    }
    row.ours = median_of(ours);
    row.scipy = scipy.empty() ? std::nullopt : std::optional(median_of(scipy));
    row.r = r.empty() ? std::nullopt : std::optional(median_of(r));
    return row;
}

std::vector<Task> tasks() {
    const Values small = call_times(100, 1);
    const Values middle = call_times(1000, 2);
    const Values large = call_times(1'000'000, 3);
    const Values other = call_times(1'000'000, 4);
    Values index(1'000'000);
    Values drift(index.size());
    for (std::size_t i = 0; i < index.size(); ++i) {
        index[i] = static_cast<double>(i);
        drift[i] = large[i] + std::round(static_cast<double>(i) / 5000);
    }
    const auto first = [](const Values& x, std::size_t n) {
        return Values(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
    };
    const auto joint = [](const std::vector<Values>& d) {
        an::BootstrapOptions options;
        options.replicates = 100'000;
        return an::bootstrap_joint(an::Sorted(d[0]), options).mad.back();
    };
    const auto closed = [](const std::vector<Values>& d) {
        const an::Sorted sorted(d[0]);
        const an::MedianBootstrap bootstrap(sorted);
        return bootstrap.quantile(0.025) + bootstrap.quantile(0.975);
    };
    const auto ranks = [](const std::vector<Values>& d) {
        return an::order_interval(an::Sorted(d[0]), 0.5).low;
    };
    const auto hl = [](const std::vector<Values>& d) { return an::hodges_lehmann(d[0]); };
    const auto slope = [](const std::vector<Values>& d) { return an::theil_sen_slope(d[0], d[1]); };
    const auto mw = [](const std::vector<Values>& d) {
        return an::mann_whitney(an::Sorted(d[0]), an::Sorted(d[1])).corrected.z;
    };
    const auto one = [](const std::vector<Values>& d) { return pipeline(d[0], {"total"}); };
    const auto five = [](const std::vector<Values>& d) {
        return pipeline(d[0], {"total", "user", "copy_in", "work", "copy_out"});
    };
    return {
        {"joint bootstrap of mean, sd, median, MAD, n = 100, B = 100000", "joint", {small}, joint},
        {"percentile interval of the median, closed form, n = 1000", "median", {middle}, closed},
        {"order-statistic interval of the median, n = 1000", "median", {middle}, ranks},
        {"Hodges-Lehmann, n = 4000", "hodges_lehmann", {first(large, 4000)}, hl},
        {"Hodges-Lehmann, n = 1000000", "", {large}, hl},
        {"Theil-Sen, n = 2000", "theil_sen", {first(index, 2000), first(drift, 2000)}, slope},
        {"Theil-Sen, n = 1000000", "", {index, drift}, slope},
        {"Mann-Whitney, n = 1000000 each", "mann_whitney", {large, other}, mw},
        {"pipeline of a series, one measure, n = 1000000", "", {large}, one},
        {"pipeline of a series, five measures and the overhead, n = 1000000", "", {large}, five},
    };
}

std::string cell(const std::optional<double>& time, bool asked) {
    return time ? fmt::format("{:.3g} s", *time) : asked ? "not here" : "-";
}

std::string json(const std::vector<Row>& rows) {
    std::string out =
        "{\n \"schema\": \"kmodbench-cores-stats/1\",\n \"unit\": \"s\",\n \"rows\": [\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto value = [](const std::optional<double>& time) {
            return time ? fmt::format("{:.6g}", *time) : std::string("null");
        };
        out += fmt::format(
            "  {{\"task\": \"{}\", \"kmodbench\": {:.6g}, \"scipy\": {}, \"r\": {}}}{}\n",
            rows[i].name, rows[i].ours, value(rows[i].scipy), value(rows[i].r),
            i + 1 < rows.size() ? "," : "");
    }
    return out + " ]\n}\n";
}

}  // namespace

int main(int argc, char** argv) {
    std::string out;
    std::string peers = KMB_PEERS_DIR;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.rfind("--out=", 0) == 0) {
            out = argument.substr(6);
        } else if (argument.rfind("--peers=", 0) == 0) {
            peers = argument.substr(8);
        } else {
            fmt::print(stderr, "{}: unknown; --out=FILE and --peers=DIR\n", argument);
            return 2;
        }
    }
    char name[] = "/tmp/kmb-stats-XXXXXX";
    const char* folder = mkdtemp(name);
    if (folder == nullptr) {
        std::perror(name);
        return 2;
    }
    std::vector<Row> rows;
    fmt::print("{:<64} {:>11} {:>11} {:>11}\n",
               "processor time of one thread, median of 3 by turns", "kmodbench", "SciPy", "R");
    for (const Task& task : tasks()) {
        rows.push_back(measure(task, peers, folder));
        const Row& row = rows.back();
        const bool asked = !task.peer.empty();
        fmt::print("{:<64} {:>9.3g} s {:>11} {:>11}   found {:.6g}\n", row.name, row.ours,
                   cell(row.scipy, asked), cell(row.r, asked), row.found);
        std::fflush(stdout);
    }
    std::filesystem::remove_all(folder);
    if (!out.empty() && !(std::ofstream(out) << json(rows)).flush()) {
        fmt::print(stderr, "{}: cannot be written\n", out);
        return 2;
    }
    return 0;
}
