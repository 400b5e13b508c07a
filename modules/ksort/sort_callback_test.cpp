// Records, descending order, comparators, and the counting pass.
#include "sort_callback.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

std::mt19937_64 random_bits(20261124);
std::uint64_t calls = 0;

// Records of any size: the key at an offset, and the place it began at behind it.
struct Records {
    sort_type type;
    sort_layout layout;
    std::size_t n;
    std::vector<unsigned char> bytes;

    Records(sort_type key_type, std::uint32_t record, std::uint32_t offset, bool descending,
            std::size_t count, sort_pattern pattern)
        : type(key_type), layout{record, offset, descending}, n(count), bytes(n * record, 0xee) {
        std::vector<std::uint64_t> keys(n + 1);
        sort_fill(keys.data(), n, type, pattern, n);
        const std::size_t size = sort_type_size(type);
        for (std::size_t i = 0; i < n; ++i) {
            const auto tag = static_cast<std::uint32_t>(i);
            std::memcpy(&bytes[i * record + offset],
                        reinterpret_cast<unsigned char*>(keys.data()) + i * size, size);
            std::memcpy(&bytes[i * record + tag_at()], &tag, 4);
        }
    }

    [[nodiscard]] std::size_t tag_at() const {
        return layout.offset >= 4 ? layout.offset - 4 : layout.offset + sort_type_size(type);
    }
    template <typename Key>
    [[nodiscard]] Key at(std::size_t i) const {
        Key key;
        std::memcpy(&key, &bytes[i * layout.record + layout.offset], sizeof key);
        return key;
    }
    [[nodiscard]] std::vector<unsigned char> expected() const {
        std::vector<std::uint32_t> order(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            order[i] = i;
        }
        const auto by = [&]<typename Key>(Key) {
            std::stable_sort(order.begin(), order.end(), [&](auto x, auto y) {
                return layout.descending ? at<Key>(y) < at<Key>(x) : at<Key>(x) < at<Key>(y);
            });
        };
        switch (type) {
            case SORT_I32: by(std::int32_t{}); break;
            case SORT_U32: by(std::uint32_t{}); break;
            case SORT_I64: by(std::int64_t{}); break;
            default: by(std::uint64_t{}); break;
        }
        std::vector<unsigned char> sorted(bytes.size());
        for (std::size_t i = 0; i < n; ++i) {
            std::memcpy(&sorted[i * layout.record], &bytes[order[i] * layout.record],
                        layout.record);
        }
        return sorted;
    }
};

TEST(SortRecord, EveryVariantKeepsTheOrderOfEqualKeys) {
    for (unsigned v = 0; v < sort_variant_count; ++v) {
        const sort_variant* row = &sort_variants[v];
        for (unsigned type = 0; type < SORT_TYPES; ++type) {
            for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
                for (const std::size_t n : {0U, 1U, 2U, 5U, 33U, 100U, 300U, 3000U}) {
                    for (const bool scratch : {true, false}) {
                        if ((row->flags & SORT_IDLE) != 0 || n > row->max_n) {
                            continue;
                        }
                        Records r(static_cast<sort_type>(type), static_cast<std::uint32_t>(17 + n % 5), n % 2 != 0 ? 0U : 5U,
                                  n % 3 == 0, n, static_cast<sort_pattern>(pattern));
                        const auto expected = r.expected();
                        const auto room = sort_layout_scratch(row, n, r.type, &r.layout);
                        std::vector<std::uint64_t> memory(room / 8 + 1);
                        const sort_job job{r.bytes.data(), scratch ? memory.data() : nullptr, n,
                                           r.type,         nullptr, r.layout, nullptr, nullptr};
                        ASSERT_EQ(sort_run(row, &job), 0);
                        ASSERT_EQ(r.bytes, expected)
                            << row->name << ' ' << sort_type_names[type] << ' '
                            << sort_pattern_names[pattern] << " n=" << n << " scratch=" << scratch;
                    }
                }
            }
        }
    }
}

// Keys that differ below the bits that fit beside the place take a second turn.
TEST(SortRecord, LowBitsOfWideKeysDecideToo) {
    Records r(SORT_U64, 16, 0, false, 100'000, SORT_RANDOM);
    for (std::size_t i = 0; i < r.n; ++i) {
        const std::uint64_t key = (random_bits() % 3 << 62) + random_bits() % 500;
        std::memcpy(&r.bytes[i * 16], &key, 8);
    }
    const auto expected = r.expected();
    const sort_variant* row = sort_find("auto");
    std::vector<std::uint64_t> memory(sort_layout_scratch(row, r.n, r.type, &r.layout) / 8);
    const sort_job job{r.bytes.data(), memory.data(), r.n, r.type, nullptr, r.layout, nullptr, nullptr};
    ASSERT_EQ(sort_run(row, &job), 0);
    EXPECT_EQ(r.bytes, expected);
}

TEST(SortRecord, LayoutsThatDoNotHoldTheirKeyAreRefused) {
    std::uint64_t data[4] = {};
    for (const sort_layout layout : {sort_layout{7, 0, false}, sort_layout{8, 1, false},
                                     sort_layout{0, 1, false}, sort_layout{16, 0xffffffff, false}}) {
        const sort_job job{data, nullptr, 1, SORT_U64, nullptr, layout, nullptr, nullptr};
        EXPECT_EQ(sort_run(sort_find("auto"), &job), -EINVAL);
    }
}

TEST(SortRecord, PlainKeysDescendToo) {
    std::vector<std::int32_t> keys(1001);
    sort_fill(keys.data(), keys.size(), SORT_I32, SORT_RANDOM, 1);
    auto expected = keys;
    std::sort(expected.rbegin(), expected.rend());
    const sort_job job{keys.data(), nullptr, keys.size(), SORT_I32, nullptr, {0, 0, true}, nullptr, nullptr};
    ASSERT_EQ(sort_run(sort_find("pdq"), &job), 0);
    EXPECT_EQ(keys, expected);
}

// What the device generates and checks agrees with what is made by hand here.
TEST(SortLayout, FilledRecordsAreCheckedInEveryOrder) {
    for (const bool descending : {false, true}) {
        for (const std::uint32_t record : {0U, 8U, 9U, 24U, 100U}) {
            const sort_layout layout{record, record > 12 ? 5U : 0U, descending};
            const std::size_t n = 1000;
            const std::size_t size = sort_layout_size(SORT_I64, &layout);
            std::vector<unsigned char> bytes(n * size);
            sort_layout_fill(bytes.data(), n, SORT_I64, &layout, SORT_ZIPF, 7);
            std::vector<std::int64_t> keys(n);
            sort_fill(keys.data(), n, SORT_I64, SORT_ZIPF, 7);
            for (std::size_t i = 0; i < n; ++i) {
                ASSERT_EQ(std::memcmp(&bytes[i * size + layout.offset], &keys[i], 8), 0) << i;
                if (record == 24) {  // the second tag starts at the 5th byte beside the key
                    EXPECT_EQ(bytes[i * size] + 256 * bytes[i * size + 1], i);
                    EXPECT_EQ(bytes[i * size + 17], i >> 8 & 255);
                }
            }
            const auto check = [&] {
                return sort_layout_check(bytes.data(), n, SORT_I64, &layout);
            };
            const std::uint64_t before = check();
            EXPECT_EQ(before & 1, 0U) << "zipf keys are in no order";
            std::vector<std::uint64_t> memory(
                sort_layout_scratch(sort_find("callback"), n, SORT_I64, &layout) / 8 + 1);
            const sort_job job{bytes.data(), memory.data(), n,      SORT_I64,
                               nullptr,      layout,        nullptr, nullptr};
            ASSERT_EQ(sort_run(sort_find("callback"), &job), 0);
            EXPECT_EQ(check(), before | 1) << record << ' ' << descending;
            bytes[n * size / 2] ^= 1;
            EXPECT_NE(check() & ~1ULL, before & ~1ULL) << "a changed byte went unseen";
        }
    }
}

template <typename Key>
int compare(const void* left, const void* right) {
    const Key x = *static_cast<const Key*>(left);
    const Key y = *static_cast<const Key*>(right);
    ++calls;
    return (x > y) - (x < y);
}

struct Pair {
    std::int32_t key, tag, more;
};

int compare_upper(const void* left, const void* right) {  // ignores the lower half
    return compare<std::int32_t>(static_cast<const char*>(left) + 4,
                                 static_cast<const char*>(right) + 4);
}
int compare_pairs(const void* left, const void* right) {
    return compare<std::int32_t>(left, right);
}
int always_less(const void*, const void*) { return -1; }
int always_more(const void*, const void*) { return 1; }
int in_circles(const void* left, const void* right) {  // stone, paper, scissors
    const int x = *static_cast<const unsigned char*>(left) % 3;
    const int y = *static_cast<const unsigned char*>(right) % 3;
    return x == y ? 0 : (x + 1) % 3 == y ? -1 : 1;
}
int mostly_right(const void* left, const void* right) {
    const int order = std::memcmp(left, right, 1);
    return random_bits() % 16 == 0 ? -order : order;
}
int whatever(const void*, const void*) { return static_cast<int>(random_bits() % 3) - 1; }

int sort_by(void* data, std::size_t n, std::size_t size, sort_compare by, bool scratch) {
    std::vector<std::uint64_t> memory(sort_callback_scratch(n, size) / 8 + 1);
    const sort_elements e{data, scratch ? memory.data() : nullptr, n, size, by, nullptr, 0, nullptr, 0};
    return sort_callback(&e);
}

TEST(SortCallback, SortsEveryPatternAndIsStable) {
    for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
        for (std::size_t n = 0; n < 400; n += n < 70 ? 1 : 37) {
            for (const bool scratch : {true, false}) {
                std::vector<std::int32_t> keys(n);
                sort_fill(keys.data(), n, SORT_I32, static_cast<sort_pattern>(pattern), n);
                std::vector<Pair> pairs;
                std::vector<std::uint64_t> tagged;
                for (std::size_t i = 0; i < n; ++i) {
                    pairs.push_back({keys[i], static_cast<std::int32_t>(i), 7});
                    tagged.push_back(static_cast<std::uint64_t>(keys[i]) << 32 | i);
                }
                auto in_order = pairs;
                std::stable_sort(in_order.begin(), in_order.end(),
                                 [](auto& x, auto& y) { return x.key < y.key; });
                ASSERT_EQ(sort_by(keys.data(), n, 4, compare<std::int32_t>, scratch), 0);
                ASSERT_EQ(sort_by(pairs.data(), n, sizeof(Pair), compare_pairs, scratch), 0);
                ASSERT_EQ(sort_by(tagged.data(), n, 8, compare_upper, scratch), 0);
                for (std::size_t i = 0; i < n; ++i) {
                    ASSERT_EQ(keys[i], in_order[i].key);
                    ASSERT_EQ(pairs[i].tag, in_order[i].tag) << sort_pattern_names[pattern];
                    ASSERT_EQ(static_cast<std::int32_t>(tagged[i]), in_order[i].tag);
                }
            }
        }
    }
}

// What is taken out and put back, or given up at, goes back before or behind its equals.
TEST(SortCallback, NearlySortedStaysStable) {
    std::uint64_t few_calls = 0;
    for (int round = 0; round < 4000; ++round) {
        const std::size_t n = 33 + random_bits() % (round % 20 == 0 ? 20'000 : 400);
        const std::uint64_t values = 1 + random_bits() % (round % 2 == 0 ? n / 4 : 10 * n);
        std::vector<Pair> pairs(n);
        for (auto& pair : pairs) {
            pair = {static_cast<std::int32_t>(random_bits() % values), 0, 0};
        }
        std::sort(pairs.begin(), pairs.end(), [](auto& x, auto& y) { return x.key < y.key; });
        const std::size_t swaps = random_bits() % (1 + n / (16 << random_bits() % 4));
        for (std::size_t i = 0; i < swaps; ++i) {
            const std::size_t length = 1 + random_bits() % (random_bits() % 8 == 0 ? 12 : 2);
            const std::size_t at = random_bits() % (n - length);
            const std::size_t to = random_bits() % (n - length);
            std::swap_ranges(&pairs[at], &pairs[at] + (at < to ? std::min(length, to - at) : 1),
                             &pairs[to]);
        }
        std::vector<std::uint64_t> tagged(n);
        for (std::size_t i = 0; i < n; ++i) {
            pairs[i].tag = static_cast<std::int32_t>(i);
            tagged[i] = static_cast<std::uint64_t>(pairs[i].key) << 32 | i;
        }
        auto in_order = pairs;
        std::stable_sort(in_order.begin(), in_order.end(),
                         [](auto& x, auto& y) { return x.key < y.key; });
        calls = 0;
        ASSERT_EQ(sort_by(tagged.data(), n, 8, compare_upper, true), 0);
        few_calls += calls < 2 * n;
        ASSERT_EQ(sort_by(pairs.data(), n, sizeof(Pair), compare_pairs, true), 0);
        for (std::size_t i = 0; i < n; ++i) {
            ASSERT_EQ(static_cast<std::int32_t>(tagged[i]), in_order[i].tag) << "round " << round;
            ASSERT_EQ(pairs[i].tag, in_order[i].tag) << "round " << round;
        }
    }
    EXPECT_GT(few_calls, 1000U) << "nothing was taken out";
}

TEST(SortCallback, LiarsNeitherCrashNorLoopNorLoseElements) {
    for (const sort_compare liar : {always_less, always_more, in_circles, mostly_right, whatever}) {
        for (const std::size_t size : {1U, 4U, 8U, 12U, 100U}) {
            for (const std::size_t n : {0U, 1U, 2U, 3U, 5U, 17U, 32U, 33U, 100U, 1000U, 20'000U}) {
                for (const bool scratch : {true, false}) {
                    if (!scratch && n > 1000) {
                        continue;
                    }
                    std::vector<unsigned char> bytes(n * size);
                    for (auto& byte : bytes) {
                        byte = static_cast<unsigned char>(random_bits());
                    }
                    auto before = bytes;
                    ASSERT_EQ(sort_by(bytes.data(), n, size, liar, scratch), 0);
                    std::sort(bytes.begin(), bytes.end());
                    std::sort(before.begin(), before.end());
                    ASSERT_EQ(bytes, before) << "size=" << size << " n=" << n;
                }
            }
        }
    }
}

// Decides the order while it is asked, so that pivots are bad (McIlroy, "A killer
// adversary for quicksort", 1999). Elements are places in `decided`.
std::vector<std::uint32_t> decided;
std::uint32_t solid = 0;
std::uint32_t candidate = 0;

int adversary(const void* left, const void* right) {
    const std::uint32_t gas = 0xffffffff;
    const std::uint32_t x = *static_cast<const std::uint32_t*>(left);
    const std::uint32_t y = *static_cast<const std::uint32_t*>(right);
    if (++calls < decided.size()) {  // no runs, or there will be no partitions
        return calls % 3 == 0 ? 1 : -1;
    }
    if (decided[x] == gas && decided[y] == gas) {
        decided[x == candidate ? x : y] = solid++;
    }
    if (decided[x] == gas) {
        candidate = x;
    } else if (decided[y] == gas) {
        candidate = y;
    }
    return (decided[x] > decided[y]) - (decided[x] < decided[y]);
}

TEST(SortCallback, NoOrderMakesItQuadratic) {
    const std::uint32_t n = 20'000;
    std::vector<std::uint32_t> keys(n);
    for (std::uint32_t i = 0; i < n; ++i) {
        keys[i] = i * 7919U % n;
    }
    decided.assign(n, 0xffffffff);
    solid = candidate = 0;
    calls = 0;
    ASSERT_EQ(sort_by(keys.data(), n, 4, adversary, true), 0);
    EXPECT_LT(static_cast<double>(calls), 4 * n * std::log2(n));
    EXPECT_GT(static_cast<double>(calls), 2 * n * std::log2(n)) << "it was no adversary";
}

TEST(SortCallback, KnownComparatorsAreNotCalled) {
    const sort_known known[] = {{compare<std::int32_t>, SORT_I32, 0, false},
                                {compare_pairs, SORT_I32, 0, false}};
    std::vector<Pair> pairs(5000);
    for (auto& pair : pairs) {
        pair = {static_cast<std::int32_t>(random_bits()), 0, 0};
    }
    std::vector<std::uint64_t> memory(sort_callback_scratch(pairs.size(), sizeof(Pair)) / 8 + 1);
    const sort_elements e{pairs.data(), memory.data(), pairs.size(), sizeof(Pair), compare_pairs,
                          known,        2,             nullptr, 0};
    calls = 0;
    ASSERT_EQ(sort_callback(&e), 0);
    EXPECT_EQ(calls, 0U);
    EXPECT_TRUE(std::is_sorted(pairs.begin(), pairs.end(),
                               [](auto& x, auto& y) { return x.key < y.key; }));
}

// log2 n! is what no sort by comparisons can undercut on the average.
TEST(SortCallback, AsksNearlyAsSeldomAsIsPossible) {
    const std::size_t n = 10'000;
    std::vector<std::int32_t> keys(n);
    sort_fill(keys.data(), n, SORT_I32, SORT_RANDOM, 1);
    calls = 0;
    ASSERT_EQ(sort_by(keys.data(), n, 4, compare<std::int32_t>, true), 0);
    const double least = std::lgamma(double(n) + 1) / std::log(2.0);
    EXPECT_LT(static_cast<double>(calls), 1.2 * least);
    EXPECT_GT(static_cast<double>(calls), 0.99 * least);
}

core_counts counts_of(const char* name, std::size_t n, sort_pattern pattern) {
    std::vector<std::int32_t> keys(n);
    sort_fill(keys.data(), n, SORT_I32, pattern, 1);
    const sort_variant* row = sort_find(name);
    std::vector<std::uint64_t> memory(sort_scratch(row, n, SORT_I32) / 8 + 1);
    core_counts counts{};
    const sort_job job{keys.data(), memory.data(), n, SORT_I32, nullptr, {}, &counts, nullptr};
    EXPECT_EQ(sort_run(row, &job), 0);
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    return counts;
}

// The counting pass is the same source compiled once more; theory says what it must find.
TEST(SortCounts, AgreeWithTheory) {
    const std::size_t n = 100'000;
    const double m = n;
    const double logs = m * std::log2(m);
    const auto near = [](std::uint64_t counted, double theory, double relative) {
        EXPECT_NEAR(static_cast<double>(counted), theory, relative * theory);
    };
    near(counts_of("heap", n, SORT_RANDOM).comparisons, logs + 0.37 * m, 0.01);
    near(counts_of("tim", n, SORT_RANDOM).comparisons, logs - 1.2645 * m, 0.03);
    near(counts_of("intro", n, SORT_RANDOM).comparisons, 1.188 * logs, 0.06);
    near(counts_of("insertion", 10'000, SORT_RANDOM).comparisons, 1e8 / 4, 0.03);
    near(counts_of("insertion", 10'000, SORT_REVERSED).comparisons, 1e8 / 2, 0.001);
    EXPECT_EQ(counts_of("tim", n, SORT_SORTED).comparisons, n - 1);
    EXPECT_EQ(counts_of("tim", n, SORT_SORTED).moves, 0U);
    EXPECT_EQ(counts_of("lsd_radix", n, SORT_RANDOM).comparisons, 0U);
    EXPECT_EQ(counts_of("lsd_radix", n, SORT_RANDOM).moves, 4 * n);
}

}  // namespace
