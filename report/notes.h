// notes.md: the user's own text. Made once, spliced into each report, never
// overwritten.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/document.h"

namespace kmb::report {

// The notes as blocks: headings (moved down below the report's own), paragraphs,
// lists, code, tables, bold, and links to http and https. All else is shown as text.
std::vector<Block> parse_notes(std::string_view markdown);

// The notes so that what follows them cannot fall inside: an open code fence or
// comment is closed.
std::string contained(std::string_view markdown);

}  // namespace kmb::report
