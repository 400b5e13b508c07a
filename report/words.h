// Every sentence of the report, in two languages, by name.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "report/document.h"

namespace kmb::report {

enum class Language { english, chinese };

// "en" or "zh-TW". Throws std::invalid_argument that lists the names.
Language language_named(std::string_view name);

// Text with `code`, **bold** and {placeholders}.
struct Word {
    std::string_view key;
    std::string_view text;
};

extern const std::span<const Word> kEnglish;
extern const std::span<const Word> kChinese;

using Values = std::initializer_list<std::pair<std::string_view, Inline>>;

// The words of one language.
class Words {
  public:
    explicit Words(Language language);

    [[nodiscard]] Language language() const { return language_; }
    [[nodiscard]] bool has(std::string_view key) const;
    // The text with its placeholders replaced. Values are inserted as they are:
    // markup inside them stays text. Throws std::logic_error for an unknown key or
    // a placeholder without a value.
    [[nodiscard]] Inline say(std::string_view key, Values values = {}) const;
    [[nodiscard]] std::string plainly(std::string_view key, Values values = {}) const;

  private:
    [[nodiscard]] std::string_view find(std::string_view key) const;

    Language language_;
    std::span<const Word> table_;
};

}  // namespace kmb::report
