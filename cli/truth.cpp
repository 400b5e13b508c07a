#include "analysis/truth.h"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/ksamp_reader.h"
#include "analysis/pipeline.h"
#include "cli/verbs.h"

namespace kmb::cli {

int truth(const TruthOptions& options) {
    using Verdict = analysis::TruthLine::Verdict;
    const auto samples = analysis::read_samples(options.directory);
    const auto lines = analysis::check_truth(samples, analysis::analyze(samples),
                                             {.tick_ns = 1e9 / options.ticks_per_second});
    std::size_t fails = 0;
    std::size_t widest = 0;
    for (const auto& line : lines) {
        widest = std::max(widest, line.fact.size());
    }
    for (const auto& line : lines) {
        const bool bad = line.verdict == Verdict::fails;
        fails += bad ? 1U : 0U;
        fmt::print("{:<{}}  {:<5}  {}\n", line.fact, widest,
                   bad                              ? "FAILS"
                   : line.verdict == Verdict::holds ? "holds"
                                                    : "-",
                   line.shown);
    }
    if (fails > 0) {
        fmt::print(stderr, "kmodbench: {} of {} lines fall short\n", fails, lines.size());
    }
    return fails > 0 ? 1 : 0;
}

}  // namespace kmb::cli
