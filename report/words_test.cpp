// Two languages, one report: the same keys, the same placeholders, and each word used.
#include "report/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "plots/figures.h"

namespace kmb::report {
namespace {

std::multiset<std::string> placeholders(std::string_view text) {
    std::multiset<std::string> names;
    for (std::size_t at = text.find('{'); at != std::string_view::npos;
         at = text.find('{', at + 1)) {
        names.insert(std::string(text.substr(at, text.find('}', at) - at)));
    }
    return names;
}

std::map<std::string, std::string> by_key(std::span<const Word> table) {
    std::map<std::string, std::string> out;
    for (const Word& word : table) {
        EXPECT_TRUE(out.emplace(word.key, word.text).second) << "twice: " << word.key;
    }
    return out;
}

TEST(WordsTest, BothLanguagesHaveTheSameKeysInOrder) {
    ASSERT_EQ(kEnglish.size(), kChinese.size());
    for (std::size_t i = 0; i < kEnglish.size(); ++i) {
        EXPECT_EQ(kEnglish[i].key, kChinese[i].key);
    }
    EXPECT_TRUE(std::is_sorted(kEnglish.begin(), kEnglish.end(),
                               [](const Word& a, const Word& b) { return a.key < b.key; }));
}

TEST(WordsTest, BothLanguagesHaveTheSamePlaceholders) {
    const auto english = by_key(kEnglish);
    for (const auto& [key, chinese] : by_key(kChinese)) {
        EXPECT_EQ(placeholders(english.at(key)), placeholders(chinese)) << key;
    }
}

TEST(WordsTest, MarkupIsClosed) {
    for (const auto& table : {kEnglish, kChinese}) {
        for (const Word& word : table) {
            EXPECT_EQ(std::count(word.text.begin(), word.text.end(), '`') % 2, 0) << word.key;
            EXPECT_FALSE(word.text.empty() && word.key != "join") << word.key;
        }
    }
}

// A half-width comma or colon behind a Chinese character is a slip of the keyboard.
TEST(WordsTest, ChineseUsesItsOwnPunctuation) {
    for (const Word& word : kChinese) {
        for (std::size_t i = 1; i < word.text.size(); ++i) {
            const bool behind_chinese = static_cast<unsigned char>(word.text[i - 1]) >= 0x80;
            EXPECT_FALSE(behind_chinese &&
                         std::string_view(",;:?").find(word.text[i]) != std::string_view::npos)
                << word.key;
        }
    }
}

// A word that nothing says is dead; those with a prefix are chosen by data.
TEST(WordsTest, EveryWordIsSaid) {
    namespace fs = std::filesystem;
    std::string sources;
    for (const auto& entry : fs::directory_iterator(std::string(KMB_SOURCE_DIR) + "/report")) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() == ".cpp" && !name.starts_with("words_") &&
            !name.ends_with("_test.cpp")) {
            std::ifstream file(entry.path());
            sources += std::string(std::istreambuf_iterator<char>(file), {});
        }
    }
    for (const Word& word : kEnglish) {
        const std::string key(word.key);
        const std::string family = key.substr(0, key.find('.') + 1);
        const bool by_data =
            !family.empty() && sources.find("\"" + family + "\"") != std::string::npos;
        EXPECT_TRUE(by_data || sources.find("\"" + key + "\"") != std::string::npos) << key;
    }
}

// A new figure brings its caption.
TEST(WordsTest, EveryFigureHasACaption) {
    for (const plots::Figure& figure : plots::all_figures()) {
        EXPECT_TRUE(Words(Language::english).has(figure.title_key)) << figure.title_key;
    }
}

TEST(WordsTest, ValuesAreInsertedAsTheyAre) {
    const Words words(Language::english);
    const Inline line =
        words.say("results.lost-figure", {{"file", code("a`b")}, {"command", text("**x** {y}")}});
    EXPECT_EQ(plain(line), "The figure a`b is listed but not there; **x** {y} draws it again.");
    EXPECT_EQ(line[1].kind, Span::Kind::code);
    EXPECT_EQ(line[3].kind, Span::Kind::text);
}

TEST(WordsTest, UnknownKeysAndMissingValuesAreErrorsOfTheProgram) {
    const Words words(Language::english);
    EXPECT_THROW((void)words.say("no such word"), std::logic_error);
    EXPECT_THROW((void)words.say("results.lost-figure"), std::logic_error);
    EXPECT_THROW(language_named("zh-CN"), std::invalid_argument);
}

// "單位為 ns" but "單位為指令數": a blank stands between Chinese and Latin only.
TEST(WordsTest, NoBlankBetweenTwoChineseCharacters) {
    const Words words(Language::chinese);
    const auto caption = [&](const char* unit) {
        return words.plainly("results.caption", {{"unit", words.say(unit)}});
    };
    EXPECT_TRUE(caption("unit.instructions").ends_with("為指令數"));
    EXPECT_TRUE(caption("unit.ns").ends_with("為 ns"));
}

}  // namespace
}  // namespace kmb::report
