#include "bench/gbench_reporter.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace kmb::bench {
namespace {

std::unique_ptr<benchmark::BenchmarkReporter> display(const std::string& format) {
    if (format == "console") {
        return std::make_unique<benchmark::ConsoleReporter>();
    }
    if (format == "json") {
        return std::make_unique<benchmark::JSONReporter>();
    }
    if (format == "csv") {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        return std::make_unique<benchmark::CSVReporter>();
#pragma GCC diagnostic pop
    }
    return nullptr;
}

}  // namespace

GbenchReporter::GbenchReporter(Sink& sink, const std::string& format, std::string label)
    : sink_(sink), display_(display(format)), label_(std::move(label)) {}

bool GbenchReporter::ReportContext(const Context& context) {
    context_ = &context;
    return !display_ || display_->ReportContext(context);
}

void GbenchReporter::ReportRuns(const std::vector<Run>& runs) {
    // Visits that the plan had, but nothing was left to measure.
    if (std::all_of(runs.begin(), runs.end(), [](const Run& run) {
            return run.error_occurred && run.error_message == kNothingToDo;
        })) {
        return;
    }
    if (display_) {
        display_->ReportRuns(runs);
    }
    // Its own JSON writer, so that every field is as its own tools expect it.
    std::ostringstream text;
    std::ostringstream errors;
    benchmark::JSONReporter writer;
    writer.SetOutputStream(&text);
    writer.SetErrorStream(&errors);
    writer.ReportContext(*context_);
    // The name is the point: how often it was called is the plan's affair, and two runs
    // must agree in names to be compared.
    auto named = runs;
    for (auto& run : named) {
        run.run_name.iterations.clear();
        run.run_name.time_type.clear();
        run.report_label = label_;
    }
    writer.ReportRuns(named);
    writer.Finalize();
    const auto whole = nlohmann::json::parse(text.str(), nullptr, false);
    if (whole.is_discarded()) {
        return;
    }
    std::string lines;
    if (!context_kept_) {
        lines = nlohmann::json{{"context", whole["context"]}}.dump() + "\n";
        context_kept_ = true;
    }
    for (const auto& entry : whole["benchmarks"]) {
        const bool skipped = entry.value("error_occurred", false) &&
                             entry.value("error_message", "") == kNothingToDo;
        if (!skipped) {
            lines += entry.dump() + "\n";
        }
    }
    sink_.append("benchmark.part", lines);
}

void GbenchReporter::Finalize() {
    if (display_) {
        display_->Finalize();
    }
}

std::string compose_benchmark_json(const std::string& lines) {
    nlohmann::ordered_json context;
    auto entries = nlohmann::ordered_json::array();
    std::istringstream input(lines);
    for (std::string line; std::getline(input, line);) {
        auto value = nlohmann::ordered_json::parse(line, nullptr, false);
        if (value.is_discarded()) {
            continue;
        }
        if (value.contains("context")) {
            context = value["context"];
        } else if (value.contains("name")) {
            entries.push_back(std::move(value));
        }
    }
    if (entries.empty()) {
        return {};
    }
    return nlohmann::ordered_json{{"context", context}, {"benchmarks", entries}}.dump(2) + "\n";
}

}  // namespace kmb::bench
