// The variant that lets others work: right with any number of workers, on any input.
#include "sort_core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "sort_threads.h"

namespace {

using kmb::SortThreads;

constexpr std::size_t kLeast = SORT_PARALLEL_LEAST;

template <typename Key>
void expect_sorted(std::vector<Key> input, sort_type type, const sort_pool& pool,
                   const std::string& what, sort_layout layout = {}) {
    auto expected = input;
    std::sort(expected.begin(), expected.end());
    if (layout.descending) {
        std::reverse(expected.begin(), expected.end());
    }
    const sort_variant* row = sort_find("parallel");
    const std::size_t words = sort_scratch(row, input.size(), type) / 8 + 1;
    std::vector<std::uint64_t> memory(words + 1, 0x5a5a5a5a);
    const sort_job job{input.data(), memory.data(), input.size(), type,
                       nullptr,      layout,        nullptr,      &pool};
    ASSERT_EQ(sort_run(row, &job), 0) << what;
    ASSERT_TRUE(input == expected) << what << " n=" << input.size();
    ASSERT_EQ(memory.back(), 0x5a5a5a5aU) << what << " wrote outside";
}

template <typename Key>
void every_pattern(sort_type type, std::initializer_list<unsigned> all_workers) {
    std::mt19937_64 random(type);
    for (const unsigned workers : all_workers) {
        SortThreads pool(workers);
        std::uint64_t parted = 0;
        for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
            for (const std::size_t n : {kLeast, kLeast + 1, 2 * kLeast + random() % 100'000}) {
                std::vector<Key> keys(n);
                sort_fill(keys.data(), n, type, static_cast<sort_pattern>(pattern), n);
                const auto before = pool.rounds();
                expect_sorted(keys, type, pool, sort_pattern_names[pattern],
                              {0, 0, n % 2 == 1});
                parted += pool.rounds() != before;
                if (pattern == SORT_RANDOM || pattern == SORT_RUNS8) {
                    EXPECT_EQ(pool.rounds() - before, 4U) << "one thread sorted it";
                }
                if (pattern == SORT_SORTED || pattern == SORT_ALL_EQUAL ||
                    pattern == SORT_FEW_UNIQUE || pattern == SORT_ORGAN_PIPE) {
                    EXPECT_EQ(pool.rounds(), before) << "auto is faster there";
                }
            }
        }
        EXPECT_GE(parted, 12U);
    }
}

TEST(SortParallel, EveryPatternWithAnyNumberOfWorkers) {
    every_pattern<std::int32_t>(SORT_I32, {2, 3});
    every_pattern<std::uint32_t>(SORT_U32, {2});
    every_pattern<std::int64_t>(SORT_I64, {2});
    every_pattern<std::uint64_t>(SORT_U64, {2, 9});
}

// A sample of other keys than most: parts of very different sizes, and empty ones.
TEST(SortParallel, PartsMayBeEmptyOrAll) {
    SortThreads pool(4);
    std::mt19937_64 random(1);
    for (const std::uint64_t share : {2U, 10U, 1000U}) {
        std::vector<std::int64_t> keys(3 * kLeast);
        for (auto& key : keys) {
            key = random() % share == 0 ? static_cast<std::int64_t>(random()) : 7;
        }
        // alternating neighbours look random to whoever looks for runs
        for (std::size_t i = 0; i < keys.size(); i += 2) {
            keys[i] = INT64_MIN + static_cast<std::int64_t>(i % 3);
        }
        expect_sorted(keys, SORT_I64, pool, "share " + std::to_string(share));
    }
}

// Keys near to each other and a few far away: nearly all are in one bucket.
TEST(SortParallel, BucketThatHoldsNearlyAllIsSharedAgain) {
    SortThreads pool(3);
    std::mt19937_64 random(2);
    std::vector<std::uint64_t> keys(3 * kLeast);
    for (const std::uint64_t range : {1'000'000'000U, 1'000U}) {
        for (auto& key : keys) {
            key = (1ULL << 62U) + random() % range;
        }
        keys[7] = 0;
        keys[77] = UINT64_MAX;
        const auto before = pool.rounds();
        expect_sorted(keys, SORT_U64, pool, "range " + std::to_string(range));
        // values so near to each other are counted, after their range is known
        EXPECT_EQ(pool.rounds() - before, range < 10'000 ? 5U : 8U);
    }
}

TEST(SortParallel, RecordsKeepTheirOrder) {
    SortThreads pool(2);
    const std::size_t n = 2 * kLeast;
    const sort_layout layout{12, 4, false};
    std::vector<unsigned char> bytes(n * 12);
    sort_layout_fill(bytes.data(), n, SORT_I32, &layout, SORT_ZIPF, 3);
    auto expected = bytes;
    std::vector<std::uint64_t> memory(
        sort_layout_scratch(sort_find("parallel"), n, SORT_I32, &layout) / 8 + 1);
    sort_job job{bytes.data(), memory.data(), n, SORT_I32, nullptr, layout, nullptr, &pool};
    ASSERT_EQ(sort_run(sort_find("parallel"), &job), 0);
    EXPECT_GT(pool.rounds(), 0U);
    job.data = expected.data();
    ASSERT_EQ(sort_run(sort_find("powersort"), &job), 0);
    EXPECT_TRUE(bytes == expected);
}

// A pause that says stop to one worker ends the sort, whatever the workers are at.
TEST(SortParallel, OneWorkerThatStopsEndsIt) {
    struct Pool : sort_pool {
        unsigned last;  // round that is stopped
        unsigned round = 0;
    };
    for (unsigned last = 0; last < 5; ++last) {
        Pool pool{{[](const sort_pool* of, auto work, void* arg, unsigned jobs) {
                       static const core_pause never{[](void*) { return true; }, nullptr};
                       auto* self = static_cast<Pool*>(const_cast<sort_pool*>(of));
                       for (unsigned i = 0; i < jobs; ++i) {
                           work(arg, i, self->round == self->last && i == 1 ? &never : nullptr);
                       }
                       ++self->round;
                   },
                   2},
                  last};
        std::vector<std::uint32_t> keys(4 * kLeast);
        sort_fill(keys.data(), keys.size(), SORT_U32, SORT_RANDOM, 1);
        std::vector<std::uint64_t> memory(
            sort_scratch(sort_find("parallel"), keys.size(), SORT_U32) / 8 + 1);
        const sort_job job{keys.data(), memory.data(), keys.size(), SORT_U32,
                           nullptr,     {},            nullptr,     &pool};
        EXPECT_EQ(sort_run(sort_find("parallel"), &job), last < 4 ? -EINTR : 0) << last;
        EXPECT_EQ(pool.round, last < 4 ? last + 1 : 4);
    }
}

}  // namespace
