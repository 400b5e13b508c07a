#include "report/notes.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

namespace kmb::report {
namespace {

std::string_view trimmed(std::string_view value) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!value.empty() && blank(value.front())) {
        value.remove_prefix(1);
    }
    while (!value.empty() && blank(value.back())) {
        value.remove_suffix(1);
    }
    return value;
}

std::vector<std::string_view> split_lines(std::string_view content) {
    std::vector<std::string_view> lines;
    while (!content.empty()) {
        const std::size_t end = content.find('\n');
        lines.push_back(content.substr(0, end));
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    }
    return lines;
}

// The fence that opens a code block, empty when the line does not.
std::string_view fence_of(std::string_view line) {
    const std::string_view content = trimmed(line);
    if (content.empty() || (content[0] != '`' && content[0] != '~')) {
        return {};
    }
    const std::size_t end = std::min(content.find_first_not_of(content[0]), content.size());
    const bool inline_code =
        content[0] == '`' && content.substr(end).find('`') != std::string_view::npos;
    return end < 3 || inline_code ? std::string_view{} : content.substr(0, end);
}

bool closes(std::string_view line, std::string_view fence) {
    const std::string_view content = trimmed(line);
    return content.size() >= fence.size() &&
           content.find_first_not_of(fence[0]) == std::string_view::npos;
}

bool is_web(std::string_view target) {
    const bool scheme = target.starts_with("https://") || target.starts_with("http://");
    return scheme && std::none_of(target.begin(), target.end(), [](unsigned char c) {
               return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' ||
                      c >= 0x7F || c == '(' || c == ')';
           });
}

// Text, code spans, bold and links of one paragraph. One pass, no recursion.
class InlineParser {
  public:
    explicit InlineParser(std::string_view source) : rest_(source) {}

    Inline parse() {
        while (!rest_.empty()) {
            if (!escape() && !code_span() && !strong() && !link()) {
                plain_ += rest_.front();
                rest_.remove_prefix(1);
            }
        }
        flush();
        return std::move(out_);
    }

  private:
    void flush() {
        if (!plain_.empty()) {
            out_.push_back({bold_ ? Span::Kind::strong : Span::Kind::text, plain_, {}});
            plain_.clear();
        }
    }

    bool escape() {
        if (rest_.size() < 2 || rest_[0] != '\\' ||
            std::ispunct(static_cast<unsigned char>(rest_[1])) == 0) {
            return false;
        }
        plain_ += rest_[1];
        rest_.remove_prefix(2);
        return true;
    }

    bool code_span() {
        if (rest_[0] != '`') {
            return false;
        }
        const std::size_t open = std::min(rest_.find_first_not_of('`'), rest_.size());
        const std::string_view fence = rest_.substr(0, open);
        std::size_t end = rest_.find(fence, open);
        while (end != std::string_view::npos && end + open < rest_.size() &&
               rest_[end + open] == '`') {  // a longer run does not close
            end = rest_.find(fence, std::min(rest_.find_first_not_of('`', end), rest_.size()));
        }
        if (end == std::string_view::npos) {
            plain_ += fence;
            rest_.remove_prefix(open);
            return true;
        }
        flush();
        out_.push_back(
            {Span::Kind::code, std::string(trimmed(rest_.substr(open, end - open))), {}});
        rest_.remove_prefix(end + open);
        return true;
    }

    bool strong() {
        if (!rest_.starts_with("**") || (!bold_ && rest_.find("**", 2) == std::string_view::npos)) {
            return false;
        }
        flush();
        bold_ = !bold_;
        rest_.remove_prefix(2);
        return true;
    }

    bool link() {
        // A picture becomes a link to it: the HTML has no outside references.
        const bool picture = rest_.starts_with("![");
        if (picture) {
            rest_.remove_prefix(1);
        } else if (rest_[0] != '[') {
            return false;
        }
        if (!plain_link()) {
            plain_ += picture ? "!" : "";
            return false;
        }
        return true;
    }

    bool plain_link() {
        const std::size_t middle = rest_.find("](");
        const std::size_t end =
            middle == std::string_view::npos ? middle : rest_.find(')', middle + 2);
        if (end == std::string_view::npos ||
            rest_.substr(1, middle - 1).find_first_of("[]") != std::string_view::npos) {
            return false;
        }
        const std::string_view target = rest_.substr(middle + 2, end - middle - 2);
        if (!is_web(target)) {
            return false;
        }
        flush();
        out_.push_back(
            {Span::Kind::link, std::string(rest_.substr(1, middle - 1)), std::string(target)});
        rest_.remove_prefix(end + 1);
        return true;
    }

    std::string_view rest_;
    Inline out_;
    std::string plain_;
    bool bold_ = false;
};

Inline parse_inline(std::string_view source) {
    return InlineParser(source).parse();
}

// Where the text of a list item begins; absent when the line is none.
std::optional<std::size_t> item_text(std::string_view content, bool ordered) {
    std::size_t at = 0;
    if (ordered) {
        while (at < content.size() && std::isdigit(static_cast<unsigned char>(content[at])) != 0) {
            ++at;
        }
        if (at == 0 || at > 9 || at >= content.size() ||
            (content[at] != '.' && content[at] != ')')) {
            return std::nullopt;
        }
    } else if (content.empty() || std::string_view("-*+").find(content[0]) == content.npos) {
        return std::nullopt;
    }
    ++at;
    return at < content.size() && content[at] == ' ' ? std::optional(at + 1) : std::nullopt;
}

// Cells of a table row; a bar behind a backslash does not part.
std::vector<std::string> split_row(std::string_view content) {
    content = trimmed(content);
    if (content.starts_with('|')) {
        content.remove_prefix(1);
    }
    std::vector<std::string> cells(1);
    for (std::size_t i = 0; i < content.size(); ++i) {
        if (content[i] == '\\' && i + 1 < content.size() && content[i + 1] == '|') {
            cells.back() += '|';
            ++i;
        } else if (content[i] == '|') {
            cells.emplace_back();
        } else {
            cells.back() += content[i];
        }
    }
    if (cells.size() > 1 && trimmed(cells.back()).empty()) {
        cells.pop_back();
    }
    return cells;
}

bool is_delimiter_row(std::string_view line) {
    const auto cells = split_row(line);
    return line.find('|') != std::string_view::npos &&
           std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
               const std::string_view content = trimmed(cell);
               return content.find('-') != std::string_view::npos &&
                      content.find_first_not_of("-:") == std::string_view::npos;
           });
}

// A line across the page; the report draws its own.
bool is_rule(std::string_view line) {
    const std::string_view content = trimmed(line);
    return content.size() >= 3 && std::string_view("-*_").find(content[0]) != content.npos &&
           content.find_first_not_of(content[0]) == content.npos;
}

class BlockParser {
  public:
    explicit BlockParser(std::string_view content) : lines_(split_lines(content)) {}

    std::vector<Block> parse() {
        while (at_ < lines_.size()) {
            if (trimmed(lines_[at_]).empty() || is_rule(lines_[at_])) {
                ++at_;
            } else if (!code() && !heading() && !list(false) && !list(true) && !table()) {
                paragraph();
            }
        }
        return std::move(out_);
    }

  private:
    bool code() {
        const std::string_view fence = fence_of(lines_[at_]);
        if (fence.empty()) {
            return false;
        }
        CodeBlock block;
        for (++at_; at_ < lines_.size() && !closes(lines_[at_], fence); ++at_) {
            block.content += std::string(lines_[at_]) + "\n";
        }
        ++at_;
        out_.push_back({block});
        return true;
    }

    // The report's own headings are 1 and 2, so those of the notes begin at 3.
    bool heading() {
        const std::string_view content = trimmed(lines_[at_]);
        const std::size_t marks = std::min(content.find_first_not_of('#'), content.size());
        if (marks == 0 || marks > 6 || (marks < content.size() && content[marks] != ' ')) {
            return false;
        }
        const int level = std::min(static_cast<int>(marks) + 2, 6);
        out_.push_back({Heading{level, parse_inline(trimmed(content.substr(marks))), {}}});
        ++at_;
        return true;
    }

    bool list(bool ordered) {
        ItemList block;
        block.ordered = ordered;
        std::vector<std::string> items;
        for (; at_ < lines_.size(); ++at_) {
            const std::string_view content = trimmed(lines_[at_]);
            const auto start = item_text(content, ordered);
            if (start) {
                items.emplace_back(content.substr(*start));
            } else if (items.empty() || content.empty() || lines_[at_][0] != ' ') {
                break;
            } else {
                items.back() += " " + std::string(content);
            }
        }
        for (const std::string& item : items) {
            block.items.push_back(parse_inline(item));
        }
        if (!block.items.empty()) {
            out_.push_back({block});
        }
        return !items.empty();
    }

    bool table() {
        if (lines_[at_].find('|') == std::string_view::npos || at_ + 1 >= lines_.size() ||
            !is_delimiter_row(lines_[at_ + 1])) {
            return false;
        }
        const auto titles = split_row(lines_[at_]);
        const auto marks = split_row(lines_[at_ + 1]);
        Table block;
        for (std::size_t i = 0; i < titles.size(); ++i) {
            const bool right = i < marks.size() && trimmed(marks[i]).ends_with(':');
            block.columns.push_back({parse_inline(trimmed(titles[i])), right});
        }
        for (at_ += 2; at_ < lines_.size() && lines_[at_].find('|') != std::string_view::npos;
             ++at_) {
            auto cells = split_row(lines_[at_]);
            cells.resize(titles.size());
            std::vector<Cell> row;
            for (const std::string& cell : cells) {
                row.push_back({parse_inline(trimmed(cell)), {}});
            }
            block.rows.push_back(std::move(row));
        }
        out_.push_back({block});
        return true;
    }

    void paragraph() {
        std::string content(trimmed(lines_[at_]));
        for (++at_; at_ < lines_.size(); ++at_) {
            const std::string_view next = trimmed(lines_[at_]);
            if (next.empty() || next[0] == '#' || !fence_of(next).empty() ||
                item_text(next, false) || item_text(next, true)) {
                break;
            }
            content += " " + std::string(next);
        }
        out_.push_back({Paragraph{parse_inline(content)}});
    }

    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
    std::vector<Block> out_;
};

// Without comments outside of code, as Markdown viewers show it.
std::string without_comments(std::string_view content) {
    std::string out;
    std::string_view fence;
    bool comment = false;
    for (const std::string_view line : split_lines(content)) {
        std::string_view rest = line;
        if (!comment && !fence.empty()) {
            fence = closes(line, fence) ? std::string_view{} : fence;
        } else if (!comment) {
            fence = fence_of(line);
        }
        while (fence.empty() && !rest.empty()) {
            const std::size_t mark = rest.find(comment ? "-->" : "<!--");
            if (mark == std::string_view::npos) {
                break;
            }
            out += comment ? std::string_view{} : rest.substr(0, mark);
            rest.remove_prefix(mark + (comment ? 3 : 4));
            comment = !comment;
        }
        out += comment ? std::string_view{} : rest;
        out += '\n';
    }
    return out;
}

}  // namespace

std::vector<Block> parse_notes(std::string_view markdown) {
    return BlockParser(without_comments(clean(markdown, true))).parse();
}

std::string contained(std::string_view markdown) {
    std::string out = clean(markdown, true);
    std::string fence;
    bool comment = false;
    for (const std::string_view line : split_lines(out)) {
        if (!fence.empty()) {
            fence = closes(line, fence) ? std::string{} : fence;
            continue;
        }
        if (!comment) {
            fence = fence_of(line);
        }
        for (std::size_t at = 0; fence.empty() && at < line.size();) {
            const std::size_t mark = line.find(comment ? "-->" : "<!--", at);
            if (mark == std::string_view::npos) {
                break;
            }
            comment = !comment;
            at = mark + 3;
        }
    }
    if (!out.empty() && out.back() != '\n') {
        out += '\n';
    }
    if (!fence.empty()) {
        out += fence + "\n";
    }
    if (comment) {
        out += "-->\n";
    }
    return out;
}

}  // namespace kmb::report
