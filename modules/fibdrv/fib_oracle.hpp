// SPDX-License-Identifier: GPL-2.0-only
// What the tests of the Fibonacci core share: GMP as the oracle, and one call
// that runs a variant in memory of exactly the promised size.
#pragma once

#include <gmp.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fib_core.h"

namespace kmb::fib_test {

// An integer of GMP with an owner.
class Mpz {
  public:
    Mpz() { mpz_init(value_); }
    ~Mpz() { mpz_clear(value_); }
    Mpz(const Mpz&) = delete;
    Mpz& operator=(const Mpz&) = delete;
    mpz_ptr get() { return value_; }

  private:
    mpz_t value_;
};

// Memory with a guard word behind it, to catch writes beyond the promise.
class Guarded {
  public:
    explicit Guarded(std::uint64_t limbs) : words_(limbs + 1, kGuard) {}
    [[nodiscard]] u64* data() { return words_.data(); }
    [[nodiscard]] bool intact() const { return words_.back() == kGuard; }

  private:
    static constexpr u64 kGuard = 0x5aa5c33cdeadbeefULL;
    std::vector<u64> words_;
};

// Text by GMP.
inline std::string gmp_text(mpz_srcptr value) {
    std::string text(mpz_sizeinbase(value, 10) + 2, '\0');
    mpz_get_str(text.data(), 10, value);
    text.resize(text.find('\0'));
    return text;
}

// A finished computation and its memory.
struct Result {
    Result(const fib_variant& variant, std::uint64_t n, fib_want want = FIB_WANT_LIMBS,
           const core_pause* pause = nullptr, core_counts* counts = nullptr)
        : out(fib_out_limbs(n)), scratch(fib_choice(&variant, n, want)->scratch(n, want)) {
        job.n = n;
        job.want = want;
        job.out = out.data();
        job.scratch = scratch.data();
        job.pause = pause;
        job.counts = counts;
        status = fib_choice(&variant, n, want)->compute(&job);
    }

    [[nodiscard]] bool intact() const { return out.intact() && scratch.intact(); }

    [[nodiscard]] std::string text() {
        Guarded text_scratch(fib_text_scratch(job.n, job.radix));
        std::string text(fib_text_max(job.n) + 1, '#');
        const s64 used = fib_text(&job, text.data(), text_scratch.data());
        if (used < 0 || text.back() != '#' || !text_scratch.intact() || !out.intact()) {
            return "error " + std::to_string(used);
        }
        text.resize(static_cast<std::size_t>(used));
        return text;
    }

    [[nodiscard]] bool equals(mpz_srcptr want) {
        if (job.radix == FIB_DECIMAL) {
            return text() == gmp_text(want);
        }
        return job.radix == FIB_BINARY && mpz_size(want) == (is_zero() ? 0 : job.len) &&
               (is_zero() || mpn_cmp(mpz_limbs_read(want), reinterpret_cast<mp_srcptr>(job.out),
                                     static_cast<mp_size_t>(job.len)) == 0);
    }

    Guarded out;
    Guarded scratch;
    fib_job job{};
    int status;

  private:
    [[nodiscard]] bool is_zero() const { return job.len == 1 && job.out[0] == 0; }
};

// Rows of a table.
inline std::span<const fib_variant> rows(fib_isa isa) {
    u32 count = 0;
    const fib_variant* row = fib_variants(isa, &count);
    return {row, count};
}

}  // namespace kmb::fib_test
