#include <cstdio>
#include <exception>
#include <variant>

#include "cli/verbs.h"

namespace {

struct Execute {
    int operator()(const kmb::cli::Nothing& nothing) const { return nothing.exit_code; }
    int operator()(const kmb::cli::AnalyzeOptions& options) const {
        return kmb::cli::analyze(options);
    }
    int operator()(const kmb::cli::CompareVerbOptions& options) const {
        return kmb::cli::compare(options);
    }
    int operator()(const kmb::cli::ExportOptions& options) const {
        return kmb::cli::export_samples(options);
    }
    int operator()(const kmb::cli::ListOptions& options) const { return kmb::cli::list(options); }
    int operator()(const kmb::cli::PlotOptions& options) const { return kmb::cli::plot(options); }
    int operator()(const kmb::cli::ReportOptions& options) const {
        return kmb::cli::report(options);
    }
    int operator()(const kmb::cli::RunOptions& options) const { return kmb::cli::run(options); }
    int operator()(const kmb::cli::SelftestOptions& options) const {
        return kmb::cli::selftest(options);
    }
    int operator()(const kmb::cli::StatsOptions& options) const { return kmb::cli::stats(options); }
    int operator()(const kmb::cli::TruthOptions& options) const { return kmb::cli::truth(options); }
};

}  // namespace

int main(int argc, char** argv) {
    try {
        return std::visit(Execute{}, kmb::cli::parse(argc, argv));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "kmodbench: %s\n", error.what());
        return 2;
    }
}
