// Pseudo-random bytes: read() of /dev/xoro beside the same generators in user space, and
// beside the kernel's own random bytes, which are for secrets and cost accordingly.
#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "bench/case.h"
#include "bench/device.h"
#include "xoro_core.h"

#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/xoro";
constexpr const char* kUrandom = "/dev/urandom";

// What all have in common: a buffer that is empty before each call.
class Bytes : public Workload {
  public:
    explicit Bytes(const Point& point)
        : name_(point.name()), buffer_(static_cast<std::size_t>(point.number("bytes"))) {}

    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        std::fill(buffer_.begin(), buffer_.end(), 0);
        seed_to(seed + rep);
    }

    void run(Sample& sample) override {
        sample.cpu = ::sched_getcpu();
        const auto begin = now_ns();
        const auto returned = call();
        const auto end = now_ns();
        sample.cpu_end = ::sched_getcpu();
        if (returned < 0) {
            throw std::system_error(errno, std::generic_category(), name_);
        }
        returned_ = returned;
        sample.start = begin;
        sample.user = sample.total = end - begin;
        finish(sample, begin);
    }

    void verify() override {
        if (returned_ != static_cast<std::int64_t>(buffer_.size())) {
            wrong(fmt::format("gave {} bytes", returned_));
        }
    }

  protected:
    virtual void seed_to(std::uint64_t) {}
    virtual std::int64_t call() = 0;
    // What else is known of the call.
    virtual void finish(Sample&, std::int64_t) {}

    [[noreturn]] void wrong(const std::string& what) const {
        throw WrongResult(fmt::format("{}: {}", name_, what));
    }
    // The bytes, and the word after them, must be those of the generator.
    void compare(const xoro_variant* variant, std::uint64_t seed, std::uint64_t next) const {
        xoro state{};
        xoro_seed(&state, seed);
        std::vector<std::uint8_t> expected(buffer_.size());
        variant->fill(&state, expected.data(), expected.size());
        if (buffer_ != expected) {
            wrong("other bytes than the generator's");
        }
        const std::uint64_t word = variant->next(&state);
        if (next != word) {
            wrong(fmt::format("the next word is {:#x} and must be {:#x}", next, word));
        }
    }

    std::string name_;
    std::vector<std::uint8_t> buffer_;
    std::int64_t returned_ = 0;
};

const xoro_variant* variant_of(const Point& point) {
    const xoro_variant* variant = xoro_find(point.at("algo").c_str());
    if (variant == nullptr) {
        throw std::invalid_argument(fmt::format("{}: no such generator", point.name()));
    }
    return variant;
}

class FromDevice final : public Bytes {
  public:
    explicit FromDevice(const Point& point)
        : Bytes(point), variant_(variant_of(point)), device_(kNode, O_RDWR) {
        problem_.variant = device_.variant(variant_->name);
    }
    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"user_start"}; }
    void verify() override {
        Bytes::verify();
        compare(variant_, problem_.seed, last_.check);
    }

  private:
    void seed_to(std::uint64_t seed) override {
        problem_.seed = seed;
        device_.set(problem_);
    }
    std::int64_t call() override { return ::read(device_.fd(), buffer_.data(), buffer_.size()); }
    void finish(Sample& sample, std::int64_t begin) override {
        last_ = device_.last();
        fill(sample, last_);
        sample.extra.assign({begin});
    }

    const xoro_variant* variant_;
    Device device_;
    kmodbench_problem problem_{};
    kmodbench_sample last_{};
};

class InUserSpace final : public Bytes {
  public:
    explicit InUserSpace(const Point& point) : Bytes(point), variant_(variant_of(point)) {}
    void verify() override { compare(variant_, seed_, variant_->next(&state_)); }

  private:
    void seed_to(std::uint64_t seed) override {
        seed_ = seed;
        xoro_seed(&state_, seed);
    }
    std::int64_t call() override {
        variant_->fill(&state_, buffer_.data(), buffer_.size());
        return static_cast<std::int64_t>(buffer_.size());
    }
    void finish(Sample& sample, std::int64_t) override { sample.work = sample.total; }

    const xoro_variant* variant_;
    std::uint64_t seed_ = 0;
    xoro state_{};
};

// The kernel's own: what they give nobody can foretell, but a buffer that is still
// empty is wrong.
class KernelsOwn : public Bytes {
  public:
    using Bytes::Bytes;
    void verify() override {
        Bytes::verify();
        if (buffer_.size() >= 8 &&
            std::all_of(buffer_.begin(), buffer_.end(), [](auto byte) { return byte == 0; })) {
            wrong("nothing but zeros");
        }
    }
};

class Urandom final : public KernelsOwn {
  public:
    explicit Urandom(const Point& point) : KernelsOwn(point), fd_(::open(kUrandom, O_RDONLY)) {
        if (fd_ < 0) {
            throw std::system_error(errno, std::generic_category(), kUrandom);
        }
    }
    ~Urandom() override { ::close(fd_); }
    Urandom(const Urandom&) = delete;
    Urandom& operator=(const Urandom&) = delete;

  private:
    std::int64_t call() override { return ::read(fd_, buffer_.data(), buffer_.size()); }
    int fd_;
};

// Without waiting for a kernel that has just booted; the work is the same.
class Getrandom final : public KernelsOwn {
  public:
    using KernelsOwn::KernelsOwn;

  private:
    std::int64_t call() override {
        return ::getrandom(buffer_.data(), buffer_.size(), GRND_INSECURE);
    }
};

template <typename Kind>
std::unique_ptr<Workload> make(const Point& point) {
    return std::make_unique<Kind>(point);
}

struct Source {
    const char* where;
    const char* algo;  // nullptr: every row of the generators' table
    std::unique_ptr<Workload> (*open)(const Point& point);
};

// The kernel's own before the generators: a name is looked for from the first row on.
constexpr Source kSources[] = {
    {"kernel", "getrandom", make<Getrandom>},
    {"kernel", "urandom", make<Urandom>},
    {"kernel", nullptr, make<FromDevice>},
    {"user", nullptr, make<InUserSpace>},
};

class XoroCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "xoro"; }
    [[nodiscard]] std::string_view description() const override {
        return "pseudo-random bytes: /dev/xoro, /dev/urandom, getrandom() and user space";
    }
    [[nodiscard]] std::string_view module() const override { return "xoro"; }
    [[nodiscard]] std::string_view node() const override { return kNode; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> all;
        const auto add = [&](const Source& source, const char* algo) {
            for (const auto bytes : sizes(sweep)) {
                all.push_back(
                    {"xoro",
                     "read",
                     {{"where", source.where}, {"algo", algo}, {"bytes", std::to_string(bytes)}}});
            }
        };
        for (const Source& source : kSources) {
            if (source.algo != nullptr) {
                add(source, source.algo);
                continue;
            }
            for (unsigned i = 0; i < xoro_variant_count; ++i) {
                add(source, xoro_variants[i].name);
            }
        }
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        for (const Source& source : kSources) {
            if (point.at("where") == source.where &&
                (source.algo == nullptr || point.at("algo") == source.algo)) {
                return source.open(point);
            }
        }
        throw std::invalid_argument(fmt::format("{}: where is kernel or user", point.name()));
    }

  private:
    static std::vector<std::int64_t> sizes(Sweep sweep) {
        if (sweep == Sweep::quick) {
            return {8, 256, 4096, 65536};
        }
        return {8, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
    }
};

}  // namespace

std::unique_ptr<Case> make_xoro() {
    return std::make_unique<XoroCase>();
}

}  // namespace kmb::bench
