// A whole run: chooses the target, makes the results directory, measures here or in a
// guest, and leaves samples, benchmark.json and manifest.json behind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bench/case.h"
#include "bench/foreign_device.h"
#include "bench/runner.h"

namespace kmb::bench {

// Bounds that the user set; the rest are the target's defaults.
struct LimitChoices {
    std::optional<std::uint64_t> rounds;
    std::optional<std::uint64_t> min_samples;
    std::optional<std::uint64_t> max_samples;
    std::optional<double> width;           // 0: all rounds
    std::optional<double> budget_seconds;  // per point; in `sim` a second is 1e9 instructions
};

struct RunRequest {
    std::vector<std::string> command_line;
    std::string target = "auto";
    Sweep sweep = Sweep::full;
    std::string pattern;
    std::uint64_t seed = 1;
    std::optional<int> cpu;
    LimitChoices limits;
    std::string results = "results";           // where results directories are made
    std::string modules;                       // folder of RELEASE/NAME.ko
    std::string scripts;                       // folder of vm.sh, kernel.sh, kvm-probe.sh
    std::vector<std::string> benchmark_flags;  // --benchmark_*
    std::vector<std::string> vm_flags;         // flags of vm.sh: --accel, --cpus, --memory
    std::optional<ForeignDevice> device;       // measured instead of the cases
    std::string resume;                        // results directory to go on with
    Rounds complete;                           // its finished blocks
};

// Measures; progress goes to stderr, the path of the results directory to stdout.
// 0 all measured, 1 some point failed, 130 interrupted, 3 the guest died.
int run(RunRequest request);

// What the program does inside a guest: measures on this kernel and streams out.
struct InsideRequest {
    RunRequest request;
    std::string target;  // "vm" or "sim", as it stands in the samples
    std::string stream;  // where results go
    std::string skip;    // file of finished blocks, "POINT<TAB>ROUND<TAB>MEDIAN" a line; or empty
    std::string plan;    // plan.tsv of the run that is resumed; empty for none
};

int run_inside(const InsideRequest& inside);

}  // namespace kmb::bench
