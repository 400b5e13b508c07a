#include "report/document.h"

#include <cstddef>
#include <cstdint>

namespace kmb::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// One character of UTF-8 at `at`: its length and code point, length 0 when the
// bytes are none (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
struct Character {
    std::size_t length;
    std::uint32_t point;
};

Character decode(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return {1, lead};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > bytes.size()) {
        return {0, 0};
    }
    std::uint32_t point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {0, 0};
        }
        point = (point << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || (point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF) {
        return {0, 0};
    }
    return {length, point};
}

// Control characters, and those that turn the direction of text around.
bool is_unwanted(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x200E || point == 0x200F || point == 0xFEFF;
}

}  // namespace

Inline text(std::string_view value) {
    return {Span{Span::Kind::text, std::string(value), {}}};
}

Inline code(std::string_view value) {
    return {Span{Span::Kind::code, std::string(value), {}}};
}

void append(Inline& line, const Inline& more) {
    line.insert(line.end(), more.begin(), more.end());
}

std::string clean(std::string_view bytes, bool lines) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const char c = bytes[at];
        if (c == '\n' || c == '\t') {
            out += lines ? c : ' ';
            ++at;
            continue;
        }
        if (c == '\r') {  // CR LF is one line end
            const bool pair = at + 1 < bytes.size() && bytes[at + 1] == '\n';
            if (!pair) {
                out += lines ? '\n' : ' ';
            }
            ++at;
            continue;
        }
        const Character character = decode(bytes, at);
        if (character.length == 0) {
            out += kReplacement;
            ++at;
            continue;
        }
        if (is_unwanted(character.point)) {
            out += kReplacement;
        } else {
            out += bytes.substr(at, character.length);
        }
        at += character.length;
    }
    return out;
}

std::string plain(const Inline& line) {
    std::string out;
    for (const Span& span : line) {
        out += span.text;
    }
    return out;
}

}  // namespace kmb::report
