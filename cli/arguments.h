// What the user asked for: one struct a verb, filled by parse(). CLI11 is
// included by arguments.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bench/run.h"

namespace kmb::cli {

struct AnalyzeOptions {
    std::string directory;
    std::string rule = "disturbed";
};

struct CompareVerbOptions {
    std::string before;  // directory of a run or sample file; several, parted by commas
    std::string now;
    std::optional<double> margin;
    std::optional<double> noise_floor;
    std::string measure;
    std::string only_before;  // "algo=heap"
    std::string only_now;
    std::string correction;  // "holm", "bh", "none"
    bool json = false;
    bool verbose = false;
};

struct ExportOptions {
    std::string directory;
    std::string format;  // "csv", "json"
};

struct ListOptions {
    bool json = false;
    bool quick = false;
    std::string pattern;
};

struct PlotOptions {
    std::string directory;
    std::string series;  // empty: chosen by the program
};

struct ReportOptions {
    std::string directory;
    std::string language;  // "en", "zh-TW"
};

struct RunOptions {
    bench::RunRequest request;
    bench::ForeignDevice device;  // node empty: the cases are measured
    // Set only by the program around a guest.
    std::string inside;
    std::string stream;
    std::string skip;
    std::string plan;
};

struct SelftestOptions {
    std::string golden;      // folder of reference cases
    bool calibrate = false;  // in its place
    double effort = 1;       // factor of the calibration's repetitions
    bool json = false;
};

struct StatsOptions {
    std::string file;    // "-": standard input
    std::string column;  // name or number; of samples, a measure
    std::string point;   // of samples
    bool json = false;
};

struct TruthOptions {
    std::string directory;
    double ticks_per_second = 250;
};

struct Nothing {
    int exit_code = 0;  // --help, --version, or a wrong argument that was explained
};

using Request = std::variant<Nothing, AnalyzeOptions, CompareVerbOptions, ExportOptions,
                             ListOptions, PlotOptions, ReportOptions, RunOptions, SelftestOptions,
                             StatsOptions, TruthOptions>;

// Parses the command line. Prints help to stdout and complaints to stderr itself.
// A wrong argument gives exit code 2.
Request parse(int argc, char** argv);

}  // namespace kmb::cli
