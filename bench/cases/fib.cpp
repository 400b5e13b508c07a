// Fibonacci scaling: every variant in the kernel and the same code in user space,
// from the first index to the hundred thousands. A call computes F(n) in binary
// limbs; in the kernel it is write() of /dev/fibonacci.
#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "bench/case.h"
#include "bench/device.h"
#include "fib_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/fibonacci";

// Two primes below 2^61; the first is the modulus of the device's check value.
constexpr std::uint64_t kPrime = (1ULL << 61) - 1;
constexpr std::uint64_t kOtherPrime = (1ULL << 61) - 31;

std::uint64_t mul_mod(std::uint64_t a, std::uint64_t b, std::uint64_t p) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % p);
}

// What the kernel module chooses on this CPU as well.
fib_isa best_isa() {
    return fib_has_adx() ? FIB_ADX : FIB_PORTABLE;
}

// F(n) mod p by powers of the matrix (1 1; 1 0) = (F(k+1) F(k); F(k) F(k-1)). Shares
// nothing with the code under test.
std::uint64_t fibonacci_mod(std::uint64_t n, std::uint64_t p) {
    struct Matrix {
        std::uint64_t a, b, d;  // symmetric
    };
    const auto product = [p](const Matrix& x, const Matrix& y) {
        const std::uint64_t bb = mul_mod(x.b, y.b, p);
        return Matrix{(mul_mod(x.a, y.a, p) + bb) % p,
                      (mul_mod(x.a, y.b, p) + mul_mod(x.b, y.d, p)) % p,
                      (bb + mul_mod(x.d, y.d, p)) % p};
    };
    Matrix result{1, 0, 1};
    Matrix power{1, 1, 0};
    for (; n != 0; n >>= 1) {
        if ((n & 1) != 0) {
            result = product(result, power);
        }
        power = product(power, power);
    }
    return result.b;
}

// Value of binary limbs modulo p.
std::uint64_t limbs_mod(const std::vector<u64>& limbs, std::size_t count, std::uint64_t p) {
    const std::uint64_t base = (~0ULL % p + 1) % p;
    std::uint64_t sum = 0;
    while (count-- > 0) {
        sum = (mul_mod(sum, base, p) + limbs[count] % p) % p;
    }
    return sum;
}

// Value of decimal text modulo p.
std::uint64_t text_mod(const std::string& text, std::uint64_t p) {
    std::uint64_t sum = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            throw WrongResult(fmt::format("'{}' is no digit", digit));
        }
        sum = (mul_mod(sum, 10, p) + static_cast<std::uint64_t>(digit - '0')) % p;
    }
    return sum;
}

void expect(const std::string& what, std::uint64_t got, std::uint64_t want) {
    if (got != want) {
        throw WrongResult(fmt::format("{} is {} and must be {}", what, got, want));
    }
}

// write() of the device: the kernel's own time around the computation, and the user's
// around the call. The first result of a point is also read back as text.
class InKernel final : public Workload {
  public:
    explicit InKernel(const Point& point)
        : device_(kNode, O_RDWR),
          n_(static_cast<std::uint64_t>(point.number("n"))),
          algorithm_(point.at("algo")),
          variant_(device_.variant(algorithm_)),
          check_(fibonacci_mod(n_, kPrime)) {
        if (algorithm_ != "nop") {
            kmodbench_problem problem{};
            problem.variant = variant_;
            problem.n = n_;
            device_.set(problem);
        }
    }

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        return {"user_start", "returned", "check"};
    }

    void prepare(std::uint64_t, std::uint64_t) override {}

    void run(Sample& sample) override {
        const auto begin = now_ns();
        const auto returned = ::pwrite(device_.fd(), "", variant_, static_cast<off_t>(n_));
        const auto end = now_ns();
        if (returned < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        last_ = device_.last();
        fill(sample, last_);
        sample.user = end - begin;
        sample.extra.assign({begin, returned, static_cast<std::int64_t>(last_.check)});
    }

    void verify() override {
        if (algorithm_ == "nop") {
            return;
        }
        expect(fmt::format("F({}) mod 2^61-1 by {}", n_, algorithm_), last_.check, check_);
        if (!read_back_) {
            read_back();
            read_back_ = true;
        }
    }

  private:
    void read_back() {
        std::string text(fib_text_max(n_), '#');
        const auto length = ::pread(device_.fd(), text.data(), text.size(), static_cast<off_t>(n_));
        if (length < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        text.resize(static_cast<std::size_t>(length));
        expect(fmt::format("text of F({}) mod 2^61-31 by {}", n_, algorithm_),
               text_mod(text, kOtherPrime), fibonacci_mod(n_, kOtherPrime));
    }

    Device device_;
    std::uint64_t n_;
    std::string algorithm_;
    std::uint32_t variant_;
    std::uint64_t check_;
    kmodbench_sample last_{};
    bool read_back_ = false;
};

// The same source as a part of this program.
class InUserSpace final : public Workload {
  public:
    explicit InUserSpace(const Point& point)
        : n_(static_cast<std::uint64_t>(point.number("n"))),
          variant_(fib_variant_find(best_isa(), point.at("algo").c_str())),
          out_(fib_out_limbs(n_)),
          scratch_(variant_->scratch(n_, FIB_WANT_LIMBS) + 1) {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"check"}; }

    // A stale result must not pass for a fresh one.
    void prepare(std::uint64_t, std::uint64_t) override {
        std::fill(out_.begin(), out_.end(), ~0ULL);
        job_ = {};
        job_.n = n_;
        job_.out = out_.data();
        job_.scratch = scratch_.data();
    }

    void run(Sample& sample) override {
        sample.cpu = ::sched_getcpu();
        const auto begin = now_ns();
        const int failed = variant_->compute(&job_);
        const auto end = now_ns();
        sample.cpu_end = ::sched_getcpu();
        if (failed != 0) {
            throw std::system_error(-failed, std::generic_category(),
                                    fmt::format("F({}) by {}", n_, variant_->name));
        }
        sample.start = begin;
        sample.total = sample.user = sample.work = end - begin;
        sample.extra.assign({static_cast<std::int64_t>(fib_check(&job_))});
    }

    void verify() override {
        for (const std::uint64_t p : {kPrime, kOtherPrime}) {
            expect(fmt::format("F({}) by {} modulo {}", n_, variant_->name, p),
                   limbs_mod(out_, job_.len, p), fibonacci_mod(n_, p));
        }
    }

  private:
    std::uint64_t n_;
    const fib_variant* variant_;
    std::vector<u64> out_;
    std::vector<u64> scratch_;
    fib_job job_{};
};

// Indices of a sweep. The slowest variant's share is what a simulated kernel does in seconds.
std::vector<std::uint64_t> indices(Sweep sweep, const fib_variant& variant) {
    static constexpr std::uint64_t kQuick[] = {1, 10, 93, 100, 1000, 10000};
    static constexpr std::uint64_t kFull[] = {1,     2,     5,      10,     20,     50,     93,
                                              100,   200,   500,    1000,   2000,   5000,   10000,
                                              20000, 50000, 100000, 200000, 500000, 1000000};
    const bool quadratic = std::string_view(variant.name) == "bignum_add";
    const std::uint64_t limit = std::min<std::uint64_t>(
        variant.max_n, quadratic ? (sweep == Sweep::quick ? 1000 : 100000) : 1000000);
    std::vector<std::uint64_t> result;
    const auto keep = [&](std::uint64_t n) {
        if (n <= limit) {
            result.push_back(n);
        }
    };
    if (std::string_view(variant.name) == "nop") {
        return {1};
    }
    if (sweep == Sweep::quick) {
        std::for_each(std::begin(kQuick), std::end(kQuick), keep);
    } else {
        std::for_each(std::begin(kFull), std::end(kFull), keep);
    }
    return result;
}

class Fib final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "fib"; }
    [[nodiscard]] std::string_view description() const override {
        return "Fibonacci scaling: F(n) by every variant, in the kernel and in user space";
    }
    [[nodiscard]] std::string_view module() const override { return "fibdrv"; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> result;
        u32 count = 0;
        const fib_variant* variants = fib_variants(best_isa(), &count);
        for (const char* where : {"kernel", "user"}) {
            for (u32 i = 0; i < count; ++i) {
                for (const std::uint64_t n : indices(sweep, variants[i])) {
                    result.push_back(
                        {"fibdrv",
                         "fib",
                         {{"where", where}, {"algo", variants[i].name}, {"n", std::to_string(n)}}});
                }
            }
        }
        std::erase_if(result, [](const Point& point) {
            return point.at("where") == "user" && point.at("algo") == "nop";
        });
        return result;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        if (point.at("where") == "kernel") {
            return std::make_unique<InKernel>(point);
        }
        return std::make_unique<InUserSpace>(point);
    }
};

}  // namespace

std::unique_ptr<Case> make_fib() {
    return std::make_unique<Fib>();
}

}  // namespace kmb::bench
