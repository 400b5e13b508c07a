// Sort algorithms: every variant on many patterns and sizes, in the kernel through
// read() of /dev/sort, and the same code in user space.
#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "bench/case.h"
#include "bench/cases/sort_input.h"
#include "bench/cases/sort_openers.h"
#include "bench/device.h"
#include "sort_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";

// Variants that only the kernel has; the others stand in the core's table.
constexpr const char* kKernelOnly[] = {"kernel_list_sort", "kernel_sort"};

// read() of the device sorts the caller's array in place. Of the first array of a round,
// if it is not too large, comparisons and moves are counted, too, apart from all timing.
class InKernel final : public Workload {
  public:
    explicit InKernel(const Point& point)
        : input_(point), device_(kNode, O_RDWR), idle_(point.at("algo") == "nop") {
        problem_.variant = device_.variant(point.at("algo"));
        problem_.type = input_.type();
        problem_.n = input_.n();  // takes the memory for that many now
        problem_.pattern = input_.pattern();
        problem_.argument[KMODBENCH_SORT_RECORD] = input_.layout().record;
        problem_.argument[KMODBENCH_SORT_ORDER] = input_.layout().descending ? 1 : 0;
        device_.set(problem_);
        if (point.at("algo") == "parallel") {
            shared_ = static_cast<unsigned>(
                std::clamp<long>(::sysconf(_SC_NPROCESSORS_ONLN), 1, KMODBENCH_WORK_CPUS));
        }
    }

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        std::vector<std::string> columns{"user_start", "returned", "check", "comparisons", "moves"};
        for (unsigned cpu = 0; cpu < shared_; ++cpu) {
            columns.push_back(fmt::format("cpu{}_work", cpu));
        }
        return columns;
    }

    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        input_.fill(seed + rep);
        counts_.reset();
        if (!counted_ && rep < kWarmup && input_.n() <= kMostCounted) {
            problem_.seed = seed + rep;
            device_.set(problem_);
            counts_ = device_.counts();
            counted_ = true;
        }
    }

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
        const auto counted = [this](auto count) {
            return !counts_ || (*counts_).*count == KMODBENCH_NOT_COUNTED
                       ? kAbsent
                       : static_cast<std::int64_t>((*counts_).*count);
        };
        sample.extra.assign({begin, returned_, static_cast<std::int64_t>(last_.check),
                             counted(&kmodbench_counts::comparisons),
                             counted(&kmodbench_counts::moves)});
        if (shared_ > 0) {
            const kmodbench_work work = device_.work();
            for (unsigned cpu = 0; cpu < shared_; ++cpu) {
                sample.extra.push_back(
                    last_.work_cpus == 0 ? kAbsent : static_cast<std::int64_t>(work.ns[cpu]));
            }
        }
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
    static constexpr std::uint64_t kWarmup = 1ULL << 62U;  // the runner's, from there on
    static constexpr std::size_t kMostCounted = 16'000;

    SortInput input_;
    Device device_;
    bool idle_;
    unsigned shared_ = 0;  // processors among which the variant shares its work
    kmodbench_problem problem_{};
    bool counted_ = false;
    std::optional<kmodbench_counts> counts_;  // of the array that is being measured
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
        scratch_.resize(
            sort_layout_scratch(variant_, input_.n(), input_.type(), &input_.layout()) / 8 + 1);
        job_ = {input_.data(), scratch_.data(), input_.n(), input_.type(),
                nullptr,       input_.layout(), nullptr,    nullptr};
    }

    void prepare(std::uint64_t seed, std::uint64_t rep) override { input_.fill(seed + rep); }

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
    SortInput input_;
    const sort_variant* variant_;
    std::vector<std::uint64_t> scratch_;
    sort_job job_{};
};

struct Row {
    const char* where;
    std::string algo;
    std::uint64_t min_n;
    std::uint64_t max_n;
};

// Quadratic variants stay below 10^7 comparisons.
constexpr std::uint64_t kQuadraticMax = 4000;

std::vector<Row> rows() {
    std::vector<Row> kernel;
    std::vector<Row> user;
    for (const char* name : kKernelOnly) {
        kernel.push_back({"kernel", name, 0, ~0ULL});
    }
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        const sort_variant& v = sort_variants[i];
        if ((v.flags & SORT_IDLE) == 0) {
            const bool quadratic = v.max_n < 1'000'000;
            const bool parallel =
                v.name == std::string_view("parallel");  // with fewer elements it is auto
            const Row row{"kernel", v.name, parallel ? SORT_PARALLEL_LEAST : 0,
                          quadratic ? kQuadraticMax : v.max_n};
            kernel.push_back(row);
            if (!parallel) {
                user.push_back(row);
                user.back().where = "user";
            }
        }
    }
    std::sort(kernel.begin(), kernel.end(),
              [](const Row& a, const Row& b) { return a.algo < b.algo; });
    kernel.insert(kernel.end(), user.begin(), user.end());
    return kernel;
}

using Names = std::vector<const char*>;

// Each of its types, patterns and sizes with each other, by all variants or by those named.
struct Block {
    Names types;
    Names patterns;
    std::vector<std::uint64_t> sizes;
    bool user_too;
    Names algos;
    const char* record = nullptr;  // bytes, where records are sorted
};

// By a comparator, recognised or not, and by the typed code.
const Names kTypedOrNot = {
    "auto", "callback", "callback_known", "kernel_list_sort", "kernel_sort", "powersort", "tim"};

// What a simulated kernel sorts in about a minute (quick) or ten (full): large arrays of
// the slow variants are what costs, so they meet few patterns.
std::vector<Block> blocks(Sweep sweep) {
    if (sweep == Sweep::quick) {
        return {{{"i32"}, {"random", "sorted", "few_unique"}, {16, 256, 4000}, true, {}},
                {{"i32"}, {"random", "runs8"}, {30000}, false, {}},
                {{"i64"}, {"random"}, {1000}, false, kTypedOrNot, "16"}};
    }
    const Names all_types = {"i32", "i64", "u32", "u64"};
    std::vector<Block> all{
        {{"i32"},
         {"random", "sorted", "reversed", "few_unique", "organ_pipe", "runs8", "swaps", "zipf",
          "log_keys"},
         {16, 64, 256, 1000, 4000, 16000},
         false,
         {}},
        {{"i32"}, {"random", "few_unique", "runs8"}, {16, 64, 256, 1000, 4000, 16000}, true, {}},
        {{"i32"},
         {"all_equal", "killer", "plateau", "sawtooth", "small_range", "stagger"},
         {256, 4000},
         false,
         {}},
        {all_types, {"random", "few_unique", "runs8", "swaps", "log_keys"}, {256, 4000}, false, {}},
        {{"i32"},
         {"random", "sorted", "reversed", "few_unique", "runs8", "swaps"},
         {100000},
         false,
         {}},
        {{"i32"}, {"random"}, {100000}, true, {}},
        {{"i32"}, {"random"}, {1000000}, false, {}},
        {{"u64"}, {"random"}, {1000, 100000}, false, {}},
        {{"i64"}, {"random", "runs8", "zipf"}, {256, 4000, 30000}, false, kTypedOrNot, "16"},
        {{"i64"}, {"random"}, {256, 4000, 30000}, false, kTypedOrNot, "100"}};
    // Only where there is a second processor does parallel differ from auto.
    if (::sysconf(_SC_NPROCESSORS_ONLN) > 1) {
        all.push_back({{"i32", "u64"},
                       {"random"},
                       {SORT_PARALLEL_LEAST, 131072, 262144, 524288, 1000000, 2000000, 4000000},
                       false,
                       {"auto", "parallel"}});
    }
    return all;
}

class SortCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "sort"; }
    [[nodiscard]] std::string_view description() const override {
        return "sort algorithms: every variant by pattern, size and type, in the kernel and in "
               "user space; records; one and many openers";
    }
    [[nodiscard]] std::string_view module() const override { return "ksort"; }
    [[nodiscard]] std::string_view node() const override { return kNode; }

    [[nodiscard]] std::vector<Point> points(Sweep sweep) const override {
        std::vector<Point> all{point({"kernel", "nop", 0, ~0ULL}, "i32", nullptr, "random", 16)};
        for (const Row& row : rows()) {
            for (const Block& block : blocks(sweep)) {
                add(all, row, block);
            }
        }
        // Blocks may overlap; the first mention counts.
        std::set<std::string> seen;
        std::erase_if(all, [&](const Point& at) { return !seen.insert(at.name()).second; });
        for (Point& at : sort_openers_points(sweep)) {
            all.push_back(std::move(at));
        }
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& at) const override {
        if (at.operation == kSortOpeners) {
            return open_sort_openers(at);
        }
        if (at.at("where") == "kernel") {
            return std::make_unique<InKernel>(at);
        }
        return std::make_unique<InUserSpace>(at);
    }

  private:
    static void add(std::vector<Point>& all, const Row& row, const Block& block) {
        if ((!block.user_too && row.where == std::string_view("user")) ||
            (!block.algos.empty() &&
             std::find(block.algos.begin(), block.algos.end(), row.algo) == block.algos.end())) {
            return;
        }
        for (const char* type : block.types) {
            for (const char* pattern : block.patterns) {
                for (const std::uint64_t n : block.sizes) {
                    if (n >= row.min_n && n <= row.max_n) {
                        all.push_back(point(row, type, block.record, pattern, n));
                    }
                }
            }
        }
    }

    static Point point(const Row& row, const char* type, const char* record, const char* pattern,
                       std::uint64_t n) {
        Point made{"ksort",
                   record == nullptr ? "sort" : "records",
                   {{"where", row.where}, {"algo", row.algo}, {"type", type}}};
        if (record != nullptr) {
            made.coordinates.push_back({"record", record});
        }
        made.coordinates.push_back({"pattern", pattern});
        made.coordinates.push_back({"n", std::to_string(n)});
        return made;
    }
};

}  // namespace

std::unique_ptr<Case> make_sort() {
    return std::make_unique<SortCase>();
}

}  // namespace kmb::bench
