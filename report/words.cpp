#include "report/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace kmb::report {

namespace {

// Whether a text begins or ends with a character of three bytes or more, in these
// texts a Chinese one: between two of them stands no blank.
bool starts_wide(std::string_view value) {
    return !value.empty() && static_cast<unsigned char>(value.front()) >= 0xE3;
}
bool ends_wide(std::string_view value) {
    std::size_t at = value.size();
    while (at > 0 && (static_cast<unsigned char>(value[at - 1]) & 0xC0U) == 0x80U) {
        --at;
    }
    return at > 0 && at < value.size() && static_cast<unsigned char>(value[at - 1]) >= 0xE3;
}

}  // namespace

Language language_named(std::string_view name) {
    if (name == "en") {
        return Language::english;
    }
    if (name == "zh-TW") {
        return Language::chinese;
    }
    throw std::invalid_argument(
        fmt::format("no language '{}': --lang takes 'en' or 'zh-TW'", name));
}

Words::Words(Language language)
    : language_(language), table_(language == Language::english ? kEnglish : kChinese) {}

std::string_view Words::find(std::string_view key) const {
    const auto found = std::find_if(table_.begin(), table_.end(),
                                    [&](const Word& word) { return word.key == key; });
    return found == table_.end() ? std::string_view{} : found->text;
}

bool Words::has(std::string_view key) const {
    return find(key).data() != nullptr;
}

Inline Words::say(std::string_view key, Values values) const {
    const bool dense = language_ == Language::chinese;
    std::string_view rest = find(key);
    if (rest.data() == nullptr) {
        throw std::logic_error(fmt::format("the report has no word '{}'", key));
    }
    Inline out;
    auto kind = Span::Kind::text;
    while (!rest.empty()) {
        const std::size_t end = rest.find_first_of(kind == Span::Kind::code ? "`{" : "`*{");
        if (end != 0) {
            std::string part(rest.substr(0, end));
            if (dense && !out.empty() && part.starts_with(' ') && ends_wide(plain(out)) &&
                starts_wide(std::string_view(part).substr(1))) {
                part.erase(0, 1);
            }
            out.push_back({kind, part, {}});
            rest.remove_prefix(std::min(end, rest.size()));
        } else if (rest[0] == '`') {
            kind = kind == Span::Kind::code ? Span::Kind::text : Span::Kind::code;
            rest.remove_prefix(1);
        } else if (rest.starts_with("**")) {
            kind = kind == Span::Kind::strong ? Span::Kind::text : Span::Kind::strong;
            rest.remove_prefix(2);
        } else if (rest[0] == '{') {
            const std::size_t close = rest.find('}');
            const std::string_view name = rest.substr(1, close - 1);
            const auto value = std::find_if(values.begin(), values.end(),
                                            [&](const auto& entry) { return entry.first == name; });
            if (value == values.end()) {
                throw std::logic_error(fmt::format("word '{}' has no value for '{}'", key, name));
            }
            Inline inserted = value->second;
            for (Span& span : inserted) {
                if (kind != Span::Kind::text && span.kind == Span::Kind::text) {
                    span.kind = kind;
                }
            }
            if (dense && !out.empty() && starts_wide(plain(inserted))) {
                std::string& before = out.back().text;
                if (before.ends_with(' ') && ends_wide(before.substr(0, before.size() - 1))) {
                    before.pop_back();
                }
            }
            append(out, inserted);
            rest.remove_prefix(close + 1);
        } else {
            out.push_back({kind, std::string(rest.substr(0, 1)), {}});
            rest.remove_prefix(1);
        }
    }
    return out;
}

std::string Words::plainly(std::string_view key, Values values) const {
    return plain(say(key, values));
}

}  // namespace kmb::report
