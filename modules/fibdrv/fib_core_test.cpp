// SPDX-License-Identifier: GPL-2.0-only
// The Fibonacci core against GMP: values, text, memory, breathing, counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "fib_fma.h"
#include "fib_variant_test.hpp"

using namespace kmb::fib_test;

namespace {

// What is left out here is in fib_deep_test.
TEST_P(FibVariant, IsExactForEveryIndexUpTo20000) {
    // Quadratic in n: only every 13th of the larger indices.
    const std::uint64_t step = is("bignum_add") ? 13 : 1;
    for (std::uint64_t n = 0; n <= std::min<std::uint64_t>(20000, variant().max_n);
         n += n < 4000 ? 1 : step) {
        ASSERT_NO_FATAL_FAILURE(expect_equal(n));
    }
}

TEST_P(FibVariant, IsExactForRandomLargeIndices) {
    std::mt19937_64 random(20261122);
    const std::uint64_t limit =
        std::min<std::uint64_t>(variant().max_n, is("bignum_add") ? 60000 : 400000);
    for (int i = 0; i < 25; ++i) {
        ASSERT_NO_FATAL_FAILURE(expect_equal(random() % (limit + 1)));
    }
}

TEST_P(FibVariant, HasThePropertiesOfFibonacciNumbers) {
    expect_properties(11, 50, std::min<std::uint64_t>(variant().max_n, 6000));
}

TEST_P(FibVariant, TextIsThatOfGmp) {
    for (std::uint64_t n = 0; n <= std::min<std::uint64_t>(2000, variant().max_n); ++n) {
        ASSERT_NO_FATAL_FAILURE(expect_text(n));
    }
    std::mt19937_64 random(7);
    for (int i = 0; i < 20; ++i) {
        ASSERT_NO_FATAL_FAILURE(
            expect_text(random() % (std::min<std::uint64_t>(50000, variant().max_n) + 1)));
    }
}

TEST(FibText, LongBinaryResultsAreConvertedWithoutLoss) {
    for (const std::uint64_t n : {5900U, 11100U, 12000U, 100000U, 177000U, 400000U, 1000000U,
                                  2000003U}) {
        Mpz want;
        mpz_fib_ui(want.get(), n);
        Result got(*fib_variant_find(FIB_PORTABLE, "ntt"), n);
        ASSERT_EQ(got.text(), gmp_text(want.get())) << "n = " << n;
        ASSERT_TRUE(got.equals(want.get())) << "the result did not survive, n = " << n;
    }
}

// Zeros inside, and digits of nines, which carries run through.
TEST(FibText, HoldsForNumbersThatAreNoFibonacciNumbers) {
    Mpz want;
    for (unsigned long e = 1100; e < 60000; e = e * 5 / 4) {
        for (const int less : {0, 1}) {
            mpz_ui_pow_ui(want.get(), 10, e);
            mpz_sub_ui(want.get(), want.get(), static_cast<unsigned long>(less));
            const std::uint64_t n = e * 5;
            Guarded out(fib_out_limbs(n));
            Guarded scratch(fib_text_scratch(n, FIB_BINARY));
            fib_job job{};
            job.n = n;
            job.out = out.data();
            job.len = mpz_size(want.get());
            mpn_copyi(reinterpret_cast<mp_ptr>(job.out), mpz_limbs_read(want.get()),
                      static_cast<mp_size_t>(job.len));
            std::string text(fib_text_max(n), '#');
            const s64 length = fib_text(&job, text.data(), scratch.data());
            ASSERT_GT(length, 0);
            text.resize(static_cast<std::size_t>(length));
            ASSERT_EQ(text, gmp_text(want.get())) << "10^" << e << " - " << less;
            ASSERT_TRUE(scratch.intact());
        }
    }
}

// The number that columns are, base 2^48, by GMP.
void expect_limbs(std::vector<u64> columns) {
    Mpz want;
    Mpz column;
    for (auto x = columns.rbegin(); x != columns.rend(); ++x) {
        mpz_mul_2exp(want.get(), want.get(), 48);
        mpz_set_si(column.get(), static_cast<long>(*x));
        mpz_add(want.get(), want.get(), column.get());
    }
    std::vector<u64> limbs(columns.size() / 4 * 3 + 1);
    fma_limbs(limbs.data(), columns.data(), columns.size() / 4);
    limbs.pop_back();
    Mpz got;
    mpz_import(got.get(), limbs.size(), -1, sizeof(u64), 0, 0, limbs.data());
    EXPECT_EQ(mpz_cmp(got.get(), want.get()), 0);
}

TEST(FibFma, LimbsTakeAnyCarry) {
    if (!fib_has_fma()) {
        GTEST_SKIP() << "this CPU has no AVX2 and FMA";
    }
    constexpr u64 kDigit = (1ULL << 48) - 1;
    std::mt19937_64 random(20261128);
    for (const std::size_t groups : {1U, 2U, 3U, 40U}) {
        const std::size_t n = 4 * groups;
        std::vector<u64> borrows(n);  // 2^(48 (n - 1)) - 1: the borrow of the first goes all the way
        borrows.front() = ~0ULL;
        borrows.back() = 1;
        expect_limbs(borrows);
        std::vector<u64> carries(n, kDigit);
        carries.front() = kDigit + 1;
        carries.back() = 5;
        expect_limbs(carries);
        for (int round = 0; round < 500; ++round) {
            std::vector<u64> columns(n);
            for (auto& column : columns) {
                const u64 edges[] = {0, 1, ~0ULL, kDigit, kDigit + 1, ~kDigit, random() - (1ULL << 63)};
                column = edges[random() % (round % 2 == 0 ? 6 : 7)];
            }
            columns[n - 1] = random() % (1U << 30) + (1U << 20);
            expect_limbs(columns);
        }
    }
}

TEST_P(FibVariant, StopsWhenThePauseAsksAndOnlyThen) {
    const std::uint64_t n = is("bignum_add") ? 100000 : 300000;
    if (n > variant().max_n) {
        return;  // over before the first breath
    }
    struct Breath {
        int calls;
        int stop_at;
    };
    const auto stop = [](void* arg) {
        auto* breath = static_cast<Breath*>(arg);
        return ++breath->calls >= breath->stop_at;
    };
    Breath never{0, 1 << 30};
    const core_pause run_on{stop, &never};
    ASSERT_EQ(Result(variant(), n, FIB_WANT_LIMBS, &run_on).status, 0);
    ASSERT_GT(never.calls, 1);
    for (const int at : {1, 2, never.calls / 2, never.calls}) {
        Breath some{0, at};
        const core_pause halt{stop, &some};
        const Result got(variant(), n, FIB_WANT_LIMBS, &halt);
        EXPECT_EQ(got.status, -EINTR) << "stopped at breath " << at << " of " << never.calls;
        EXPECT_TRUE(got.intact());
        EXPECT_LE(some.calls, at + 1);
    }
}

TEST_P(FibVariant, CountsGrowWithTheIndex) {
    core_counts small{};
    core_counts large{};
    const std::uint64_t n = std::min<std::uint64_t>(20000, variant().max_n);
    Result(variant(), n / 2, FIB_WANT_LIMBS, nullptr, &small);
    Result(variant(), n, FIB_WANT_LIMBS, nullptr, &large);
    EXPECT_GT(large.additions, small.additions);
    if (large.multiplications > 0) {
        EXPECT_GT(large.multiplications, small.multiplications);
    }
}

INSTANTIATE_TEST_SUITE_P(Each, FibVariant, testing::ValuesIn(computing_rows()), name_of);

TEST(FibTable, IsSortedByNameAndFindsItsRows) {
    for (const fib_isa isa : {FIB_PORTABLE, FIB_ADX, FIB_FMA}) {
        std::vector<std::string> names;
        for (const fib_variant& row : rows(isa)) {
            names.emplace_back(row.name);
            EXPECT_EQ(fib_variant_find(isa, row.name), &row);
        }
        EXPECT_EQ(names.back(), "nop");
        EXPECT_TRUE(std::is_sorted(names.begin(), names.end() - 1));
    }
    EXPECT_EQ(fib_variant_find(FIB_PORTABLE, "no such"), nullptr);
}

TEST(FibLimits, Iterate64RefusesWhatDoesNotFit) {
    EXPECT_EQ(Result(*fib_variant_find(FIB_PORTABLE, "iterate64"), 94).status, -EOVERFLOW);
}

TEST(FibLimits, SizesCoverTheLargestIndex) {
    Mpz value;
    mpz_fib_ui(value.get(), FIB_MAX_N);
    EXPECT_LE(mpz_size(value.get()), fib_out_limbs(FIB_MAX_N));
    EXPECT_LE(mpz_sizeinbase(value.get(), 10), fib_text_max(FIB_MAX_N) + 1);
    for (std::uint64_t n = 0; n < 3000; ++n) {
        mpz_fib_ui(value.get(), n);
        EXPECT_LE(gmp_text(value.get()).size(), fib_text_max(n));
        EXPECT_GE(gmp_text(value.get()).size(), fib_text_min(n));
    }
}

// Additions of the textbook loop and products of one doubling are known exactly.
TEST(FibCounts, AreThoseOfTheory) {
    core_counts counts{};
    Result(*fib_variant_find(FIB_PORTABLE, "iterate64"), 90, FIB_WANT_LIMBS, nullptr, &counts);
    EXPECT_EQ(counts.additions, 90U);
    EXPECT_EQ(counts.multiplications, 0U);
    counts = {};
    // From F(90) in the table to the end by one product of one limb by one.
    Result(*fib_variant_find(FIB_PORTABLE, "fast_doubling"), 180, FIB_WANT_LIMBS, nullptr, &counts);
    EXPECT_EQ(counts.multiplications, 1U);
}

core_counts counts_of(const char* variant, std::uint64_t n) {
    core_counts counts{};
    Result(*fib_variant_find(FIB_PORTABLE, variant), n, FIB_WANT_LIMBS, nullptr, &counts);
    return counts;
}

// Limb products of schoolbook doubling from the sizes that GMP says its numbers have:
// below 11 limbs a square is a product, from there on it saves what lies below the diagonal.
TEST(FibCounts, OfDoublingFollowFromTheSizesOfItsNumbers) {
    for (const std::uint64_t n : {187U, 1000U, 4095U, 20001U, 65536U, 99999U}) {
        unsigned shift = 0;
        while (n >> shift > 91) {
            ++shift;
        }
        Mpz lucas;
        std::uint64_t expected = 2;  // two squares of one limb each
        while (--shift > 1) {
            mpz_lucnum_ui(lucas.get(), (n >> shift) + 1);
            const std::uint64_t len = mpz_size(lucas.get());
            expected += len < 11 ? 2 * len * len : len * (len + 1);
        }
        mpz_lucnum_ui(lucas.get(), n / 2 + 1);
        const std::uint64_t len = mpz_size(lucas.get());
        // and one for each limb that is divided by 5
        EXPECT_EQ(counts_of("fast_doubling", n).multiplications, expected + len + 1 + len * len)
            << "n = " << n;
    }
}

// A step of `times` in the index costs what the recursion costs: Karatsuba 3 products of a
// half, Toom-3 5 of a third, Toom-4 7 of a quarter, schoolbook the square.
TEST(FibCounts, GrowByThePowerOfTheirMethod) {
    struct {
        const char* variant;
        std::uint64_t times;
        double cost;
    } const methods[] = {
        {"fast_doubling", 2, 4}, {"karatsuba", 2, 3}, {"toom3", 3, 5}, {"toom4", 4, 7}};
    for (const auto& method : methods) {
        const std::uint64_t n = 150000;
        const auto small = counts_of(method.variant, n).multiplications;
        const auto large = counts_of(method.variant, n * method.times).multiplications;
        EXPECT_NEAR(static_cast<double>(large) / static_cast<double>(small), method.cost,
                    0.06 * method.cost)
            << method.variant;
    }
    // Additions of growing numbers: n^2 log2(phi) / 128 limbs, less than a limb a step off.
    const double n = 40000;
    EXPECT_NEAR(static_cast<double>(counts_of("bignum_add", 40000).additions),
                n * n * 0.694241913 / 128, n);
}

}  // namespace
