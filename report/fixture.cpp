#include "report/fixture.h"

#include <fmt/core.h>

#include <cmath>

#include "analysis/scaling.h"

namespace kmb::report {
namespace {

using analysis::Estimate;
using analysis::Fit;
using analysis::Interval;
using analysis::Measure;
using analysis::Parameter;
using analysis::RunResult;
using analysis::SeriesResult;
using analysis::Summary;

Estimate around(double value, double half) {
    return {value, Interval{value - half, value + half, 0.95, "order-statistic"}};
}

Measure measure(const std::string& name, double centre, double half, std::size_t n,
                std::size_t removed) {
    Summary kept;
    kept.n = n - removed;
    kept.min = centre - 3 * half;
    kept.max = centre + 5 * half;
    kept.median = around(centre, half);
    kept.mean = {centre + half / 4, std::nullopt};
    kept.sd = 2 * half;
    kept.mad = half;
    Summary all = kept;
    all.n = n;
    all.max = removed > 0 ? centre + 9000 : kept.max;
    all.mean.value =
        kept.mean.value + 9000.0 * static_cast<double>(removed) / static_cast<double>(n);
    return {name, all, kept};
}

Fit affine(const std::string& group, const std::string& name, double a, double b, double to) {
    Fit fit;
    fit.kind = "affine";
    fit.group = group;
    fit.sweep = "bytes";
    fit.measure = name;
    fit.model = "a + b * bytes";
    fit.parameters = {{"a", "instructions", around(a, a / 50)},
                      {"b", "instructions/byte", around(b, b / 200)}};
    fit.points = 23;
    fit.from = 1;
    fit.to = to;
    fit.r_squared = 0.99987;
    return fit;
}

Fit power(const std::string& group, double exponent) {
    Fit fit;
    fit.kind = "power";
    fit.group = group;
    fit.sweep = "n";
    fit.measure = "work";
    fit.model = "c * n^exponent";
    fit.parameters = {{"c", "instructions", around(12.5, 0.4)},
                      {"exponent", "", around(exponent, 0.012)}};
    fit.points = 17;
    fit.from = 16;
    fit.to = 1000000;
    fit.r_squared = 0.9991;
    return fit;
}

void add_copy(RunResult& run) {
    for (const char* direction : {"read", "write"}) {
        for (int power_of_two = 0; power_of_two <= 22; ++power_of_two) {
            const double bytes = std::pow(2.0, power_of_two);
            auto series = made_series("copy", "hello", "copy",
                                      {{"dir", direction}, {"bytes", fmt::format("{:.0f}", bytes)}},
                                      257 + 1.003 * bytes, 2 + bytes / 1000, 60);
            series.primary = "total";
            run.series.push_back(series);
        }
        const std::string group = fmt::format("hello/copy/dir={}", direction);
        run.fits.push_back(affine(group, "user", 812.4, 1.0031, 4194304));
        run.fits.push_back(affine(group, "total", 257.1, 1.0029, 4194304));
        run.fits.push_back(affine(group, "overhead", 555.3, 0.00021, 4194304));
    }
    run.fits.back().warnings.push_back("curved: 3 of 23 points leave the line by more than 10 %");
}

void add_fib(RunResult& run) {
    for (const char* where : {"kernel", "user"}) {
        for (const char* algo : {"add", "doubling", "iter64"}) {
            for (const double n : {1, 2, 5, 10, 20, 50, 92, 100, 200, 500, 1000, 2000, 5000, 10000,
                                   20000, 50000, 100000}) {
                const std::string name = algo;
                if (name == "iter64" && n > 92) {
                    continue;
                }
                const double cost = name == "add"        ? 60 * n + n * n / 90
                                    : name == "doubling" ? 300 + 30 * std::pow(n, 1.2)
                                                         : 20 + 4 * n;
                auto series =
                    made_series("fib", "fibdrv", "fib",
                                {{"where", where}, {"algo", algo}, {"n", fmt::format("{:.0f}", n)}},
                                cost * (where[0] == 'u' ? 0.93 : 1), 0, 30);
                if (where[0] == 'u') {
                    series.primary = "user";
                    series.measures.resize(1);
                }
                if (n == 20000 && name == "add") {
                    series.rounds_complete = 2;
                    series.truncated_rows = 7;
                    series.warnings.push_back("rounds-missing: 2 of 3 rounds");
                }
                series.warnings.push_back("all-equal: 30 samples of 1 value");
                run.series.push_back(series);
            }
            run.fits.push_back(
                power(fmt::format("fibdrv/fib/where={}/algo={}", where, algo), 1.71));
        }
    }
}

void add_sort(RunResult& run) {
    for (const char* pattern : {"few", "random", "reversed", "saw", "sorted"}) {
        int rank = 0;
        for (const char* algo : {"heap", "kernel", "pdq", "shell"}) {
            ++rank;
            for (const char* where : {"kernel", "user"}) {
                for (const double n : {16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1000000}) {
                    auto series = made_series("sort", "ksort", "sort",
                                              {{"where", where},
                                               {"algo", algo},
                                               {"pattern", pattern},
                                               {"n", fmt::format("{:.0f}", n)}},
                                              (8.0 + 3 * rank) * n * std::log2(n), n / 4, 24);
                    if (where[0] == 'u') {
                        series.primary = "user";
                        series.measures.resize(1);
                    }
                    run.series.push_back(series);
                }
                run.fits.push_back(power(
                    fmt::format("ksort/sort/where={}/algo={}/pattern={}", where, algo, pattern),
                    1.083));
            }
        }
    }
}

}  // namespace

SeriesResult made_series(const std::string& case_name, const std::string& module,
                         const std::string& operation,
                         const std::vector<std::pair<std::string, std::string>>& at, double centre,
                         double half_width, std::size_t samples) {
    SeriesResult series;
    series.point = module + "/" + operation;
    for (const auto& [key, value] : at) {
        series.point += "/" + key + "=" + value;
    }
    series.case_name = case_name;
    series.module = module;
    series.operation = operation;
    series.coordinates = at;
    series.n = samples;
    series.rounds_planned = 3;
    series.rounds_complete = 3;
    series.primary = "work";
    const std::size_t removed = half_width > 0 ? 2 : 0;
    series.removed = {"double-mad", "work", {{"k", 3}, {"low", centre}}, {}};
    for (std::size_t i = 0; i < removed; ++i) {
        series.removed.rows.push_back(7 * i);
    }
    series.labels = {{"cause", "work", {}, {0}},
                     {"tukey", "work", {{"k", 1.5}}, std::vector<std::size_t>(removed + 1, 0)}};
    series.measures = {measure("user", centre + 500, half_width, samples, removed),
                       measure("total", centre, half_width, samples, removed),
                       measure("work", centre - 40, half_width, samples, removed),
                       measure("overhead", 500, half_width / 10, samples, removed)};
    return series;
}

Input small_input() {
    Input input;
    RunResult& run = input.run;
    run.target = "sim";
    run.time_unit = "instructions";
    run.rule = "double-mad";
    for (const char* direction : {"read", "write"}) {
        for (const char* bytes : {"1", "4096"}) {
            auto series =
                made_series("copy", "hello", "copy", {{"dir", direction}, {"bytes", bytes}},
                            bytes[0] == '1' ? 257 : 4421, 12, 40);
            series.primary = "total";
            run.series.push_back(series);
        }
    }
    auto& last = run.series.back();
    last.causes = {
        true, 36, 4421, 178000,
        1160, 3,  1,    {{"interrupted", 3, 2, 900}, {"slept", 2, 1, 600}, {"faulted", 0, 0, 0}},
        {}};
    last.sleeping = {
        40, 2, 0, 3, 0, 40, 480, 178000, 240, 300, {{2, 0, 37, {}}, {3, 0, 3, {3112, 2904}}}};
    last.order.state = "drift";
    last.course =
        Estimate{4421, analysis::Interval{4415, 4428, 0.95, "order-statistic, of this course"}};
    run.series.front().net = Estimate{219, analysis::Interval{212, 226, 0.95, "mover"}};
    last.net = Estimate{4400, analysis::Interval{4390, 4410, 0.95, "mover"}};
    run.series.back().rounds_complete = 2;
    run.series.back().truncated_rows = 11;
    run.series.back().warnings = {"rounds-missing: 2 of 3 rounds", "free text of a warning"};
    run.fits = {affine("hello/copy/dir=read", "user", 812.4, 1.0031, 4096)};
    input.manifest = parse_manifest(R"json({
        "started": "2026-11-22T03:04:05Z", "seed": 1, "pinned_cpu": 0,
        "target": {"name": "sim", "reason": "no module loading and no KVM here",
                   "cpu_model": "qemu64,+erms"},
        "time_unit": "instructions", "clock": {"source": "tsc", "step": 1},
        "machine": {"hostname": "box|<b>", "cpus": 1, "memory_bytes": 536870912,
                    "lscpu": {"Model name": "QEMU Virtual CPU"}},
        "kernel": {"release": "6.1.0-56-amd64"},
        "modules": [{"name": "hello", "srcversion": "0A1B2C3D", "parameters": {}}],
        "settings": [{"name": "governor", "found": "powersave", "set": "performance"}],
        "failures": [{"point": "hello/copy/dir=read/bytes=8", "message": "wrong result: byte 3"}],
        "command": {"again": "kmodbench run --target sim --seed 1 copy"}})json");
    input.directory = "results/latest";
    input.notes = "# Mine\n\nThe *slope* is **one** instruction a byte.\n";
    return input;
}

RunResult large_run() {
    RunResult run;
    run.target = "sim";
    run.time_unit = "instructions";
    run.rule = "double-mad";
    add_copy(run);
    add_fib(run);
    add_sort(run);
    run.growth = analysis::growth_of(run);
    run.pieces = analysis::pieces_of(run);
    run.crossovers = analysis::crossovers_of(run);
    return run;
}

std::string large_manifest() {
    return R"json({
 "schema": "kmodbench-manifest/1",
 "kmodbench": {"version": "0.1.0", "commit": "32dcf50"},
 "started": "2026-11-22T03:04:05Z", "finished": "2026-11-22T03:21:44Z",
 "command": {"arguments": ["kmodbench", "run", "--target", "sim"],
             "again": "kmodbench run --target sim --seed 1"},
 "target": {"name": "sim", "reason": "no module loading here; KVM did not answer within 20 s",
            "accelerator": "tcg,thread=single -icount shift=0,sleep=off",
            "cpu_model": "max,erms=off,fsrm=off,smap=off,rdrand=off,rdseed=off",
            "qemu": "QEMU emulator version 7.2.17"},
 "time_unit": "instructions", "clock": {"source": "tsc", "step": 1},
 "seed": 1, "sweep": "full", "pinned_cpu": 0,
 "machine": {"hostname": "(none)", "cpu_model": "QEMU TCG CPU version 2.5+", "cpus": 1,
             "memory_bytes": 522170368,
             "lscpu": {"Architecture": "x86_64", "Model name": "QEMU TCG CPU version 2.5+",
                       "L1d cache": "64 KiB"}},
 "host": {"hostname": "box", "cpu_model": "Intel(R) Xeon(R) Processor", "cpus": 2,
          "lscpu": {"Architecture": "x86_64"}},
 "kernel": {"release": "6.1.0-56-amd64",
            "version": "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-01)",
            "command_line": "console=ttyS0 quiet random.trust_cpu=off nokaslr norandmaps tsc=reliable randomize_kstack_offset=off panic=-1",
            "mitigations": {"spectre_v2": "Mitigation: Retpolines", "meltdown": "Vulnerable"}},
 "compiler": {"program": "g++ 12.2.0", "modules": "gcc 12.2.0", "kernel": "gcc-12 12.2.0"},
 "modules": [{"name": "fibdrv", "srcversion": "5E1B0C3E8D1F2A3B4C5D6E7", "parameters": {}},
             {"name": "hello", "srcversion": "0A1B2C3D4E5F60718293A4B", "parameters": {"mode": "0600"}},
             {"name": "ksort", "srcversion": "99AA88BB77CC66DD55EE44F", "parameters": null}],
 "settings": [{"name": "randomize_va_space", "found": "0", "set": null, "restored": null},
              {"name": "governor", "found": "powersave", "set": "performance", "restored": true}],
 "failures": [],
 "unknown": {"turbo": "no such file: /sys/devices/system/cpu/intel_pstate/no_turbo"}
})json";
}

}  // namespace kmb::report
