// User-kernel copy overhead: read() and write() of hello, from one byte to many
// megabytes, as the caller sees them and as the kernel does, on one clock.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "bench/case.h"
#include "bench/device.h"
#include "core_check.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/hello";

// Pages that are there before they are measured: a first touch costs more than the copy.
class Pages {
  public:
    explicit Pages(std::size_t bytes)
        : bytes_(bytes),
          at_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)) {
        if (at_ == MAP_FAILED) {
            throw std::system_error(errno, std::generic_category(),
                                    fmt::format("no memory for a buffer of {} bytes", bytes));
        }
    }
    ~Pages() { ::munmap(at_, bytes_); }
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    [[nodiscard]] std::uint8_t* data() const { return static_cast<std::uint8_t*>(at_); }
    [[nodiscard]] std::size_t size() const { return bytes_; }

  private:
    std::size_t bytes_;
    void* at_;
};

void fill_pattern(std::uint8_t* at, std::size_t bytes, std::uint64_t seed) {
    for (std::size_t i = 0; i * 8 < bytes; ++i) {
        const std::uint64_t word = core_pattern(seed, i);
        std::memcpy(at + i * 8, &word, std::min<std::size_t>(8, bytes - i * 8));
    }
}

// What both directions share: the device, the buffer, and what a call leaves behind.
class Copy : public Workload {
  public:
    explicit Copy(const Point& point)
        : device_(kNode, O_RDWR),
          bytes_(static_cast<std::size_t>(point.number("bytes"))),
          buffer_(bytes_) {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        return {"user_start", "returned"};
    }

    void run(Sample& sample) override {
        const auto begin = now_ns();
        const auto returned = call();
        const auto end = now_ns();
        if (returned < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        last_ = device_.last();
        fill(sample, last_);
        sample.user = end - begin;
        sample.extra.assign({begin, returned});
        returned_ = returned;
    }

  protected:
    virtual std::int64_t call() = 0;

    // Makes the device's buffers and pattern ready for this size and seed.
    void set(std::uint64_t seed) {
        if (ready_ && seed == seed_) {
            return;
        }
        kmodbench_problem problem{};
        problem.variant = device_.variant("copy");
        problem.n = bytes_;
        problem.seed = seed;
        device_.set(problem);
        seed_ = seed;
        ready_ = true;
    }

    void wrong(const std::string& what) const {
        throw WrongResult(fmt::format("{} of {} bytes: {}", kNode, bytes_, what));
    }

    Device device_;
    std::size_t bytes_;
    Pages buffer_;
    kmodbench_sample last_{};
    std::int64_t returned_ = 0;

  private:
    std::uint64_t seed_ = 0;
    bool ready_ = false;
};

class CopyOut final : public Copy {
  public:
    explicit CopyOut(const Point& point) : Copy(point), expected_(bytes_) {}

    // A stale copy must not pass for a fresh one.
    void prepare(std::uint64_t seed, std::uint64_t) override {
        set(seed);
        if (!filled_) {
            fill_pattern(expected_.data(), bytes_, seed);
            filled_ = true;
        }
        std::memset(buffer_.data(), 0, bytes_);
    }

    void verify() override {
        if (returned_ != static_cast<std::int64_t>(bytes_)) {
            wrong(fmt::format("read returned {}", returned_));
        }
        if (std::memcmp(buffer_.data(), expected_.data(), bytes_) != 0) {
            wrong("read other bytes than the device's pattern");
        }
    }

  private:
    std::int64_t call() override { return ::read(device_.fd(), buffer_.data(), bytes_); }
    Pages expected_;
    bool filled_ = false;
};

class CopyIn final : public Copy {
  public:
    using Copy::Copy;

    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        set(seed);
        fill_pattern(buffer_.data(), bytes_, seed ^ rep);
    }

    void verify() override {
        if (returned_ < 1) {
            wrong(fmt::format("write returned {} instead of a time", returned_));
        }
        if (last_.check != core_check(buffer_.data(), bytes_)) {
            wrong("the device received other bytes than were written");
        }
    }

  private:
    std::int64_t call() override { return ::write(device_.fd(), buffer_.data(), bytes_); }
};

class CopyCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "copy"; }
    [[nodiscard]] std::string_view description() const override {
        return "user-kernel copy overhead";
    }
    [[nodiscard]] std::string_view module() const override { return "hello"; }
    [[nodiscard]] std::string_view node() const override { return kNode; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> all;
        for (const char* operation : {"read", "write"}) {
            for (const auto bytes : sizes(sweep)) {
                all.push_back({"hello", operation, {{"bytes", std::to_string(bytes)}}});
            }
        }
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        if (point.operation == "read") {
            return std::make_unique<CopyOut>(point);
        }
        return std::make_unique<CopyIn>(point);
    }

  private:
    // Powers of two; in a full sweep the steps between also show cache and page borders.
    static std::vector<std::int64_t> sizes(Sweep sweep) {
        if (sweep == Sweep::quick) {
            return {1, 64, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304};
        }
        std::vector<std::int64_t> all{1, 8, 64, 256};
        for (std::int64_t bytes = 512; bytes <= std::int64_t{16} << 20; bytes *= 2) {
            all.push_back(bytes);
            if (bytes >= 4096 && bytes < std::int64_t{1} << 20) {
                all.push_back(bytes + bytes / 2);
            }
        }
        return all;
    }
};

}  // namespace

std::unique_ptr<Case> make_copy() {
    return std::make_unique<CopyCase>();
}

}  // namespace kmb::bench
