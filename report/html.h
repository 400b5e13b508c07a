// One HTML file without outside references: style inline, pictures as data URIs.
#pragma once

#include <string>
#include <string_view>

#include "report/document.h"

namespace kmb::report {

std::string to_html(const Document& document);

// `value` as text between tags or inside a quoted attribute.
std::string escape_html(std::string_view value);

// RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);

}  // namespace kmb::report
