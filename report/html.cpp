#include "report/html.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "report/notes.h"
#include "report/style.h"

namespace kmb::report {
namespace {

std::string line(const Inline& content) {
    std::string out;
    for (const Span& span : content) {
        const std::string inner = escape_html(span.text);
        switch (span.kind) {
            case Span::Kind::text:
                out += inner;
                break;
            case Span::Kind::code:
                out += "<code>" + inner + "</code>";
                break;
            case Span::Kind::strong:
                out += "<strong>" + inner + "</strong>";
                break;
            case Span::Kind::link:
                out += fmt::format("<a href=\"{}\">{}</a>", escape_html(span.target), inner);
                break;
        }
    }
    return out;
}

struct Writer {
    std::string out;

    void blocks(const std::vector<Block>& list) {
        for (const Block& block : list) {
            std::visit(*this, block.content);
        }
    }

    void operator()(const Heading& heading) {
        const std::string id =
            heading.anchor.empty() ? "" : fmt::format(" id=\"{}\"", escape_html(heading.anchor));
        out += fmt::format("<h{0}{1}>{2}</h{0}>\n", heading.level, id, line(heading.title));
    }
    void operator()(const Paragraph& paragraph) {
        out += "<p>" + line(paragraph.content) + "</p>\n";
    }
    void operator()(const Notice& notice) {
        out += "<p class=\"notice\">" + line(notice.content) + "</p>\n";
    }
    void operator()(const ItemList& list) {
        const char* tag = list.ordered ? "ol" : "ul";
        out += fmt::format("<{}>\n", tag);
        for (const Inline& item : list.items) {
            out += "<li>" + line(item) + "</li>\n";
        }
        out += fmt::format("</{}>\n", tag);
    }
    void operator()(const CodeBlock& block) {
        std::string content;
        const std::string lines = clean(block.content, true);
        for (std::size_t start = 0; start < lines.size();) {  // escape_html joins lines
            const std::size_t end = lines.find('\n', start);
            content += escape_html(lines.substr(start, end - start)) + "\n";
            start = end == std::string::npos ? lines.size() : end + 1;
        }
        out += "<pre><code>" + content + "</code></pre>\n";
    }
    void operator()(const Table& table) {
        out += "<div class=\"scroll\" tabindex=\"0\"><table>\n";
        if (!table.caption.empty()) {
            out += "<caption>" + line(table.caption) + "</caption>\n";
        }
        out += "<thead><tr>";
        for (const Column& column : table.columns) {
            out += fmt::format("<th scope=\"col\"{}>{}</th>", number_class(column),
                               line(column.title));
        }
        out += "</tr></thead>\n<tbody>\n";
        for (const auto& row : table.rows) {
            out += "<tr>";
            for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
                out += fmt::format("<td{}>{}", number_class(table.columns[i]), line(row[i].value));
                if (!row[i].remark.empty()) {
                    out += fmt::format(" <span class=\"remark\">{}</span>",
                                       escape_html(row[i].remark));
                }
                out += "</td>";
            }
            out += "</tr>\n";
        }
        out += "</tbody></table></div>\n";
    }
    void operator()(const Picture& picture) {
        out += fmt::format("<figure><img src=\"data:{};base64,{}\" alt=\"{}\">", picture.type,
                           base64(picture.content), escape_html(picture.alternative));
        if (!picture.caption.empty()) {
            out += "<figcaption>" + line(picture.caption) + "</figcaption>";
        }
        out += "</figure>\n";
    }
    void operator()(const UserText& text) { blocks(parse_notes(text.markdown)); }
    void operator()(const Folded& folded) {
        out += "<details><summary>" + escape_html(plain(folded.summary)) + "</summary>\n";
        blocks(folded.blocks);
        out += "</details>\n";
    }

    static const char* number_class(const Column& column) {
        return column.number ? " class=\"number\"" : "";
    }
};

// Links to the headings of the second level that have an anchor.
std::string contents(const Document& document) {
    std::string out;
    for (const Block& block : document.blocks) {
        const auto* heading = std::get_if<Heading>(&block.content);
        if (heading != nullptr && heading->level == 2 && !heading->anchor.empty()) {
            out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", escape_html(heading->anchor),
                               escape_html(plain(heading->title)));
        }
    }
    return out.empty() ? out : "<nav><ul>\n" + out + "</ul></nav>\n";
}

}  // namespace

std::string escape_html(std::string_view value) {
    std::string out;
    for (const char c : clean(value)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            const bool there = i + j < bytes.size();
            group = (group << 8U) | (there ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        const std::size_t used = std::min<std::size_t>(3, bytes.size() - i) + 1;
        for (std::size_t j = 0; j < 4; ++j) {
            out += j < used ? digits[(group >> (18U - 6U * j)) & 0x3FU] : '=';
        }
    }
    return out;
}

std::string to_html(const Document& document) {
    Writer writer;
    // The contents follow the title and the paragraph below it.
    std::size_t head = 0;
    while (head < document.blocks.size()) {
        const auto* heading = std::get_if<Heading>(&document.blocks[head].content);
        if (heading != nullptr && heading->level > 1) {
            break;
        }
        ++head;
    }
    const auto split = document.blocks.begin() + static_cast<std::ptrdiff_t>(head);
    writer.blocks({document.blocks.begin(), split});
    writer.out += contents(document);
    writer.blocks({split, document.blocks.end()});
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"kmodbench\">\n<title>{}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
        escape_html(document.language), escape_html(document.title), kStyle, writer.out);
}

}  // namespace kmb::report
