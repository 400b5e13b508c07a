// SPDX-License-Identifier: GPL-2.0-only
// A test for each variant that computes, with each instruction set that this CPU has.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "fib_oracle.hpp"

namespace kmb::fib_test {

constexpr std::uint64_t kM61 = (1ULL << 61) - 1;

struct Row {
    fib_isa isa;
    fib_variant variant;
};

inline void PrintTo(const Row& row, std::ostream* out) {
    *out << row.variant.name;
}

inline std::vector<Row> computing_rows() {
    std::vector<Row> result;
    for (const fib_isa isa : {FIB_PORTABLE, FIB_ADX, FIB_FMA}) {
        if ((isa == FIB_ADX && !fib_has_adx()) || (isa == FIB_FMA && !fib_has_fma())) {
            continue;
        }
        for (const fib_variant& variant : rows(isa)) {
            const std::string name = variant.name;
            // of the third table two rows are not those of the second
            if (name != "nop" && (isa != FIB_FMA || name == "auto" || name == "fma")) {
                result.push_back({isa, variant});
            }
        }
    }
    return result;
}

inline std::string name_of(const testing::TestParamInfo<Row>& row) {
    return std::string(row.param.variant.name) + std::array{"", "_adx", "_fma"}[row.param.isa];
}

class FibVariant : public testing::TestWithParam<Row> {
  protected:
    const fib_variant& variant() const { return GetParam().variant; }
    bool is(const std::string& name) const { return name == variant().name; }

    void expect_equal(std::uint64_t n) {
        mpz_fib_ui(want_.get(), n);
        Result got(variant(), n);
        ASSERT_EQ(got.status, 0) << "n = " << n;
        ASSERT_TRUE(got.intact()) << "wrote beyond its memory, n = " << n;
        ASSERT_TRUE(got.equals(want_.get())) << "wrong value, n = " << n;
        ASSERT_EQ(fib_check(&got.job), mpz_fdiv_ui(want_.get(), kM61)) << "n = " << n;
    }

    void expect_text(std::uint64_t n) {
        mpz_fib_ui(want_.get(), n);
        Result got(variant(), n, FIB_WANT_TEXT);
        ASSERT_EQ(got.status, 0) << "n = " << n;
        ASSERT_TRUE(got.intact()) << "wrote beyond its memory, n = " << n;
        ASSERT_EQ(fib_check(&got.job), mpz_fdiv_ui(want_.get(), kM61)) << "n = " << n;
        const std::string text = got.text();
        ASSERT_EQ(text, gmp_text(want_.get())) << "n = " << n;
        ASSERT_EQ(got.text(), text) << "the result did not survive, n = " << n;
        ASSERT_EQ(fib_text_check(text.data(), text.size()), mpz_fdiv_ui(want_.get(), kM61));
    }

    // F(2k) = F(k) (F(k + 1) + F(k - 1)), and gcd(F(m), F(n)) = F(gcd(m, n)), at random up to limit.
    void expect_properties(std::uint64_t seed, int times, std::uint64_t limit) {
        std::mt19937_64 random(seed);
        const auto value = [&](std::uint64_t n, mpz_ptr into) {
            Result got(variant(), n, FIB_WANT_TEXT);
            mpz_set_str(into, got.text().c_str(), 10);
        };
        Mpz a, b, c, d;
        for (int i = 0; i < times; ++i) {
            const std::uint64_t k = 1 + random() % (limit / 2);
            value(k - 1, a.get());
            value(k + 1, b.get());
            value(k, c.get());
            value(2 * k, d.get());
            mpz_add(a.get(), a.get(), b.get());
            mpz_mul(a.get(), a.get(), c.get());
            EXPECT_EQ(mpz_cmp(a.get(), d.get()), 0) << "k = " << k;
            const std::uint64_t m = 1 + random() % limit;
            value(m, a.get());
            mpz_gcd(a.get(), a.get(), d.get());
            value(std::gcd(m, 2 * k), b.get());
            EXPECT_EQ(mpz_cmp(a.get(), b.get()), 0) << "m = " << m << ", n = " << 2 * k;
        }
    }

    Mpz want_;
};

}  // namespace kmb::fib_test
