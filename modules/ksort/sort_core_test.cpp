// The sort cores against std::sort: every variant, type and pattern.
#include "sort_core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

std::vector<const sort_variant*> sorting_variants() {
    std::vector<const sort_variant*> rows;
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        if ((sort_variants[i].flags & SORT_IDLE) == 0) {
            rows.push_back(&sort_variants[i]);
        }
    }
    return rows;
}

// Guard words around data and scratch: a core that writes outside is caught
// without a sanitiser as well.
template <typename Key>
class Arena {
  public:
    Arena(std::size_t n, std::size_t scratch_bytes)
        : n_(n),
          data_(n + 2 * kGuard, kMark),
          scratch_((scratch_bytes + 7) / 8 + 2 * kGuard, kScratchMark) {}

    Key* data() { return data_.data() + kGuard; }
    void* scratch() { return scratch_.data() + kGuard; }
    [[nodiscard]] bool intact() const {
        const auto untouched = [](const auto& all, auto mark) {
            return std::all_of(all.begin(), all.begin() + kGuard,
                               [mark](auto x) { return x == mark; }) &&
                   std::all_of(all.end() - kGuard, all.end(), [mark](auto x) { return x == mark; });
        };
        return untouched(data_, kMark) && untouched(scratch_, kScratchMark);
    }

  private:
    static constexpr std::ptrdiff_t kGuard = 16;
    static constexpr Key kMark = static_cast<Key>(0x5a5a5a5a);
    static constexpr std::uint64_t kScratchMark = 0xa5a5a5a5a5a5a5a5;
    std::size_t n_;
    std::vector<Key> data_;
    std::vector<std::uint64_t> scratch_;
};

template <typename Key>
struct TypeOf;
template <>
struct TypeOf<std::int32_t> {
    static constexpr sort_type value = SORT_I32;
};
template <>
struct TypeOf<std::uint32_t> {
    static constexpr sort_type value = SORT_U32;
};
template <>
struct TypeOf<std::int64_t> {
    static constexpr sort_type value = SORT_I64;
};
template <>
struct TypeOf<std::uint64_t> {
    static constexpr sort_type value = SORT_U64;
};

template <typename Key>
class SortCore : public testing::Test {
  protected:
    static constexpr sort_type kType = TypeOf<Key>::value;

    static std::vector<Key> filled(std::size_t n, sort_pattern pattern, std::uint64_t seed) {
        std::vector<Key> keys(n);
        sort_fill(keys.data(), n, kType, pattern, seed);
        return keys;
    }

    // Sorts a copy of `input` with and without scratch and compares every element.
    static void expect_sorted(const sort_variant& row, const std::vector<Key>& input,
                              const std::string& what) {
        std::vector<Key> expected = input;
        std::sort(expected.begin(), expected.end());
        for (const bool with_scratch : {true, false}) {
            const std::size_t bytes = sort_scratch(&row, input.size(), kType);
            if (!with_scratch && bytes == 0) {
                break;
            }
            Arena<Key> arena(input.size(), bytes);
            std::copy(input.begin(), input.end(), arena.data());
            const sort_job job{arena.data(), with_scratch ? arena.scratch() : nullptr, input.size(),
                               kType, nullptr, {}, nullptr, nullptr};
            ASSERT_EQ(sort_run(&row, &job), 0) << row.name << ' ' << what;
            ASSERT_TRUE(std::equal(expected.begin(), expected.end(), arena.data()))
                << row.name << ' ' << what << " n=" << input.size() << " scratch=" << with_scratch;
            ASSERT_TRUE(arena.intact())
                << row.name << ' ' << what << " n=" << input.size() << " wrote outside";
            ASSERT_EQ(sort_check(arena.data(), input.size(), kType),
                      sort_check(input.data(), input.size(), kType) | 1);
        }
    }
};

using Keys = testing::Types<std::int32_t, std::uint32_t, std::int64_t, std::uint64_t>;
TYPED_TEST_SUITE(SortCore, Keys);

TYPED_TEST(SortCore, EveryVariantAndPatternSortsEverySizeUpTo300) {
    for (const auto* row : sorting_variants()) {
        for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
            for (std::size_t n = 0; n <= 300; ++n) {
                const auto input = this->filled(n, static_cast<sort_pattern>(pattern), n + 1);
                this->expect_sorted(*row, input, sort_pattern_names[pattern]);
                if (this->HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

TYPED_TEST(SortCore, EveryVariantAndPatternSortsRandomSizes) {
    std::mt19937_64 random(20240607);
    for (const auto* row : sorting_variants()) {
        for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
            for (const std::uint64_t limit : {3000U, 3000U, 40'000U, 300'000U}) {
                const std::uint64_t most = std::min<std::uint64_t>(limit, row->max_n);
                const std::size_t n = random() % std::min<std::uint64_t>(
                                                     most, (row->max_n < 100'000) ? 5000 : most);
                const auto seed = random();
                const auto input = this->filled(n, static_cast<sort_pattern>(pattern), seed);
                this->expect_sorted(
                    *row, input,
                    std::string(sort_pattern_names[pattern]) + " seed=" + std::to_string(seed));
                if (this->HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

// Of all magnitudes to two million, patterns in turn, each array by every variant that takes
// so many; with KMB_DEEP set 500 arrays of each type (a quarter of an hour on one core).
TYPED_TEST(SortCore, EveryVariantSortsTheSameLargeArrays) {
    using Key = TypeParam;
    const bool deep = std::getenv("KMB_DEEP") != nullptr;
    std::mt19937_64 random(20261127);
    for (int i = 0; i < (deep ? 500 : 3); ++i) {
        const double magnitude = static_cast<double>(random() % 1000) / 999;
        const auto n = static_cast<std::size_t>(300 * std::pow(2'000'000.0 / 300, magnitude));
        const auto pattern = static_cast<sort_pattern>(i % SORT_PATTERNS);
        const auto input = this->filled(n, pattern, random());
        auto expected = input;
        std::sort(expected.begin(), expected.end());
        for (const auto* row : sorting_variants()) {
            if (n > (row->max_n < 100'000 ? 5000 : row->max_n)) {
                continue;
            }
            Arena<Key> arena(n, sort_scratch(row, n, TestFixture::kType));
            std::copy(input.begin(), input.end(), arena.data());
            const sort_job job{arena.data(), arena.scratch(), n,       TestFixture::kType,
                               nullptr,      {},              nullptr, nullptr};
            ASSERT_EQ(sort_run(row, &job), 0) << row->name;
            ASSERT_TRUE(std::equal(expected.begin(), expected.end(), arena.data()))
                << row->name << ' ' << sort_pattern_names[pattern] << " n=" << n;
            ASSERT_TRUE(arena.intact()) << row->name << " n=" << n << " wrote outside";
        }
    }
}

// The published module compares by subtraction, which fails for these.
TYPED_TEST(SortCore, SmallestAndLargestValuesAreOrdered) {
    using Key = TypeParam;
    using Limits = std::numeric_limits<Key>;
    std::mt19937_64 random(7);
    const std::vector<Key> edges{Limits::min(),
                                 static_cast<Key>(Limits::min() + 1),
                                 static_cast<Key>(-1),
                                 0,
                                 1,
                                 static_cast<Key>(Limits::max() - 1),
                                 Limits::max()};
    for (const auto* row : sorting_variants()) {
        for (std::size_t n : {1U, 2U, 3U, 7U, 8U, 16U, 17U, 31U, 33U, 64U, 100U, 1000U, 5000U}) {
            std::vector<Key> input(n);
            std::generate(input.begin(), input.end(),
                          [&] { return edges[random() % edges.size()]; });
            this->expect_sorted(*row, input, "edges");
            if (this->HasFatalFailure()) {
                return;
            }
        }
    }
}

// What `auto` takes out and puts back, or gives up at: elements and blocks of them that
// stand elsewhere, too many of them, and numbers of values about what it counts.
TYPED_TEST(SortCore, NearlySortedAndFewValuesOfAnyKind) {
    using Key = TypeParam;
    std::mt19937_64 random(11);
    const auto* row = sort_find("auto");
    for (int round = 0; round < 3000; ++round) {
        const std::size_t n = 33 + random() % (round % 10 == 0 ? 20'000 : 500);
        const std::uint64_t values = round % 3 == 0 ? 1 + random() % 40 : ~0ULL;
        std::vector<Key> input(n);
        std::vector<std::uint64_t> from(std::min<std::uint64_t>(values, n));
        std::generate(from.begin(), from.end(), random);
        std::generate(input.begin(), input.end(),
                      [&] { return static_cast<Key>(from[random() % from.size()]); });
        if (round % 3 != 0) {
            std::sort(input.begin(), input.end());
        }
        const std::size_t moves = random() % (1 + n / (8 << random() % 4));
        for (std::size_t i = 0; i < moves; ++i) {
            const std::size_t length = 1 + random() % (random() % 8 == 0 ? 12 : 2);
            const std::size_t at = random() % (n - length);
            const std::size_t to = random() % (n - length);
            std::swap_ranges(&input[at], &input[at] + (at < to ? std::min(length, to - at) : 1),
                             &input[to]);
        }
        this->expect_sorted(*row, input, "round " + std::to_string(round));
        if (this->HasFatalFailure()) {
            return;
        }
    }
}

// Networks and merges have no branch on data, so by the 0-1 principle all inputs
// of zeros and ones up to 16 elements prove them.
TYPED_TEST(SortCore, AllZeroOneInputsUpTo16) {
    using Key = TypeParam;
    for (const auto* row : sorting_variants()) {
        for (std::size_t n = 0; n <= 16; ++n) {
            for (std::uint32_t bits = 0; bits < (1U << n); ++bits) {
                Key keys[16];
                std::size_t ones = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    keys[i] = static_cast<Key>((bits >> i) & 1);
                    ones += (bits >> i) & 1;
                }
                const sort_job job{keys, nullptr, n, TestFixture::kType, nullptr, {}, nullptr, nullptr};
                ASSERT_EQ(sort_run(row, &job), 0);
                for (std::size_t i = 0; i < n; ++i) {
                    ASSERT_EQ(keys[i], static_cast<Key>(i >= n - ones))
                        << row->name << " n=" << n << " bits=" << bits;
                }
            }
        }
    }
}

TYPED_TEST(SortCore, CheckSeesLossChangeAndOrder) {
    using Key = TypeParam;
    auto keys = this->filled(1000, SORT_SORTED, 1);
    const auto check = [&] { return sort_check(keys.data(), keys.size(), TestFixture::kType); };
    const auto right = check();
    EXPECT_EQ(right & 1, 1U);
    std::swap(keys[10], keys[11]);
    EXPECT_EQ(check(), right - 1);
    std::swap(keys[10], keys[11]);
    const Key kept = keys[500];
    keys[500] = keys[501];  // one lost, one doubled, still ascending
    EXPECT_EQ(check() & 1, 1U);
    EXPECT_NE(check(), right);
    keys[500] = kept;
    EXPECT_EQ(check(), right);
    EXPECT_NE(sort_check(keys.data(), 999, TestFixture::kType), right);
}

TYPED_TEST(SortCore, PauseEndsALongSort) {
    struct Count {
        int calls = 0;
    } count;
    core_pause pause{[](void* arg) { return ++static_cast<Count*>(arg)->calls == 3; }, &count};
    for (const auto* row : sorting_variants()) {
        const std::size_t n = std::min<std::size_t>(2'000'000, row->max_n);
        auto input = this->filled(n, SORT_RANDOM, 5);
        std::vector<std::uint64_t> scratch(sort_scratch(row, n, TestFixture::kType) / 8 + 1);
        count.calls = 0;
        const sort_job job{input.data(), scratch.data(), n, TestFixture::kType, &pause, {}, nullptr, nullptr};
        EXPECT_EQ(sort_run(row, &job), -EINTR) << row->name;
        EXPECT_EQ(count.calls, 3) << row->name << ": asked again after it was told to stop";
    }
}

TYPED_TEST(SortCore, PatternsAreWhatTheyAreCalled) {
    using Key = TypeParam;
    const std::size_t n = 4096;
    const auto distinct = [&](sort_pattern pattern) {
        const auto keys = this->filled(n, pattern, 3);
        return std::set<Key>(keys.begin(), keys.end()).size();
    };
    const auto sorted = this->filled(n, SORT_SORTED, 3);
    EXPECT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
    EXPECT_EQ(sorted.front(), std::numeric_limits<Key>::min());
    EXPECT_GT(sorted.back(), std::numeric_limits<Key>::max() - (Key{1} << 13));
    const auto reversed = this->filled(n, SORT_REVERSED, 3);
    EXPECT_TRUE(std::is_sorted(reversed.rbegin(), reversed.rend()));
    EXPECT_EQ(distinct(SORT_SORTED), n);
    EXPECT_GE(distinct(SORT_RANDOM), n - 3);
    EXPECT_EQ(distinct(SORT_FEW_UNIQUE), 16U);
    EXPECT_EQ(distinct(SORT_ALL_EQUAL), 1U);
    EXPECT_LE(distinct(SORT_SMALL_RANGE), 1000U);
    EXPECT_EQ(distinct(SORT_SAWTOOTH), 65U);
    EXPECT_EQ(distinct(SORT_ORGAN_PIPE), n / 2);
    EXPECT_EQ(distinct(SORT_PLATEAU), n / 2 + 1);
    EXPECT_GT(distinct(SORT_ZIPF), 500U);
    EXPECT_LT(distinct(SORT_ZIPF), n * 3 / 4);
    EXPECT_EQ(distinct(SORT_STAGGER), n);
    const auto runs = this->filled(n, SORT_RUNS8, 3);
    int descents = 0;
    for (std::size_t i = 1; i < n; ++i) {
        descents += runs[i] < runs[i - 1];
    }
    EXPECT_EQ(descents, 7);
    EXPECT_EQ(this->filled(n, SORT_RANDOM, 3), this->filled(n, SORT_RANDOM, 3));
    EXPECT_NE(this->filled(n, SORT_RANDOM, 3), this->filled(n, SORT_RANDOM, 4));
}

// The kernel must fill exactly what user space expects, so the bytes are pinned.
TEST(SortPattern, BytesArePinned) {
    std::uint64_t sum = 0;
    for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
        for (unsigned type = 0; type < SORT_TYPES; ++type) {
            std::vector<std::uint64_t> room(1000);
            sort_fill(room.data(), 1000, static_cast<sort_type>(type),
                      static_cast<sort_pattern>(pattern), 42);
            for (const auto word : room) {
                sum = sum * 6364136223846793005U + word;
            }
        }
    }
    EXPECT_EQ(sum, 15187183549639800788U);
}

TEST(SortTable, NamesAreSortedUniqueAndFound) {
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        const sort_variant& row = sort_variants[i];
        EXPECT_EQ(sort_find(row.name), &row);
        EXPECT_NE(row.types, 0U);
        EXPECT_GT(row.max_n, 0U);
        if (i > 0) {
            EXPECT_LT(std::string(sort_variants[i - 1].name), row.name);
        }
    }
    EXPECT_EQ(sort_find("no_such_sort"), nullptr);
}

TEST(SortTable, BadJobsAreRefused) {
    std::int32_t keys[2] = {2, 1};
    sort_job job{keys, nullptr, 2, SORT_TYPES, nullptr, {}, nullptr, nullptr};
    const sort_variant* row = sort_find("quick");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(sort_run(row, &job), -EINVAL);
    EXPECT_EQ(sort_type_size(SORT_TYPES), 0U);
    job.type = SORT_I32;
    job.n = row->max_n + 1;
    EXPECT_EQ(sort_run(row, &job), -E2BIG);
    EXPECT_EQ(keys[0], 2);
}

}  // namespace
