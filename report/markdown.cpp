#include "report/markdown.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "report/notes.h"

namespace kmb::report {
namespace {

std::string line(const Inline& content, bool in_table) {
    std::string out;
    for (const Span& span : content) {
        switch (span.kind) {
            case Span::Kind::text:
                out += escape_markdown(span.text);
                break;
            case Span::Kind::code:
                out += markdown_code(span.text, in_table);
                break;
            case Span::Kind::strong:
                out += "**" + escape_markdown(span.text) + "**";
                break;
            case Span::Kind::link:
                out += "[" + escape_markdown(span.text) + "](" + span.target + ")";
                break;
        }
    }
    return out;
}

// A text that begins like a list, a heading or a quotation would become one.
std::string at_line_start(std::string content) {
    const auto digits = static_cast<std::size_t>(
        std::find_if(content.begin(), content.end(),
                     [](unsigned char c) { return std::isdigit(c) == 0; }) -
        content.begin());
    if (digits == 0 && !content.empty() &&
        std::string_view("+-#>=").find(content[0]) != std::string_view::npos) {
        content.insert(0, "\\");
    } else if (digits > 0 && digits < content.size() &&
               (content[digits] == '.' || content[digits] == ')')) {
        content.insert(digits, "\\");
    }
    return content;
}

// A fence longer than any run of back-ticks inside.
std::string fence_for(std::string_view content, std::size_t least) {
    std::size_t run = 0;
    std::size_t longest = 0;
    for (const char c : content) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(std::max(least, longest + 1), '`');
}

struct Writer {
    std::string out;

    void blocks(const std::vector<Block>& list) {
        for (const Block& block : list) {
            std::visit(*this, block.content);
        }
    }

    void operator()(const Heading& heading) {
        out += std::string(static_cast<std::size_t>(heading.level), '#') + " " +
               line(heading.title, false) + "\n\n";
    }
    void operator()(const Paragraph& paragraph) {
        out += at_line_start(line(paragraph.content, false)) + "\n\n";
    }
    void operator()(const Notice& notice) {
        out += "> " + at_line_start(line(notice.content, false)) + "\n\n";
    }
    void operator()(const ItemList& list) {
        int number = 1;
        for (const Inline& item : list.items) {
            const std::string mark = list.ordered ? fmt::format("{}. ", number++) : "- ";
            out += mark + at_line_start(line(item, false)) + "\n";
        }
        out += "\n";
    }
    void operator()(const CodeBlock& block) {
        const std::string content = clean(block.content, true);
        const std::string fence = fence_for(content, 3);
        out += fence + block.language + "\n" + content;
        out += content.empty() || content.back() == '\n' ? "" : "\n";
        out += fence + "\n\n";
    }
    void operator()(const Table& table) {
        if (!table.caption.empty()) {
            out += at_line_start(line(table.caption, false)) + "\n\n";
        }
        out += "|";
        for (const Column& column : table.columns) {
            out += " " + line(column.title, true) + " |";
        }
        out += "\n|";
        for (const Column& column : table.columns) {
            out += column.number ? " ---: |" : " --- |";
        }
        out += "\n";
        for (const auto& row : table.rows) {
            out += "|";
            for (const Cell& cell : row) {
                out += " " + line(cell.value, true);
                if (!cell.remark.empty()) {
                    out += (cell.value.empty() ? "" : " ") + escape_markdown(cell.remark);
                }
                out += " |";
            }
            out += "\n";
        }
        out += "\n";
    }
    void operator()(const Picture& picture) {
        out += "![" + escape_markdown(picture.alternative) + "](" + escape_path(picture.file) +
               ")\n\n";
        if (!picture.caption.empty()) {
            out += at_line_start(line(picture.caption, false)) + "\n\n";
        }
    }
    void operator()(const UserText& text) { out += contained(text.markdown) + "\n"; }
    void operator()(const Folded& folded) {
        out += "**" + escape_markdown(plain(folded.summary)) + "**\n\n";
        blocks(folded.blocks);
    }
};

}  // namespace

std::string escape_markdown(std::string_view value) {
    // Escaping of ASCII punctuation: CommonMark 0.30, section 2.4. "$" opens
    // mathematics on both sites; "^", "~" and "==" are markup on HackMD.
    constexpr std::string_view special = "\\`*_[]<|~$^";
    const std::string content = clean(value);
    std::string out;
    for (std::size_t i = 0; i < content.size(); ++i) {
        const char c = content[i];
        const char next = i + 1 < content.size() ? content[i + 1] : ' ';
        const bool word = std::isalnum(static_cast<unsigned char>(next)) != 0;
        if (special.find(c) != std::string_view::npos || (c == '&' && (word || next == '#')) ||
            (c == '#' && word) || (c == '=' && next == '=') || (c == '!' && next == '[')) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string markdown_code(std::string_view value, bool in_table) {
    const std::string content = clean(value);
    if (content.empty()) {
        return {};
    }
    const std::string fence = fence_for(content, 1);
    std::string out = fence;
    const bool padded = content.front() == '`' || content.back() == '`';
    out += padded ? " " : "";
    for (const char c : content) {
        if (in_table && c == '|') {
            out += '\\';
        }
        out += c;
    }
    out += padded ? " " : "";
    return out + fence;
}

std::string escape_path(std::string_view path) {
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '.' || c == '_' || c == '/' || c == '-') {
            out += c;
        } else {
            fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
        }
    }
    return out;
}

std::string to_markdown(const Document& document) {
    Writer writer;
    writer.blocks(document.blocks);
    while (writer.out.ends_with("\n\n")) {
        writer.out.pop_back();
    }
    return writer.out;
}

}  // namespace kmb::report
