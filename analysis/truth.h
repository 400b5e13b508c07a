// What the analysis says of planted samples, held against what was planted (calib).
#pragma once

#include <string>
#include <vector>

#include "analysis/ksamp_reader.h"
#include "analysis/result.h"

namespace kmb::analysis {

// One fact that a good measurement shows.
struct TruthLine {
    std::string fact;   // "planted sleep gets its cause"
    std::string shown;  // figures behind the verdict
    enum class Verdict { holds, fails, not_here } verdict = Verdict::not_here;
};

struct TruthOptions {
    double tick_ns = 4e6;  // between two interrupts of the local timer; 250 a second
};

// All facts that these samples of the case calib can show. Throws std::runtime_error where
// the run holds no planted samples.
std::vector<TruthLine> check_truth(const Samples& samples, const RunResult& run,
                                   const TruthOptions& options);

}  // namespace kmb::analysis
