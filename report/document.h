// A write-up as values: what is said, before it is Markdown or HTML. Text in
// spans is raw; each writer escapes it for its own output.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kmb::report {

struct Span {
    enum class Kind { text, code, strong, link };
    Kind kind = Kind::text;
    std::string text;
    std::string target;  // of a link: "#anchor", "http://..." or "https://..."
};

using Inline = std::vector<Span>;

Inline text(std::string_view value);
Inline code(std::string_view value);
// Appends `more` to `line`.
void append(Inline& line, const Inline& more);

struct Heading {
    int level = 2;  // 1 to 6
    Inline title;
    std::string anchor;  // [a-z0-9-]+, empty for none
};

struct Paragraph {
    Inline content;
};

// Something the reader must not miss.
struct Notice {
    Inline content;
};

struct ItemList {
    bool ordered = false;
    std::vector<Inline> items;
};

struct CodeBlock {
    std::string content;
    std::string language;  // [a-z]*
};

// A value and, set apart from it, its interval or remark.
struct Cell {
    Inline value;
    std::string remark;
};

struct Column {
    Inline title;
    bool number = false;  // aligned to the right
};

struct Table {
    Inline caption;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

struct Picture {
    std::string file;     // relative to the results directory, for Markdown
    std::string content;  // bytes of the picture, for HTML
    std::string type;     // "image/svg+xml" or "image/png"
    std::string alternative;
    Inline caption;
};

// Markdown written by the user. Markdown output carries it as it stands; HTML
// output a safe subset of it (notes.h).
struct UserText {
    std::string markdown;
};

struct Block;

// Folded away in HTML, open in Markdown.
struct Folded {
    Inline summary;
    std::vector<Block> blocks;
};

struct Block {
    std::variant<Heading, Paragraph, Notice, ItemList, CodeBlock, Table, Picture, UserText, Folded>
        content;
};

struct Document {
    std::string language;  // of the HTML: "en", "zh-Hant-TW"
    std::string title;
    std::vector<Block> blocks;
};

// Valid UTF-8 without control and direction characters: each bad byte or
// character becomes U+FFFD. Line feeds and tabs stay when `lines`, else are blanks.
std::string clean(std::string_view bytes, bool lines = false);

// The raw text of a line, without its markup.
std::string plain(const Inline& line);

}  // namespace kmb::report
