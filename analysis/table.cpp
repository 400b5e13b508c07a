#include "analysis/table.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <stdexcept>

namespace kmb::analysis {
namespace {

std::string_view trimmed(std::string_view field) {
    const auto from = field.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) {
        return {};
    }
    return field.substr(from, field.find_last_not_of(" \t\r") - from + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    while (true) {
        const auto comma = line.find(',');
        fields.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos) {
            return fields;
        }
        line.remove_prefix(comma + 1);
    }
}

std::optional<std::int64_t> parse_integer(std::string_view field) {
    std::int64_t value = 0;
    const char* const end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

// Names of the columns from the first line, or numbers where that holds values already.
bool read_header(const std::vector<std::string_view>& fields, Table& table) {
    bool names = false;
    for (std::string_view field : fields) {
        names = names || !parse_number(field);
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        table.columns.push_back(
            {names ? std::string(fields[i]) : fmt::format("{}", i + 1), {}, {}});
    }
    return names;
}

void add_row(const std::vector<std::string_view>& fields, Table& table, std::vector<bool>& integral,
             const std::string& where) {
    if (fields.size() != table.columns.size()) {
        throw std::runtime_error(
            fmt::format("{}: {} fields where the first line has {}; mend the line", where,
                        fields.size(), table.columns.size()));
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto value = parse_number(fields[i]);
        if (!value) {
            throw std::runtime_error(fmt::format(
                "{}: '{}' is not a number; one number a column is expected, NaN for none", where,
                fields[i].substr(0, 40)));
        }
        Column& column = table.columns[i];
        column.values.push_back(*value);
        const auto integer = integral[i] ? parse_integer(fields[i]) : std::nullopt;
        integral[i] = integer.has_value();
        if (integer) {
            column.integers.push_back(*integer);
        }
    }
}

}  // namespace

std::optional<double> parse_number(std::string_view field) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    double value = 0;
    if (!field.empty() && field.front() == '+') {
        field.remove_prefix(1);
        if (!field.empty() && field.front() == '-') {
            return std::nullopt;
        }
    }
    const char* const end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    if (stop != end || field.empty()) {
        return std::nullopt;
    }
    if (error == std::errc::result_out_of_range) {
        // Too large, or too small to be told from 0.
        const auto exponent = field.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos && exponent + 1 < field.size() &&
                          field[exponent + 1] == '-';
        return tiny ? 0.0 : field.front() == '-' ? -kInfinity : kInfinity;
    }
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

const Column* Table::find(std::string_view name) const {
    for (const Column& column : columns) {
        if (column.name == name) {
            return &column;
        }
    }
    return nullptr;
}

Table parse_table(std::string_view text, const std::string& name) {
    Table table;
    std::vector<bool> integral;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty()) {
            continue;
        }
        const auto fields = fields_of(line);
        if (table.columns.empty()) {
            const bool header = read_header(fields, table);
            integral.assign(fields.size(), true);
            if (header) {
                continue;
            }
        }
        add_row(fields, table, integral, fmt::format("{}: line {}", name, number));
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!integral[i]) {
            table.columns[i].integers.clear();
        }
    }
    return table;
}

}  // namespace kmb::analysis
