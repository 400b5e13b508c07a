#include <fmt/core.h>

#include "analysis/json.h"
#include "analysis/ksamp_reader.h"
#include "analysis/pipeline.h"
#include "cli/verbs.h"

namespace kmb::cli {

int analyze(const AnalyzeOptions& options) {
    const auto run = analysis::analyze(analysis::read_samples(options.directory), options.rule);
    analysis::write_analysis(run, options.directory);
    for (const auto& warning : run.warnings) {
        fmt::print(stderr, "kmodbench: {}: {}\n", options.directory, warning);
    }
    fmt::print("{}/analysis.json: {} series, {} fits, rule {}\n", options.directory,
               run.series.size(), run.fits.size(), run.rule);
    return 0;
}

}  // namespace kmb::cli
