// Measures points: chooses them, warms up, pins, interleaves, times through Google
// Benchmark, verifies every result and hands every sample to a sink.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/case.h"
#include "bench/plan.h"
#include "bench/sink.h"

namespace kmb::bench {

// Blocks that are there, by point and round, with the median of the times that the runner
// decides by.
using Rounds = std::map<std::pair<std::string, std::uint64_t>, double>;

struct RunSettings {
    std::string target = "host";   // as it stands in the samples
    std::string time_unit = "ns";  // "ns" or "instructions"
    Sweep sweep = Sweep::full;
    std::string pattern;  // regular expression searched in the names of points and cases
    std::shared_ptr<const Case> only;  // measured instead of all_cases(); null for those
    std::optional<Limits> limits;
    std::uint64_t seed = 1;
    int cpu = 0;
    std::vector<std::string> benchmark_flags;  // --benchmark_*
    Rounds complete;                           // blocks that a resumed run has already
    // By point, from the plan of the run that is resumed.
    std::map<std::string, Portion> planned;
};

// A point with the case that knows how to open it.
struct Selected {
    const Case* source;
    Point point;
};

// Points of all cases (or of the only one) whose names, or whose case's name, match the pattern,
// and whose names match Google Benchmark's filter (a leading '-' negates it). Throws
// std::invalid_argument on a bad expression.
std::vector<Selected> select_points(const RunSettings& settings);

// Adds the empty calls (Case::goes_along) of every module that the points use, where they
// are not among them yet.
void add_companions(std::vector<Selected>& points, Sweep sweep);

// Names of the modules these points need, sorted, each once.
std::vector<std::string> modules_of(const std::vector<Selected>& points);

struct Outcome {
    std::size_t blocks = 0;    // finished in this run
    std::size_t failures = 0;  // points that could not be measured or measured wrong
    bool interrupted = false;  // stopped by a signal
};

// Measures all points on the calling thread. Sample files, plan.tsv, sampling.tsv and
// benchmark.part go to the sink. Throws what Pin throws; troubles of one point are
// handed to Sink::failure and the run goes on.
Outcome measure(const std::vector<Selected>& points, const RunSettings& settings, Sink& sink);

// Asks a running measure() to stop after the present sample. Async-signal-safe.
void request_stop() noexcept;

}  // namespace kmb::bench
