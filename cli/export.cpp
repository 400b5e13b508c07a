#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "analysis/ksamp_reader.h"
#include "cli/json_text.h"
#include "cli/verbs.h"

namespace kmb::cli {
namespace {

using analysis::Series;

// Columns of all series, those that are always there first.
std::vector<std::string> columns_of(const analysis::Samples& samples) {
    std::vector<std::string> names{"rep"};
    for (const auto& series : samples.series) {
        for (const auto& column : series.columns) {
            if (std::find(names.begin(), names.end(), column.name) == names.end()) {
                names.push_back(column.name);
            }
        }
    }
    return names;
}

// RFC 4180: in quotes where it must be.
std::string field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

std::string round_at(const Series& series, std::size_t row) {
    const auto next = std::upper_bound(series.round_begin.begin(), series.round_begin.end(), row);
    return std::to_string(
        series.rounds[static_cast<std::size_t>(next - series.round_begin.begin()) - 1]);
}

void print_csv(const analysis::Samples& samples) {
    const auto names = columns_of(samples);
    fmt::print("point,target,time_unit,batch,round");
    for (const auto& name : names) {
        fmt::print(",{}", name);
    }
    fmt::print("\n");
    for (const auto& series : samples.series) {
        std::vector<const std::vector<std::int64_t>*> columns;
        columns.reserve(names.size());
        for (const auto& name : names) {
            columns.push_back(series.column(name));
        }
        const std::string head =
            fmt::format("{},{},{},{}", field(series.point), field(series.target),
                        field(series.time_unit), series.batch);
        for (std::size_t row = 0; row < series.rows; ++row) {
            std::string line = head + "," + round_at(series, row);
            for (const auto* column : columns) {
                // What was not measured is an empty field, never 0.
                const bool there = column != nullptr && (*column)[row] != analysis::kAbsent;
                line += there ? fmt::format(",{}", (*column)[row]) : ",";
            }
            fmt::print("{}\n", line);
        }
    }
}

Json json_of(const Series& series) {
    Json out = {{"point", series.point},
                {"case", series.case_name},
                {"module", series.module},
                {"operation", series.operation}};
    for (const auto& [key, value] : series.coordinates) {
        out["coordinates"][key] = value;
    }
    out["batch"] = series.batch;
    out["clock_step"] = series.clock_step;
    out["rounds"] = series.rounds;
    out["round_begin"] = series.round_begin;
    out["rows"] = series.rows;
    out["truncated_rows"] = series.truncated_rows;
    for (const auto& column : series.columns) {
        Json& values = out["columns"][column.name] = Json::array();
        for (const auto value : column.values) {
            values.push_back(value == analysis::kAbsent ? Json(nullptr) : Json(value));
        }
    }
    return out;
}

// One series a line, so that no program need hold all of them.
void print_json(const analysis::Samples& samples) {
    const Series* whole = nullptr;
    for (const auto& series : samples.series) {
        whole = series.rows > 0 ? &series : whole;
    }
    const auto line = [](const Json& value) {
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    fmt::print("{{\n\"schema\": \"kmodbench-samples/1\",\n\"target\": {},\n\"time_unit\": {},\n",
               line(whole != nullptr ? Json(whole->target) : Json(nullptr)),
               line(whole != nullptr ? Json(whole->time_unit) : Json(nullptr)));
    fmt::print("\"series\": [\n");
    for (std::size_t i = 0; i < samples.series.size(); ++i) {
        fmt::print("{}{}\n", line(json_of(samples.series[i])),
                   i + 1 < samples.series.size() ? "," : "");
    }
    fmt::print("]\n}}\n");
}

}  // namespace

int export_samples(const ExportOptions& options) {
    const auto samples = analysis::read_samples(options.directory);
    for (const auto& cut : samples.truncated) {
        fmt::print(stderr, "kmodbench: {}:{}: {}; {} rows are not exported\n", cut.file, cut.line,
                   cut.cause, cut.rows);
    }
    options.format == "csv" ? print_csv(samples) : print_json(samples);
    if (std::fflush(stdout) != 0) {
        throw std::runtime_error("cannot write to standard output; is the disk full?");
    }
    return 0;
}

}  // namespace kmb::cli
