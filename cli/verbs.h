// The verbs. Each returns the exit code of the program and lets exceptions that
// name file, cause and mend travel to main().
#pragma once

#include "cli/arguments.h"

namespace kmb::cli {

int analyze(const AnalyzeOptions& options);
int compare(const CompareVerbOptions& options);
int export_samples(const ExportOptions& options);
int list(const ListOptions& options);
int plot(const PlotOptions& options);
int report(const ReportOptions& options);
int run(const RunOptions& options);
int selftest(const SelftestOptions& options);
int stats(const StatsOptions& options);
int truth(const TruthOptions& options);

}  // namespace kmb::cli
