// Numbers out of a text that somebody else made: a plain list, or a column of a CSV.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace kmb::analysis {

struct NumberList {
    std::string name;            // of the column; empty where the text has no names
    std::vector<double> values;  // finite ones, in order
    std::size_t missing = 0;     // empty, "-" or "NA"
    std::size_t nan = 0;
    std::size_t infinite = 0;
    [[nodiscard]] std::size_t total() const { return values.size() + missing + nan + infinite; }
};

// More are not read: they would not fit the memory of a small machine.
inline constexpr std::size_t kMostNumbers = 20'000'000;

// The grammar, by the first line that is neither empty nor begins with '#':
// - it has a comma, a semicolon or a tab: a CSV parted by the first of these that it has.
//   Fields may stand in double quotes. The first line holds names, unless the chosen field
//   of it is a number. Other columns may hold anything.
// - else numbers parted by white space; with `column`, each line is a row of a table.
//   The first line may hold names.
// `column` is a name or a number from 1; it may be empty where there is one column.
// Throws std::runtime_error naming file, line, cause and mend: text where a number must
// be, no such column, several and none chosen, more than kMostNumbers, no number at all.
NumberList read_numbers(std::istream& in, const std::string& file, const std::string& column);

}  // namespace kmb::analysis
