#include "analysis/measures.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace kmb::analysis {
namespace {

struct Term {
    std::string_view column;
    int sign;
};

// A measure is a sum of columns, one row a measure.
struct Definition {
    std::string_view name;
    std::array<Term, 4> terms;   // an empty name ends the list
    bool of_the_kernel = false;  // means nothing for a point that ran in user space
};

constexpr Definition kMeasures[] = {
    {"user", {{{"user", 1}}}},
    {"total", {{{"total", 1}}}},
    {"copy_in", {{{"copy_in", 1}}}},
    {"work", {{{"work", 1}}}},
    {"copy_out", {{{"copy_out", 1}}}},
    {"overhead", {{{"user", 1}, {"total", -1}}}, true},
    {"entry", {{{"start", 1}, {"user_start", -1}}}, true},
    {"exit", {{{"user_start", 1}, {"user", 1}, {"start", -1}, {"total", -1}}}, true},
};

MeasuredColumn compute(const Series& series, const Definition& definition) {
    MeasuredColumn result;
    result.name = definition.name;
    std::vector<std::pair<const std::vector<std::int64_t>*, int>> terms;
    for (const Term& term : definition.terms) {
        if (!term.column.empty()) {
            terms.emplace_back(series.column(term.column), term.sign);
        }
    }
    const auto missing = [](const auto& term) { return term.first == nullptr; };
    if (std::any_of(terms.begin(), terms.end(), missing)) {
        return result;
    }
    for (std::size_t row = 0; row < series.rows; ++row) {
        std::int64_t sum = 0;
        bool there = true;
        for (const auto& [column, sign] : terms) {
            const std::int64_t value = (*column)[row];
            // A sum beyond 64 bits is no time: such a row counts as not measured.
            there = there && value != kAbsent &&
                    !(sign > 0 ? __builtin_add_overflow(sum, value, &sum)
                               : __builtin_sub_overflow(sum, value, &sum));
        }
        if (there) {
            result.values.push_back(static_cast<double>(sum) / static_cast<double>(series.batch));
            result.rows.push_back(row);
        }
    }
    return result;
}

// A point with the coordinate where=user ran in user space: there is no way into a
// kernel, and `total` is the caller's own bracket.
bool in_user_space(const Series& series) {
    const std::pair<std::string, std::string> user("where", "user");
    return std::find(series.coordinates.begin(), series.coordinates.end(), user) !=
           series.coordinates.end();
}

}  // namespace

std::vector<MeasuredColumn> measures_of(const Series& series) {
    std::vector<MeasuredColumn> measures;
    for (const Definition& definition : kMeasures) {
        if (definition.of_the_kernel && in_user_space(series)) {
            continue;
        }
        auto measure = compute(series, definition);
        if (!measure.values.empty()) {
            measures.push_back(std::move(measure));
        }
    }
    return measures;
}

MeasuredColumn measure_of(const Series& series, std::string_view name) {
    for (auto& measure : measures_of(series)) {
        if (measure.name == name) {
            return std::move(measure);
        }
    }
    return {std::string(name), {}, {}};
}

}  // namespace kmb::analysis
