// Blocks merged into series.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "analysis/ksamp_reader.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

std::int64_t round_of(const Block& block) {
    try {
        return block.number("round");
    } catch (const FormatError&) {
        return -1;
    }
}

void require_same(const Block& block, std::string_view what, std::string_view expected,
                  std::string_view where) {
    if (block.key(what) != expected) {
        throw FormatError(block.file, block.line,
                          fmt::format("'{}: {}', but '{}' {}; do not mix runs", what,
                                      block.key(what), expected, where));
    }
}

// Appends the rows of a block; columns that only one side has are filled up with kAbsent.
void append(Series& series, Block&& block) {
    for (auto& column : block.columns) {
        auto found = std::find_if(series.columns.begin(), series.columns.end(),
                                  [&](const auto& have) { return have.name == column.name; });
        if (found == series.columns.end()) {
            series.columns.push_back({column.name, std::vector(series.rows, kAbsent)});
            found = std::prev(series.columns.end());
        }
        found->values.insert(found->values.end(), column.values.begin(), column.values.end());
    }
    series.rows += block.rows;
    for (auto& column : series.columns) {
        column.values.resize(series.rows, kAbsent);
    }
}

Series describe(const Block& first) {
    Series series;
    series.point = first.key("point");
    series.case_name = first.key("case");
    series.target = first.key("target");
    series.time_unit = first.key("time-unit");
    series.clock_step = first.number("clock-step");
    series.rounds_planned = first.number("rounds");
    series.batch = first.number("batch");
    series.keys = first.keys;
    try {
        split_point(series.point, series.module, series.operation, series.coordinates);
    } catch (const std::invalid_argument& error) {
        throw FormatError(first.file, first.line, error.what());
    }
    return series;
}

Series merge(std::map<std::int64_t, Block>& blocks) {
    Series series = describe(blocks.begin()->second);
    for (auto& [round, block] : blocks) {
        const std::string where = fmt::format("in another block of {}", series.point);
        require_same(block, "case", series.case_name, where);
        require_same(block, "batch", std::to_string(series.batch), where);
        series.rounds_planned = std::max(series.rounds_planned, block.number("rounds"));
        series.clock_step = std::max(series.clock_step, block.number("clock-step"));
        series.rounds.push_back(round);
        series.round_begin.push_back(series.rows);
        append(series, std::move(block));
    }
    return series;
}

// A point of which nothing whole was read: its name and the loss.
Series describe(const Truncated& cut) {
    Series series;
    series.point = cut.point;
    try {
        split_point(series.point, series.module, series.operation, series.coordinates);
    } catch (const std::invalid_argument&) {
        // A name that was damaged stays a name; it has no coordinates.
    }
    return series;
}

// Sorted by name.
std::vector<std::string> sample_files(const std::string& path) {
    namespace fs = std::filesystem;
    if (!fs::is_directory(path)) {
        return {path};
    }
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(path)) {
        if (entry.path().extension() == ".ksamp") {
            files.push_back(entry.path().string());
        }
    }
    if (files.empty()) {
        throw std::runtime_error(fmt::format(
            "{}: no .ksamp file; give the directory of a run, such as results/latest", path));
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

const std::vector<std::int64_t>* Series::column(std::string_view name) const {
    for (const auto& column : columns) {
        if (column.name == name) {
            return &column.values;
        }
    }
    return nullptr;
}

void split_point(std::string_view point, std::string& module, std::string& operation,
                 std::vector<std::pair<std::string, std::string>>& coordinates) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = point; !rest.empty();) {
        const std::size_t slash = rest.find('/');
        parts.push_back(rest.substr(0, slash));
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    }
    if (parts.size() < 2 || parts[0].empty() || parts[1].empty()) {
        throw std::invalid_argument(
            fmt::format("point '{}' is not module/operation/key=value/...", point));
    }
    coordinates.clear();
    for (std::size_t i = 2; i < parts.size(); ++i) {
        const std::size_t equals = parts[i].find('=');
        if (equals == std::string_view::npos || equals == 0) {
            throw std::invalid_argument(
                fmt::format("point '{}': '{}' is no key=value", point, parts[i]));
        }
        coordinates.emplace_back(parts[i].substr(0, equals), parts[i].substr(equals + 1));
    }
    module = parts[0];
    operation = parts[1];
}

void SampleMerger::add(Block&& block) {
    const std::string point(block.key("point"));
    const std::int64_t round = round_of(block);
    if (!block.damage.empty()) {
        truncated_.push_back(
            {block.file, block.line, point, round, block.rows, block.damage, false});
        return;
    }
    if (target_.empty()) {
        target_ = block.key("target");
        time_unit_ = block.key("time-unit");
    }
    require_same(block, "target", target_, "in the blocks before");
    require_same(block, "time-unit", time_unit_, "in the blocks before");
    auto& rounds = blocks_[point];
    const auto known = rounds.find(round);
    if (known != rounds.end()) {
        warnings_.push_back(fmt::format(
            "duplicate: {}:{}: round {} of {} is already in {}:{}; the first is used", block.file,
            block.line, round, point, known->second.file, known->second.line));
        return;
    }
    rounds.emplace(round, std::move(block));
}

Samples SampleMerger::finish() {
    Samples samples;
    std::map<std::string, Series> by_point;
    std::set<std::pair<std::string, std::int64_t>> whole;
    for (auto& [point, rounds] : blocks_) {
        for (const auto& [round, block] : rounds) {
            whole.emplace(point, round);
        }
        by_point.emplace(point, merge(rounds));
    }
    for (auto& cut : truncated_) {
        cut.replaced = whole.contains({cut.point, cut.round});
        if (cut.replaced || cut.point.empty()) {
            continue;
        }
        auto [series, added] = by_point.try_emplace(cut.point);
        if (added) {
            series->second = describe(cut);
            series->second.target = target_;
            series->second.time_unit = time_unit_;
        }
        series->second.truncated_rows += cut.rows;
    }
    for (auto& [point, series] : by_point) {
        samples.series.push_back(std::move(series));
    }
    samples.truncated = std::move(truncated_);
    samples.warnings = std::move(warnings_);
    *this = SampleMerger{};
    return samples;
}

Samples read_samples(const std::string& path) {
    SampleMerger merger;
    for (const auto& file : sample_files(path)) {
        read_blocks(file, [&](Block&& block) { merger.add(std::move(block)); });
    }
    return merger.finish();
}

Series read_series(const std::string& path, const std::string& point) {
    SampleMerger merger;
    for (const auto& file : sample_files(path)) {
        read_blocks(file, [&](Block&& block) {
            if (block.key("point") == point) {
                merger.add(std::move(block));
            }
        });
    }
    auto samples = merger.finish();
    return samples.series.empty() ? Series{} : std::move(samples.series.front());
}

std::vector<std::pair<std::string, std::int64_t>> complete_rounds(const std::string& path) {
    std::set<std::pair<std::string, std::int64_t>> pairs;
    if (std::filesystem::exists(path)) {
        const auto note = [&](Block&& block) {
            if (block.damage.empty()) {
                pairs.emplace(block.key("point"), block.number("round"));
            }
        };
        read_blocks(path, note, false);
    }
    return {pairs.begin(), pairs.end()};
}

std::vector<RoundMedian> round_medians(const std::string& path) {
    std::map<std::pair<std::string, std::int64_t>, double> medians;
    const auto note = [&](Block&& block) {
        if (!block.damage.empty()) {
            return;
        }
        const auto column = [&](std::string_view name) -> const std::vector<std::int64_t>* {
            for (const auto& one : block.columns) {
                if (one.name == name) {
                    return &one.values;
                }
            }
            return nullptr;
        };
        const auto* user = column("user");
        const auto* total = column("total");
        std::vector<double> times;
        for (std::size_t row = 0; row < block.rows; ++row) {
            for (const auto* times_of : {user, total}) {
                if (times_of != nullptr && (*times_of)[row] != kAbsent) {
                    times.push_back(static_cast<double>((*times_of)[row]));
                    break;
                }
            }
        }
        // The first of two whole blocks counts, as everywhere.
        medians.emplace(std::pair(std::string(block.key("point")), block.number("round")),
                        times.empty() ? 0 : median(times));
    };
    if (std::filesystem::exists(path)) {
        read_blocks(path, note);
    }
    std::vector<RoundMedian> all;
    for (const auto& [block, value] : medians) {
        all.push_back({block.first, block.second, value});
    }
    return all;
}

}  // namespace kmb::analysis
