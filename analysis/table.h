// Columns of numbers from text: plain lists and CSV.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kmb::analysis {

// One column. Absolute times do not fit a double: `integers` holds the same numbers
// exactly where every one is an integer of 64 bits, and is empty otherwise.
struct Column {
    std::string name;
    std::vector<double> values;
    std::vector<std::int64_t> integers;
};

struct Table {
    std::vector<Column> columns;
    [[nodiscard]] std::size_t rows() const {
        return columns.empty() ? 0 : columns.front().values.size();
    }
    // nullptr where there is none of that name.
    [[nodiscard]] const Column* find(std::string_view name) const;
};

// Lines of numbers parted by commas, white space around them allowed; the first line may
// hold names instead (columns are "1", "2", .. without). NaN, Inf and -Inf are numbers.
// Empty lines are skipped. Throws std::runtime_error naming `name`, the line, the cause
// and the mend: text among numbers, a line that is longer or shorter than the first.
Table parse_table(std::string_view text, const std::string& name);

// The number that the whole of a field says; nothing for anything else.
std::optional<double> parse_number(std::string_view field);

}  // namespace kmb::analysis
