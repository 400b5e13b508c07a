// Sort algorithms: every variant on many patterns and sizes, in the kernel through
// read() of /dev/sort, and the same code in user space.
#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "bench/case.h"
#include "bench/device.h"
#include "sort_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";

// Variants that only the kernel has; the others stand in the core's table.
constexpr const char* kKernelOnly[] = {"kernel_list_sort", "kernel_sort"};

template <std::size_t N>
unsigned index_of(const char* const (&names)[N], const std::string& name, const Point& point) {
    const auto at = std::find(std::begin(names), std::end(names), name);
    if (at == std::end(names)) {
        throw std::invalid_argument(fmt::format("{}: no such name: {}", point.name(), name));
    }
    return static_cast<unsigned>(at - std::begin(names));
}

// An array that is another one in every repetition, and what it must become.
class Input {
  public:
    explicit Input(const Point& point)
        : name_(point.name()),
          type_(static_cast<sort_type>(index_of(sort_type_names, point.at("type"), point))),
          pattern_(
              static_cast<sort_pattern>(index_of(sort_pattern_names, point.at("pattern"), point))),
          n_(static_cast<std::size_t>(point.number("n"))),
          bytes_(n_ * sort_type_size(type_)),
          words_((bytes_ + 7) / 8) {}

    void fill(std::uint64_t seed, std::uint64_t rep) {
        sort_fill(data(), n_, type_, pattern_, seed + rep);
        expected_ = sort_check(data(), n_, type_) | 1;
    }

    // Ascending, and the same elements as before.
    void verify() const {
        const std::uint64_t check = sort_check(words_.data(), n_, type_);
        if ((check & 1) == 0) {
            throw WrongResult(fmt::format("{}: the result is not sorted", name_));
        }
        if (check != expected_) {
            throw WrongResult(fmt::format("{}: the result has other elements", name_));
        }
    }

    [[nodiscard]] void* data() { return words_.data(); }
    [[nodiscard]] std::size_t n() const { return n_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] sort_type type() const { return type_; }
    [[nodiscard]] std::uint64_t expected() const { return expected_; }
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
    sort_type type_;
    sort_pattern pattern_;
    std::size_t n_;
    std::size_t bytes_;
    std::vector<std::uint64_t> words_;
    std::uint64_t expected_ = 0;
};

// read() of the device sorts the caller's array in place.
class InKernel final : public Workload {
  public:
    explicit InKernel(const Point& point)
        : input_(point), device_(kNode, O_RDWR), idle_(point.at("algo") == "nop") {
        kmodbench_problem problem{};
        problem.variant = device_.variant(point.at("algo"));
        problem.type = input_.type();
        problem.n = input_.n();  // takes the memory for that many now
        device_.set(problem);
    }

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        return {"user_start", "returned", "check"};
    }

    void prepare(std::uint64_t seed, std::uint64_t rep) override { input_.fill(seed, rep); }

    void run(Sample& sample) override {
        const auto begin = now_ns();
        returned_ = ::read(device_.fd(), input_.data(), input_.bytes());
        const auto end = now_ns();
        if (returned_ < 0) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        last_ = device_.last();
        fill(sample, last_);
        sample.user = end - begin;
        sample.extra.assign({begin, returned_, static_cast<std::int64_t>(last_.check)});
    }

    void verify() override {
        if (idle_) {
            return;
        }
        if (returned_ != static_cast<std::int64_t>(input_.bytes())) {
            throw WrongResult(fmt::format("{}: read returned {}", input_.name(), returned_));
        }
        input_.verify();
        if (last_.check != input_.expected()) {
            throw WrongResult(fmt::format("{}: the sample's check value is {:#x} and must be {:#x}",
                                          input_.name(), last_.check, input_.expected()));
        }
    }

  private:
    Input input_;
    Device device_;
    bool idle_;
    std::int64_t returned_ = 0;
    kmodbench_sample last_{};
};

// The same source as a part of this program.
class InUserSpace final : public Workload {
  public:
    explicit InUserSpace(const Point& point)
        : input_(point), variant_(sort_find(point.at("algo").c_str())) {
        if (variant_ == nullptr) {
            throw std::invalid_argument(
                fmt::format("{}: no such variant in user space", point.name()));
        }
        scratch_.resize(sort_scratch(variant_, input_.n(), input_.type()) / 8 + 1);
        job_ = {input_.data(), scratch_.data(), input_.n(), input_.type(), nullptr, {}, nullptr, nullptr};
    }

    void prepare(std::uint64_t seed, std::uint64_t rep) override { input_.fill(seed, rep); }

    void run(Sample& sample) override {
        sample.cpu = ::sched_getcpu();
        const auto begin = now_ns();
        const int failed = sort_run(variant_, &job_);
        const auto end = now_ns();
        sample.cpu_end = ::sched_getcpu();
        if (failed != 0) {
            throw std::system_error(-failed, std::generic_category(), input_.name());
        }
        sample.start = begin;
        sample.total = sample.user = sample.work = end - begin;
    }

    void verify() override { input_.verify(); }

  private:
    Input input_;
    const sort_variant* variant_;
    std::vector<std::uint64_t> scratch_;
    sort_job job_{};
};

struct Row {
    const char* where;
    std::string algo;
    std::uint64_t max_n;
};

// Quadratic variants stay below 10^7 comparisons.
constexpr std::uint64_t kQuadraticMax = 4000;

std::vector<Row> rows() {
    std::vector<Row> kernel;
    std::vector<Row> user;
    for (const char* name : kKernelOnly) {
        kernel.push_back({"kernel", name, ~0ULL});
    }
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        const sort_variant& v = sort_variants[i];
        if ((v.flags & SORT_IDLE) == 0) {
            const bool quadratic = v.max_n < 1'000'000;
            const std::uint64_t most = quadratic ? kQuadraticMax : v.max_n;
            kernel.push_back({"kernel", v.name, most});
            user.push_back({"user", v.name, most});
        }
    }
    std::sort(kernel.begin(), kernel.end(),
              [](const Row& a, const Row& b) { return a.algo < b.algo; });
    kernel.insert(kernel.end(), user.begin(), user.end());
    return kernel;
}

struct Block {
    std::vector<const char*> patterns;
    std::vector<std::uint64_t> sizes;
    const char* type;
    bool user_too;
};

// What a simulated kernel sorts in about half a minute (quick) or five (full): large
// arrays of the slow variants are what costs, so they meet few patterns.
std::vector<Block> blocks(Sweep sweep) {
    if (sweep == Sweep::quick) {
        return {{{"random", "sorted", "few_unique"}, {16, 256, 4000}, "i32", true},
                {{"random", "runs8"}, {30000}, "i32", false}};
    }
    return {
        {{"random", "sorted", "reversed", "few_unique", "organ_pipe", "runs8", "swaps", "zipf",
          "log_keys"},
         {16, 64, 256, 1000, 4000, 16000},
         "i32",
         true},
        {{"random", "sorted", "reversed", "few_unique", "runs8", "swaps"}, {100000}, "i32", false},
        {{"random"}, {100000}, "i32", true},
        {{"random"}, {1000000}, "i32", false},
        {{"random"}, {1000, 100000}, "u64", false}};
}

class SortCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "sort"; }
    [[nodiscard]] std::string_view description() const override {
        return "sort algorithms: every variant by pattern and size, in the kernel and in user "
               "space";
    }
    [[nodiscard]] std::string_view module() const override { return "ksort"; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> all{point({"kernel", "nop", ~0ULL}, "i32", "random", 16)};
        for (const Row& row : rows()) {
            for (const Block& block : blocks(sweep)) {
                if (!block.user_too && row.where == std::string_view("user")) {
                    continue;
                }
                for (const char* pattern : block.patterns) {
                    for (const std::uint64_t n : block.sizes) {
                        if (n <= row.max_n) {
                            all.push_back(point(row, block.type, pattern, n));
                        }
                    }
                }
            }
        }
        drop_doubles(all);
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& at) const override {
        if (at.at("where") == "kernel") {
            return std::make_unique<InKernel>(at);
        }
        return std::make_unique<InUserSpace>(at);
    }

  private:
    static Point point(const Row& row, const char* type, const char* pattern, std::uint64_t n) {
        return {"ksort",
                "sort",
                {{"where", row.where},
                 {"algo", row.algo},
                 {"type", type},
                 {"pattern", pattern},
                 {"n", std::to_string(n)}}};
    }

    // Blocks may overlap; the first mention counts.
    static void drop_doubles(std::vector<Point>& points) {
        std::set<std::string> seen;
        std::erase_if(points, [&](const Point& at) { return !seen.insert(at.name()).second; });
    }
};

}  // namespace

std::unique_ptr<Case> make_sort() {
    return std::make_unique<SortCase>();
}

}  // namespace kmb::bench
