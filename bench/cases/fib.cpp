// Fibonacci scaling: every variant in the kernel and the same code in user space,
// from the first index to the hundred thousands. A call computes F(n) in binary
// limbs; in the kernel it is write() of /dev/fibonacci. Where two variants may change
// places, indices lie closer. The operation "text" has decimal text at its end, read() in
// the kernel, with making it as the phase copy_out; "read" is the same by the bytes of the
// result; "fresh" takes the memory inside the clock, as the phase copy_in.
#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <string>
#include <system_error>
#include <vector>

#include "bench/case.h"
#include "bench/device.h"
#include "fib_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/fibonacci";
// Operations.
constexpr const char* kText = "text";    // decimal text at its end
constexpr const char* kRead = "read";    // the same, by the bytes of the result
constexpr const char* kFresh = "fresh";  // memory taken inside the clock

// FIB_RUN_TEXT and FIB_RUN_FRESH of the module.
constexpr std::uint32_t kTextPattern = 1;
constexpr std::uint32_t kFreshPattern = 3;

// Two primes below 2^61; the first is the modulus of the device's check value.
constexpr std::uint64_t kPrime = (1ULL << 61) - 1;
constexpr std::uint64_t kOtherPrime = (1ULL << 61) - 31;

std::uint64_t mul_mod(std::uint64_t a, std::uint64_t b, std::uint64_t p) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % p);
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

// Value of limbs modulo p.
std::uint64_t limbs_mod(const std::vector<u64>& limbs, std::size_t count, fib_radix radix,
                        std::uint64_t p) {
    const std::uint64_t base = radix == FIB_DECIMAL ? FIB_DECIMAL_BASE % p : (~0ULL % p + 1) % p;
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

// The smallest index whose value has so many digits.
std::uint64_t index_of_digits(std::uint64_t digits) {
    const long double phi = (1 + std::sqrt(5.0L)) / 2;
    const auto n = (static_cast<long double>(digits - 1) + std::log10(5.0L) / 2) / std::log10(phi);
    return digits < 2 ? 1 : static_cast<std::uint64_t>(std::ceil(n));
}

std::uint64_t index_of(const Point& point) {
    return point.operation == kRead
               ? index_of_digits(static_cast<std::uint64_t>(point.number("bytes")))
               : static_cast<std::uint64_t>(point.number("n"));
}

// write() of the device: the kernel's own time around the computation, and the user's
// around the call. The first result of a point is also read back as text.
// Of a text point it is pread() instead: work is the computation, copy_out the text.
class InKernel final : public Workload {
  public:
    explicit InKernel(const Point& point)
        : device_(kNode, O_RDWR),
          text_(point.operation != "fib"),
          n_(index_of(point)),
          algorithm_(point.operation == kRead ? "auto" : point.at("algo")),
          variant_(device_.variant(algorithm_)),
          check_(fibonacci_mod(n_, kPrime)) {
        if (algorithm_ != "nop") {
            kmodbench_problem problem{};
            problem.variant = variant_;
            problem.n = n_;
            problem.pattern = text_ ? kTextPattern : 0;  // no call is to find memory missing
            device_.set(problem);
        }
        buffer_.resize(fib_text_max(n_));
    }

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        return {"user_start", "returned", "check"};
    }

    void prepare(std::uint64_t, std::uint64_t) override {}

    void run(Sample& sample) override {
        const auto begin = now_ns();
        const auto returned =
            text_ ? ::pread(device_.fd(), buffer_.data(), buffer_.size(), static_cast<off_t>(n_))
                  : ::pwrite(device_.fd(), "", variant_, static_cast<off_t>(n_));
        const auto end = now_ns();
        if (returned < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        returned_ = returned;
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
        if (text_) {
            expect_text(static_cast<std::size_t>(returned_));
        } else if (!read_back_) {
            read_back();
            read_back_ = true;
        }
    }

  private:
    void read_back() {
        const auto length =
            ::pread(device_.fd(), buffer_.data(), buffer_.size(), static_cast<off_t>(n_));
        if (length < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        expect_text(static_cast<std::size_t>(length));
    }

    void expect_text(std::size_t length) {
        expect(fmt::format("text of F({}) mod 2^61-31 by {}", n_, algorithm_),
               text_mod(buffer_.substr(0, length), kOtherPrime), fibonacci_mod(n_, kOtherPrime));
    }

    Device device_;
    bool text_;
    std::string buffer_;
    std::uint64_t n_;
    std::string algorithm_;
    std::uint32_t variant_;
    std::uint64_t check_;
    kmodbench_sample last_{};
    std::int64_t returned_ = 0;
    bool read_back_ = false;
};

// KMODBENCH_RUN on a file without memory of its own: the user's time around it would also
// be that of giving the memory back and of the check.
class OnFreshMemory final : public Workload {
  public:
    explicit OnFreshMemory(const Point& point)
        : device_(kNode, O_RDWR), n_(index_of(point)), check_(fibonacci_mod(n_, kPrime)) {
        kmodbench_problem problem{};
        problem.variant = device_.variant(point.at("algo"));
        problem.n = n_;
        problem.pattern = kFreshPattern;
        device_.set(problem);
    }

    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"check"}; }

    void prepare(std::uint64_t, std::uint64_t) override {}

    void run(Sample& sample) override {
        last_ = device_.run(1).front();
        fill(sample, last_);
        sample.extra.assign({static_cast<std::int64_t>(last_.check)});
    }

    void verify() override { expect(fmt::format("F({}) mod 2^61-1", n_), last_.check, check_); }

  private:
    Device device_;
    std::uint64_t n_;
    std::uint64_t check_;
    kmodbench_sample last_{};
};

// The same source as a part of this program.
class InUserSpace final : public Workload {
  public:
    explicit InUserSpace(const Point& point)
        : n_(static_cast<std::uint64_t>(point.number("n"))),
          want_(point.operation == kText ? FIB_WANT_TEXT : FIB_WANT_LIMBS),
          // the instruction set is what the kernel module chooses on this CPU as well
          variant_(
              fib_choice(fib_variant_find(fib_best_isa(), point.at("algo").c_str()), n_, want_)),
          out_(fib_out_limbs(n_)),
          scratch_(std::max({variant_->scratch(n_, want_), fib_text_scratch(n_, FIB_BINARY),
                             fib_text_scratch(n_, FIB_DECIMAL)}) +
                   1),
          text_(fib_text_max(n_), '#') {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"check"}; }

    // A stale result must not pass for a fresh one.
    void prepare(std::uint64_t, std::uint64_t) override {
        std::fill(out_.begin(), out_.end(), ~0ULL);
        std::fill(text_.begin(), text_.end(), '#');
        length_ = 0;
        job_ = {};
        job_.n = n_;
        job_.want = want_;
        job_.out = out_.data();
        job_.scratch = scratch_.data();
    }

    void run(Sample& sample) override {
        sample.cpu = ::sched_getcpu();
        const auto begin = now_ns();
        const int failed = variant_->compute(&job_);
        const auto computed = now_ns();
        if (failed == 0 && want_ == FIB_WANT_TEXT) {
            length_ = fib_text(&job_, text_.data(), scratch_.data());
        }
        const auto end = now_ns();
        sample.cpu_end = ::sched_getcpu();
        if (failed != 0) {
            throw std::system_error(-failed, std::generic_category(),
                                    fmt::format("F({}) by {}", n_, variant_->name));
        }
        sample.start = begin;
        sample.total = sample.user = end - begin;
        sample.work = want_ == FIB_WANT_TEXT ? computed - begin : end - begin;
        if (want_ == FIB_WANT_TEXT) {
            sample.copy_out = end - computed;
        }
        sample.extra.assign({static_cast<std::int64_t>(fib_check(&job_))});
    }

    void verify() override {
        for (const std::uint64_t p : {kPrime, kOtherPrime}) {
            if (want_ == FIB_WANT_TEXT) {
                expect(fmt::format("text of F({}) by {} modulo {}", n_, variant_->name, p),
                       text_mod(text_.substr(0, static_cast<std::size_t>(length_)), p),
                       fibonacci_mod(n_, p));
                continue;
            }
            expect(fmt::format("F({}) by {} modulo {}", n_, variant_->name, p),
                   limbs_mod(out_, job_.len, job_.radix, p), fibonacci_mod(n_, p));
        }
    }

  private:
    std::uint64_t n_;
    fib_want want_;
    const fib_variant* variant_;
    std::vector<u64> out_;
    std::vector<u64> scratch_;
    std::string text_;
    s64 length_ = 0;
    fib_job job_{};
};

// Indices of a sweep up to a limit.
std::vector<std::uint64_t> indices(Sweep sweep, std::uint64_t limit) {
    static constexpr std::uint64_t kQuick[] = {1, 10, 93, 100, 1000, 10000};
    static constexpr std::uint64_t kFull[] = {1,     2,     5,      10,     20,     50,     93,
                                              100,   200,   500,    1000,   2000,   5000,   10000,
                                              20000, 50000, 100000, 200000, 500000, 1000000};
    std::vector<std::uint64_t> result(
        sweep == Sweep::quick ? std::begin(kQuick) : std::begin(kFull),
        sweep == Sweep::quick ? std::end(kQuick) : std::end(kFull));
    std::erase_if(result, [limit](std::uint64_t n) { return n > limit; });
    return result;
}

// Between which indices two variants change places, by what either engine needs; on what
// CPU and by what measure they do so is for the measurement to say.
struct Meeting {
    const char* operation;
    const char* first;
    const char* second;
    std::vector<std::uint64_t> indices;
};

const std::vector<Meeting>& meetings() {
    static const std::vector<Meeting> all = {
        {"fib", "bignum_add", "fast_doubling", {3, 4, 6, 7, 8}},
        {"fib", "fast_doubling", "karatsuba", {3000, 3500, 4000, 4500, 6000, 7000, 8000}},
        {"fib", "karatsuba", "toom3", {25000, 30000, 35000, 40000, 45000, 60000}},
        {"fib", "toom3", "toom4", {60000, 70000, 80000, 120000, 150000}},
        {"fib", "toom4", "ntt", {250000, 300000, 350000, 400000}},
        {kText, "decimal", "ntt", {300, 400, 600, 700, 800}},
    };
    return all;
}

// Indices of a sweep up to a limit, closer where the variant meets another one.
std::vector<std::uint64_t> indices(Sweep sweep, std::string_view operation,
                                   std::string_view variant, std::uint64_t limit) {
    std::vector<std::uint64_t> result = indices(sweep, limit);
    if (sweep == Sweep::full) {
        for (const Meeting& one : meetings()) {
            if (operation == one.operation && (variant == one.first || variant == one.second)) {
                result.insert(result.end(), one.indices.begin(), one.indices.end());
            }
        }
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

// The largest index of a variant: the slowest one's is what a simulated kernel does in seconds.
std::uint64_t limit_of(Sweep sweep, std::string_view variant, std::uint64_t max_n) {
    const bool quadratic = variant == "bignum_add";
    const std::uint64_t limit = quadratic ? (sweep == Sweep::quick ? 1000 : 100000) : 1000000;
    return variant == "nop" ? 1 : std::min(max_n, limit);
}

class Fib final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "fib"; }
    [[nodiscard]] std::string_view description() const override {
        return "Fibonacci scaling: F(n) by every variant, in the kernel and in user space; as "
               "text, by "
               "size of the result, with memory taken each time";
    }
    [[nodiscard]] std::string_view module() const override { return "fibdrv"; }
    [[nodiscard]] std::string_view node() const override { return kNode; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> result;
        const auto add = [&](const char* operation, const char* where, const char* variant,
                             std::uint64_t max_n) {
            for (const std::uint64_t n :
                 indices(sweep, operation, variant, limit_of(sweep, variant, max_n))) {
                result.push_back({"fibdrv",
                                  operation,
                                  {{"where", where}, {"algo", variant}, {"n", std::to_string(n)}}});
            }
        };
        u32 count = 0;
        const fib_variant* variants = fib_variants(fib_best_isa(), &count);
        for (u32 i = 0; i < count; ++i) {
            add("fib", "kernel", variants[i].name, variants[i].max_n);
        }
        add("fib", "kernel", "mpi", 1000000);  // of the kernel's lib/mpi
        for (u32 i = 0; i + 1 < count; ++i) {  // nop, the last one, is the kernel's alone
            add("fib", "user", variants[i].name, variants[i].max_n);
        }
        for (const char* where : {"kernel", "user"}) {
            for (const char* variant : {"auto", "decimal", "ntt"}) {
                add(kText, where, variant, FIB_MAX_N);
            }
        }
        add_memory_and_size(sweep, result);
        return result;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        if (point.operation == kFresh) {
            return std::make_unique<OnFreshMemory>(point);
        }
        if (point.operation == kRead || point.at("where") == "kernel") {
            return std::make_unique<InKernel>(point);
        }
        return std::make_unique<InUserSpace>(point);
    }

  private:
    static void add_memory_and_size(Sweep sweep, std::vector<Point>& result) {
        const std::uint64_t most = sweep == Sweep::quick ? 1000 : 1000000;
        for (const char* variant : {"auto", "mpi"}) {
            for (std::uint64_t n = 100; n <= most; n *= 10) {
                result.push_back({"fibdrv", kFresh, {{"algo", variant}, {"n", std::to_string(n)}}});
            }
        }
        for (std::uint64_t bytes = 1; bytes <= most / 5; bytes *= bytes < 1000 ? 10 : 2) {
            result.push_back({"fibdrv", kRead, {{"bytes", std::to_string(bytes)}}});
        }
    }
};

}  // namespace

std::unique_ptr<Case> make_fib() {
    return std::make_unique<Fib>();
}

}  // namespace kmb::bench
