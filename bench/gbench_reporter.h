// Catches what Google Benchmark reports: keeps every entry for benchmark.json and
// prints its own table only where the user asked for one.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/sink.h"

namespace kmb::bench {

// The error of a visit at which nothing was left to measure: it is not reported.
inline constexpr const char* kNothingToDo = "nothing to measure";

// Entries go to the sink's file "benchmark.part" as JSON lines, as they come; the
// first line is the context. compose_benchmark_json() makes benchmark.json of them.
class GbenchReporter final : public benchmark::BenchmarkReporter {
  public:
    // `format` is "console", "csv" or "json" as for --benchmark_format; empty prints nothing.
    // `label` stands in every entry.
    GbenchReporter(Sink& sink, const std::string& format, std::string label);
    bool ReportContext(const Context& context) override;
    void ReportRuns(const std::vector<Run>& runs) override;
    void Finalize() override;

  private:
    Sink& sink_;
    std::unique_ptr<benchmark::BenchmarkReporter> display_;
    std::string label_;
    const Context* context_ = nullptr;
    bool context_kept_ = false;
};

// Google Benchmark's JSON from the lines of benchmark.part; lines that a crash cut
// short are left out. Empty when there is no entry.
std::string compose_benchmark_json(const std::string& lines);

}  // namespace kmb::bench
