#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include "analysis/ksamp_reader.h"
#include "analysis/list_statistics.h"
#include "analysis/measures.h"
#include "analysis/number_list.h"
#include "cli/json_text.h"
#include "cli/verbs.h"

namespace kmb::cli {
namespace {

using analysis::NumberList;

// Points of a sample file, without its rows; kept short for a message.
std::string names_of(const std::vector<std::string>& points) {
    constexpr std::size_t kShown = 5;
    std::string names;
    for (std::size_t i = 0; i < std::min(points.size(), kShown); ++i) {
        names += "\n  " + points[i];
    }
    return names +
           (points.size() > kShown ? fmt::format("\n  and {} more", points.size() - kShown) : "");
}

std::string one_point(const std::string& file) {
    std::vector<std::string> points;
    for (const auto& [point, round] : analysis::complete_rounds(file)) {
        if (points.empty() || points.back() != point) {
            points.push_back(point);
        }
    }
    if (points.size() != 1) {
        throw std::runtime_error(points.empty()
                                     ? file + ": no block is whole; there is nothing to describe"
                                     : fmt::format("{}: {} points; choose one with --point:{}",
                                                   file, points.size(), names_of(points)));
    }
    return points.front();
}

// A measure of one point of a sample file, of one operation each.
NumberList from_samples(const StatsOptions& options) {
    const std::string point = options.point.empty() ? one_point(options.file) : options.point;
    const auto series = analysis::read_series(options.file, point);
    if (series.rows == 0) {
        throw std::runtime_error(
            fmt::format("{}: no whole block of point '{}'", options.file, point));
    }
    const auto measures = analysis::measures_of(series);
    const std::string wanted = options.column.empty() ? "user" : options.column;
    std::string known;
    for (const auto& measure : measures) {
        if (measure.name == wanted) {
            return {fmt::format("{} of {}, {}", wanted, point, series.time_unit), measure.values,
                    series.rows - measure.values.size(), 0, 0};
        }
        known += (known.empty() ? "" : ", ") + measure.name;
    }
    if (const auto* column = series.column(wanted)) {
        NumberList list{fmt::format("{} of {}", wanted, point), {}, 0, 0, 0};
        for (const auto value : *column) {
            if (value == analysis::kAbsent) {
                ++list.missing;
            } else {
                list.values.push_back(static_cast<double>(value));
            }
        }
        return list;
    }
    throw std::runtime_error(
        fmt::format("{}: no column '{}'; measures of this point: {}", options.file, wanted, known));
}

NumberList read(const StatsOptions& options) {
    if (options.file == "-") {
        return analysis::read_numbers(std::cin, "standard input", options.column);
    }
    errno = 0;
    std::ifstream in(options.file, std::ios::binary);
    if (!in) {
        throw std::system_error(errno, std::generic_category(), "open " + options.file);
    }
    constexpr std::string_view kSamples = "kmodbench-samples: ";
    std::string begin(kSamples.size(), '\0');
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    if (in.gcount() == static_cast<std::streamsize>(begin.size()) && begin == kSamples) {
        return from_samples(options);
    }
    if (!options.point.empty()) {
        throw std::runtime_error(options.file + ": no sample file; --point is for .ksamp");
    }
    // A pipe has no beginning to go back to.
    in.clear();
    in.seekg(0);
    if (!in) {
        throw std::runtime_error(options.file + ": cannot be read twice; give it as '-'");
    }
    return analysis::read_numbers(in, options.file, options.column);
}

void print_json(const StatsOptions& options, const NumberList& list,
                const analysis::ListStatistics& found) {
    Json out;
    out["schema"] = "kmodbench-stats/1";
    out["file"] = options.file;
    out["name"] = list.name;
    out["missing"] = list.missing;
    out["nan"] = list.nan;
    out["infinite"] = list.infinite;
    for (const auto& one : found.statistics) {
        Json value = {{"value", finite(one.value)}, {"interval", nullptr}};
        if (one.bounds) {
            value["interval"] = {finite(one.bounds->low), finite(one.bounds->high)};
        }
        if (!one.note.empty()) {
            value["note"] = one.note;
        }
        out[std::string(one.group)][one.name] = value;
    }
    out["warnings"] = found.warnings;
    fmt::print("{}\n", json_text(out));
}

void print_text(const NumberList& list, const analysis::ListStatistics& found) {
    if (!list.name.empty()) {
        fmt::print("{}\n", list.name);
    }
    std::string_view group;
    for (const auto& one : found.statistics) {
        if (one.group != group) {
            group = one.group;
            fmt::print("\n{}\n", group);
        }
        const std::string value = std::isnan(one.value) ? "-" : fmt::format("{:.10g}", one.value);
        const std::string bounds =
            one.bounds ? fmt::format("[{:.8g}, {:.8g}]", one.bounds->low, one.bounds->high) : "";
        const std::string line =
            fmt::format("  {:<26} {:>16}  {:<26} {}", one.name, value, bounds, one.note);
        fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
    }
}

}  // namespace

int stats(const StatsOptions& options) {
    const NumberList list = read(options);
    if (list.values.empty()) {
        throw std::runtime_error(
            fmt::format("{}: {} entries, none a finite number ({} missing, {} NaN, {} infinite)",
                        options.file, list.total(), list.missing, list.nan, list.infinite));
    }
    auto found = analysis::list_statistics(list.values);
    if (list.total() > list.values.size()) {
        found.warnings.push_back(
            fmt::format("left-out: {} missing, {} NaN, {} infinite; they are not in any statistic",
                        list.missing, list.nan, list.infinite));
    }
    for (const auto& warning : found.warnings) {
        fmt::print(stderr, "kmodbench: {}: {}\n", options.file, warning);
    }
    options.json ? print_json(options, list, found) : print_text(list, found);
    return 0;
}

}  // namespace kmb::cli
