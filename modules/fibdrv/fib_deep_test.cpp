// SPDX-License-Identifier: GPL-2.0-only
// Every variant against GMP as far as it goes: all indices up to 20 000, 2 000 random ones
// up to 2 000 000, ten million. Takes the better part of an hour: `make test-slow`.
#include <cmath>
#include <random>
#include <set>

#include "fib_variant_test.hpp"

using namespace kmb::fib_test;

namespace {

constexpr std::uint64_t kRandomUpTo = 2000000;
constexpr std::uint64_t kFar = 10000000;

TEST_P(FibVariant, IsExactForEveryIndexUpTo20000) {
    for (std::uint64_t n = 0; n <= std::min<std::uint64_t>(20000, variant().max_n); ++n) {
        ASSERT_NO_FATAL_FAILURE(expect_equal(n));
    }
}

// Text is made of the limbs, whoever computed them: 2 000 of it for the two ways to make it.
TEST_P(FibVariant, IsExactFor2000RandomIndicesUpTo2000000) {
    if (is("bignum_add")) {
        GTEST_SKIP() << "one pass sees them all, below; each on its own would be two hours";
    }
    std::mt19937_64 random(20261127);
    const std::uint64_t limit = std::min(variant().max_n, kRandomUpTo);
    const bool text = is("auto") || is("ntt");
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t n = random() % (limit + 1);
        ASSERT_NO_FATAL_FAILURE(expect_equal(n));
        if (text || i % 200 == 0) {
            ASSERT_NO_FATAL_FAILURE(expect_text(n));
        }
    }
}

TEST_P(FibVariant, IsExactForTenMillion) {
    if (is("bignum_add")) {
        GTEST_SKIP() << "at the end of that pass";
    }
    if (variant().max_n >= kFar) {
        ASSERT_NO_FATAL_FAILURE(expect_equal(kFar));
        ASSERT_NO_FATAL_FAILURE(expect_text(kFar));
    }
}

// What fib_bignum_add() holds when it breathes: F(i) in out and F(i + 1) in scratch.
class Pass {
  public:
    Pass(fib_job& job, std::set<std::uint64_t> wanted) : job_(job), wanted_(std::move(wanted)) {}

    void look() {
        while (job_.scratch[len_] != 0) {
            ++len_;
        }
        if (wanted_.empty()) {
            return;
        }
        mpz_t low, high;
        mpz_roinit_n(low, reinterpret_cast<mp_srcptr>(job_.out), static_cast<mp_size_t>(len_));
        mpz_roinit_n(high, reinterpret_cast<mp_srcptr>(job_.scratch),
                     static_cast<mp_size_t>(len_));
        // log2 F(i) = i log2(phi) - log2(sqrt 5)
        long exponent = 0;
        const double mantissa = mpz_get_d_2exp(&exponent, high);
        const double log = static_cast<double>(exponent) + std::log2(mantissa);
        const auto next = static_cast<std::uint64_t>(
            std::llround((log + std::log2(5.0) / 2) / 0.69424191363061730173879));
        if (next < *wanted_.begin()) {
            return;
        }
        wanted_.erase(wanted_.begin(), wanted_.upper_bound(next));
        Mpz want, want_low;
        mpz_fib2_ui(want.get(), want_low.get(), next);
        ASSERT_EQ(mpz_cmp(high, want.get()), 0) << "n = " << next;
        ASSERT_EQ(mpz_cmp(low, want_low.get()), 0) << "n = " << next - 1;
        seen += 2;
    }

    int seen = 0;

  private:
    fib_job& job_;
    std::set<std::uint64_t> wanted_;
    std::size_t len_ = 0;
};

TEST_P(FibVariant, AddsItsWayThroughRandomIndicesToTenMillion) {
    if (!is("bignum_add")) {
        GTEST_SKIP() << "not by additions";
    }
    std::vector<u64> out(fib_out_limbs(kFar));
    std::vector<u64> scratch(variant().scratch(kFar, FIB_WANT_LIMBS));
    fib_job job{};
    job.n = kFar;
    job.out = out.data();
    job.scratch = scratch.data();
    std::mt19937_64 random(20261127);
    std::set<std::uint64_t> wanted;
    while (wanted.size() < 2000) {
        wanted.insert(random() % (kRandomUpTo + 1));
    }
    Pass pass(job, wanted);
    const core_pause pause{[](void* arg) {
                               static_cast<Pass*>(arg)->look();
                               return testing::Test::HasFatalFailure();
                           },
                           &pass};
    job.pause = &pause;
    ASSERT_EQ(variant().compute(&job), 0);
    // Where numbers are short a breath passes by several wanted ones; two are looked at.
    EXPECT_GE(pass.seen, 2000);
    mpz_fib_ui(want_.get(), kFar);
    ASSERT_EQ(job.len, mpz_size(want_.get()));
    EXPECT_EQ(mpn_cmp(mpz_limbs_read(want_.get()), reinterpret_cast<mp_srcptr>(job.out),
                      static_cast<mp_size_t>(job.len)),
              0);
    for (int i = 0; i < 10; ++i) {
        ASSERT_NO_FATAL_FAILURE(expect_equal(random() % (kRandomUpTo + 1)));
    }
}

TEST_P(FibVariant, HasThePropertiesOfFibonacciNumbersAtLength) {
    if (is("bignum_add") || variant().max_n < kRandomUpTo) {
        return;
    }
    expect_properties(23, 20, kRandomUpTo);
}

INSTANTIATE_TEST_SUITE_P(Each, FibVariant, testing::ValuesIn(computing_rows()), name_of);

}  // namespace
