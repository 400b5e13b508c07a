// The generators against words that other implementations give, and the way bytes are cut.
#include "xoro_core.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace {

std::vector<std::uint64_t> words(const char* name, std::size_t n) {
    xoro state{{1, 2, 3, 4}};
    std::vector<std::uint64_t> out(n);
    for (auto& word : out) {
        word = xoro_find(name)->next(&state);
    }
    return out;
}

// From the state 1, 2, 3, 4; the words are those of the reference code at prng.di.unimi.it
// as the tests of other implementations hold them.
TEST(Xoro, WordsAreThoseOfTheReference) {
    EXPECT_EQ(words("xoshiro256ss", 4),
              (std::vector<std::uint64_t>{11520, 0, 1509978240, 1215971899390074240}));
    EXPECT_EQ(words("xoshiro256pp", 4),
              (std::vector<std::uint64_t>{41943041, 58720359, 3588806011781223, 3591011842654386}));
    EXPECT_EQ(words("xoroshiro128pp", 4),
              (std::vector<std::uint64_t>{393217, 669327710093319, 1732421326133921491,
                                          11394790081659126983U}));
}

// splitmix64 of 0, whose first words are well known.
TEST(Xoro, SeedsGoThroughSplitmix) {
    xoro state{};
    xoro_seed(&state, 0);
    EXPECT_EQ(state.s[0], 0xe220a8397b1dcdafU);
    EXPECT_EQ(state.s[1], 0x6e789e6aa1b965f4U);
    xoro other{};
    xoro_seed(&other, 1);
    EXPECT_NE(state.s[0], other.s[0]);
}

TEST(Xoro, FillWritesTheWordsAndNotAByteMore) {
    for (unsigned v = 0; v < xoro_variant_count; ++v) {
        const xoro_variant& row = xoro_variants[v];
        for (std::size_t n = 0; n <= 70; ++n) {
            xoro by_word{};
            xoro_seed(&by_word, n);
            xoro by_fill = by_word;
            std::vector<unsigned char> expected((n + 7) / 8 * 8);
            for (std::size_t i = 0; i < expected.size(); i += 8) {
                const std::uint64_t word = row.next(&by_word);
                std::memcpy(&expected[i], &word, 8);
            }
            expected.resize(n);
            expected.resize(n + 9, 0x5a);
            std::vector<unsigned char> got(n + 9, 0x5a);
            row.fill(&by_fill, got.data(), n);
            EXPECT_EQ(got, expected) << row.name << " n=" << n;
            EXPECT_EQ(row.next(&by_fill), row.next(&by_word)) << row.name << " n=" << n;
        }
    }
}

TEST(Xoro, NamesAreSortedAndFound) {
    for (unsigned v = 0; v < xoro_variant_count; ++v) {
        EXPECT_EQ(xoro_find(xoro_variants[v].name), &xoro_variants[v]);
        if (v > 0) {
            EXPECT_LT(std::string(xoro_variants[v - 1].name), xoro_variants[v].name);
        }
    }
    EXPECT_EQ(xoro_find("randu"), nullptr);
}

}  // namespace
