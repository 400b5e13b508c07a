// SPDX-License-Identifier: GPL-2.0-only
// A test for each variant that computes, with each instruction set that this CPU has.
#pragma once

#include <gtest/gtest.h>

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
    for (const fib_isa isa : {FIB_PORTABLE, FIB_ADX}) {
        if (isa == FIB_ADX && !fib_has_adx()) {
            continue;
        }
        for (const fib_variant& variant : rows(isa)) {
            if (std::string(variant.name) != "nop") {
                result.push_back({isa, variant});
            }
        }
    }
    return result;
}

inline std::string name_of(const testing::TestParamInfo<Row>& row) {
    return std::string(row.param.variant.name) + (row.param.isa == FIB_ADX ? "_adx" : "");
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

    Mpz want_;
};

}  // namespace kmb::fib_test
