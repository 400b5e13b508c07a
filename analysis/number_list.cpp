#include "analysis/number_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "analysis/line_reader.h"
#include "analysis/table.h"

namespace kmb::analysis {
namespace {

using Fields = std::vector<std::string_view>;

constexpr std::string_view kBlank = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(kBlank);
    return from == std::string_view::npos
               ? std::string_view{}
               : text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

void split_blank(std::string_view line, Fields& fields) {
    fields.clear();
    for (auto at = line.find_first_not_of(kBlank); at != std::string_view::npos;) {
        const auto end = line.find_first_of(kBlank, at);
        fields.push_back(line.substr(at, end - at));
        at = end == std::string_view::npos ? end : line.find_first_not_of(kBlank, end);
    }
}

// Fields may stand in quotes; a doubled quote inside is left as it is: no number has one.
// False where a quote is not closed in the line.
bool split_csv(std::string_view line, char separator, Fields& fields) {
    fields.clear();
    for (std::size_t at = 0; at <= line.size();) {
        std::size_t from = line.find_first_not_of(' ', at);
        if (from < line.size() && line[from] == '"') {
            std::size_t end = line.find('"', from + 1);
            while (end != std::string_view::npos && end + 1 < line.size() && line[end + 1] == '"') {
                end = line.find('"', end + 2);
            }
            if (end == std::string_view::npos) {
                return false;
            }
            fields.push_back(line.substr(from + 1, end - from - 1));
            at = std::min(line.find(separator, end), line.size()) + 1;
        } else {
            const auto end = std::min(line.find(separator, at), line.size());
            fields.push_back(trimmed(line.substr(at, end - at)));
            at = end + 1;
        }
    }
    return true;
}

bool stands_for_nothing(std::string_view field) {
    return field.empty() || field == "-" || field == "NA";
}

// 0 for white space.
char separator_of(std::string_view line) {
    for (const char candidate : {',', ';', '\t'}) {
        if (line.find(candidate) != std::string_view::npos) {
            return candidate;
        }
    }
    return 0;
}

class Reader {
  public:
    Reader(const std::string& file, const std::string& column) : file_(file), wanted_(column) {}

    void line(std::string_view text, std::size_t number);
    NumberList finish();

  private:
    void first(const Fields& fields);
    void choose(const Fields& fields);
    [[nodiscard]] std::optional<std::size_t> position(const Fields& fields) const;
    void add(std::string_view field);
    [[noreturn]] void fail(const std::string& cause) const {
        throw std::runtime_error(fmt::format("{}:{}: {}", file_, number_, cause));
    }

    const std::string& file_;
    const std::string& wanted_;
    std::size_t number_ = 0;
    char separator_ = 0;
    bool started_ = false;
    bool whole_lines_ = false;  // every number of a line belongs to the list
    std::size_t at_ = 0;        // field of the column
    Fields fields_;
    NumberList list_;
};

std::string names_of(const Fields& fields) {
    constexpr std::size_t kShown = 20;
    std::string names;
    for (std::size_t i = 0; i < std::min(fields.size(), kShown); ++i) {
        names += fmt::format("{}'{}'", i == 0 ? "" : ", ", fields[i].substr(0, 40));
    }
    return names + (fields.size() > kShown ? ", .." : "");
}

// Of the wanted column, by name and else by number.
std::optional<std::size_t> Reader::position(const Fields& fields) const {
    const auto named = std::find(fields.begin(), fields.end(), wanted_);
    if (named != fields.end()) {
        return static_cast<std::size_t>(named - fields.begin());
    }
    std::size_t index = 0;
    const char* const end = wanted_.data() + wanted_.size();
    const auto [stop, error] = std::from_chars(wanted_.data(), end, index);
    if (error != std::errc() || stop != end || index < 1 || index > fields.size()) {
        return std::nullopt;
    }
    return index - 1;
}

void Reader::choose(const Fields& fields) {
    if (!wanted_.empty()) {
        const auto at = position(fields);
        if (!at) {
            fail(fmt::format("no column '{}'; there are {}", wanted_, names_of(fields)));
        }
        at_ = *at;
        return;
    }
    const bool numbers = std::all_of(fields.begin(), fields.end(), [](std::string_view field) {
        return stands_for_nothing(field) || parse_number(field);
    });
    whole_lines_ = separator_ == 0 && numbers;
    if (fields.size() > 1 && !whole_lines_) {
        fail(fmt::format("{} columns: {}; choose one with --column", fields.size(),
                         names_of(fields)));
    }
}

void Reader::first(const Fields& fields) {
    started_ = true;
    choose(fields);
    if (whole_lines_) {
        return;
    }
    const std::string_view field = fields[at_];
    // A name was asked for and found, or what stands there is no number.
    const bool header = !stands_for_nothing(field) && !parse_number(field);
    whole_lines_ = separator_ == 0 && wanted_.empty();
    if (header || (!wanted_.empty() && field == wanted_)) {
        list_.name = field;
        fields_.clear();
    }
}

void Reader::add(std::string_view field) {
    if (list_.total() == kMostNumbers) {
        fail(
            fmt::format("more than {} numbers, which is the limit; take a part of them, such as "
                        "every tenth by awk 'NR % 10 == 0'",
                        kMostNumbers));
    }
    if (stands_for_nothing(field)) {
        ++list_.missing;
        return;
    }
    const auto value = parse_number(field);
    if (!value) {
        fail(fmt::format("'{}' is no number; mend the line, or write NA for none",
                         field.substr(0, 40)));
    }
    if (std::isnan(*value)) {
        ++list_.nan;
    } else if (std::isinf(*value)) {
        ++list_.infinite;
    } else {
        list_.values.push_back(*value);
    }
}

void Reader::line(std::string_view text, std::size_t number) {
    number_ = number;
    // Spreadsheets write it; it would make a name of the first number.
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (number == 1 && text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text.remove_prefix(kByteOrderMark.size());
    }
    const std::string_view content = trimmed(text);
    if (content.empty() || content.front() == '#') {
        return;
    }
    if (!started_) {
        separator_ = separator_of(content);
    }
    if (separator_ == 0) {
        split_blank(content, fields_);
    } else if (!split_csv(text, separator_, fields_)) {
        fail("a quote is not closed in its line");
    }
    if (!started_) {
        first(fields_);
    }
    if (whole_lines_) {
        for (const std::string_view field : fields_) {
            add(field);
        }
    } else if (!fields_.empty()) {
        if (at_ >= fields_.size()) {
            fail(fmt::format("{} fields where column {} is wanted; mend the line", fields_.size(),
                             at_ + 1));
        }
        add(fields_[at_]);
    }
}

NumberList Reader::finish() {
    if (list_.total() == 0) {
        throw std::runtime_error(fmt::format(
            "{}: no number; a list of numbers or a CSV with a column of them is wanted", file_));
    }
    return std::move(list_);
}

}  // namespace

NumberList read_numbers(std::istream& in, const std::string& file, const std::string& column) {
    LineReader lines(in, file);
    Reader reader(file, column);
    std::string_view text;
    while (lines.next(text)) {
        reader.line(text, lines.number());
    }
    return reader.finish();
}

}  // namespace kmb::analysis
