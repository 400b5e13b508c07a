// Markdown as GitHub and HackMD read it: GFM tables, no raw HTML.
#pragma once

#include <string>
#include <string_view>

#include "report/document.h"

namespace kmb::report {

std::string to_markdown(const Document& document);

// `value` so that it shows as it is, inside a paragraph or a table cell.
std::string escape_markdown(std::string_view value);
// `value` as a code span. Inside a table a bar is escaped (GFM, "Tables").
std::string markdown_code(std::string_view value, bool in_table);
// A relative path as the target of a link: all but [A-Za-z0-9._/-] as %XX.
std::string escape_path(std::string_view path);

}  // namespace kmb::report
