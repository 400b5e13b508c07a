// /dev/sort on a real kernel: records, descending order, comparators, the counting pass,
// and memory that is refused.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <kmodbench.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "bench/device.h"
#include "kernel/fault_point.h"
#include "sort_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";

kmodbench_problem problem_of(std::uint32_t variant, sort_type type, const sort_layout& layout) {
    kmodbench_problem problem{};
    problem.variant = variant;
    problem.type = type;
    problem.argument[KMODBENCH_SORT_RECORD] = layout.record;
    problem.argument[KMODBENCH_SORT_OFFSET] = layout.offset;
    problem.argument[KMODBENCH_SORT_ORDER] = layout.descending ? 1 : 0;
    return problem;
}

struct Elements {
    sort_type type;
    sort_layout layout;
    std::size_t n;
    std::vector<unsigned char> bytes;

    Elements(sort_type key, const sort_layout& as, std::size_t count, sort_pattern pattern)
        : type(key),
          layout(as),
          n(count),
          bytes(std::max<std::size_t>(n * sort_layout_size(key, &as), n * 8)) {
        sort_layout_fill(bytes.data(), n, type, &layout, pattern, n + 1);
        bytes.resize(n * size());
    }
    [[nodiscard]] std::size_t size() const { return sort_layout_size(type, &layout); }
    // Of element i, so that a smaller one stands before a larger one. Shares nothing with
    // the code under test but the layout.
    [[nodiscard]] __int128 rank(std::size_t i) const {
        const unsigned char* at = &bytes[i * size() + layout.offset];
        __int128 key = 0;
        switch (type) {
            case SORT_I32:
                key = value<std::int32_t>(at);
                break;
            case SORT_U32:
                key = value<std::uint32_t>(at);
                break;
            case SORT_I64:
                key = value<std::int64_t>(at);
                break;
            default:
                key = value<std::uint64_t>(at);
                break;
        }
        return layout.descending ? -key : key;
    }
    // Of n elements in the order that is meant; equal ones stay as they were.
    [[nodiscard]] std::vector<unsigned char> sorted() const {
        std::vector<std::size_t> order(n);
        for (std::size_t i = 0; i < n; ++i) {
            order[i] = i;
        }
        std::stable_sort(order.begin(), order.end(),
                         [&](auto x, auto y) { return rank(x) < rank(y); });
        std::vector<unsigned char> result;
        for (const std::size_t i : order) {
            result.insert(result.end(), bytes.begin() + static_cast<std::ptrdiff_t>(i * size()),
                          bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * size()));
        }
        return result;
    }

  private:
    template <typename Key>
    static Key value(const unsigned char* at) {
        Key key;
        std::memcpy(&key, at, sizeof key);
        return key;
    }
};

// The kernel's sort() alone does not promise the order of equal keys.
void expect_sorted(Device& device, const kmodbench_variant& row, const Elements& input) {
    auto result = input;
    const auto bytes = static_cast<ssize_t>(input.bytes.size());
    ASSERT_EQ(::read(device.fd(), result.bytes.data(), result.bytes.size()), bytes);
    const std::string what = std::string(row.name) + ' ' + sort_type_names[input.type] +
                             " record=" + std::to_string(input.layout.record) +
                             " n=" + std::to_string(input.n) +
                             (input.layout.descending ? " descending" : "");
    if ((row.flags & KMODBENCH_VARIANT_STABLE) != 0 ||
        std::string_view(row.name) != "kernel_sort") {
        ASSERT_EQ(result.bytes, input.sorted()) << what;
    }
    ASSERT_EQ(device.last().check,
              sort_layout_check(input.bytes.data(), input.n, input.type, &input.layout) | 1)
        << what;
    for (std::size_t i = 1; i < input.n; ++i) {
        ASSERT_FALSE(result.rank(i) < result.rank(i - 1)) << what << " at " << i;
    }
}

class KsortLayout : public testing::Test {
  protected:
    Device device_{kNode, O_RDWR};
};

TEST_F(KsortLayout, EveryVariantSortsRecordsAndDescends) {
    constexpr sort_layout kLayouts[] = {{0, 0, true},   {8, 0, false}, {12, 4, false},
                                        {12, 1, true},  {16, 8, true}, {24, 0, false},
                                        {100, 33, true}};
    constexpr sort_pattern kPatterns[] = {SORT_RANDOM, SORT_FEW_UNIQUE, SORT_RUNS8, SORT_LOG_KEYS};
    for (const auto& row : device_.variants()) {
        if (std::string_view(row.name) == "nop") {
            continue;
        }
        for (unsigned type = 0; type < SORT_TYPES; ++type) {
            for (const sort_layout& layout : kLayouts) {
                device_.set(problem_of(row.index, static_cast<sort_type>(type), layout));
                for (const sort_pattern pattern : kPatterns) {
                    for (const std::size_t n : {0U, 1U, 2U, 31U, 700U}) {
                        expect_sorted(device_, row,
                                      {static_cast<sort_type>(type), layout, n, pattern});
                        if (HasFatalFailure()) {
                            return;
                        }
                    }
                }
            }
        }
    }
}

TEST_F(KsortLayout, LayoutsThatCannotBeAreRefused) {
    const auto refused = [&](std::uint64_t record, std::uint64_t offset, std::uint64_t order,
                             std::uint64_t fourth = 0) {
        kmodbench_problem problem = problem_of(0, SORT_U64, {});
        problem.size = sizeof problem;
        problem.argument[KMODBENCH_SORT_RECORD] = record;
        problem.argument[KMODBENCH_SORT_OFFSET] = offset;
        problem.argument[KMODBENCH_SORT_ORDER] = order;
        problem.argument[3] = fourth;
        return ::ioctl(device_.fd(), KMODBENCH_SET, &problem) == -1 ? errno : 0;
    };
    EXPECT_EQ(refused(16, 8, 1), 0);
    EXPECT_EQ(refused(16, 9, 0), EINVAL) << "the key sticks out";
    EXPECT_EQ(refused(7, 0, 0), EINVAL) << "a record shorter than its key";
    EXPECT_EQ(refused(0, 4, 0), EINVAL) << "an offset in no record";
    EXPECT_EQ(refused(0, 0, 2), EINVAL) << "no such order";
    EXPECT_EQ(refused(0, 0, 0, 1), EINVAL) << "an argument without a meaning";
    EXPECT_EQ(refused(1ULL << 32 | 16, 0, 0), EINVAL) << "cut to 32 bits it would do";
    EXPECT_EQ(refused(16, 1ULL << 32, 0), EINVAL);
    // Still the records of 16 bytes, the largest first.
    std::uint64_t pairs[] = {1, 5, 2, 6};
    EXPECT_EQ(::read(device_.fd(), pairs, 24), -1);
    EXPECT_EQ(errno, EINVAL) << "one and a half records";
    ASSERT_EQ(::read(device_.fd(), pairs, 32), 32);
    EXPECT_EQ(pairs[1], 6U);
    EXPECT_EQ(pairs[0], 2U);
}

TEST_F(KsortLayout, RecordsThatTogetherAreTooLargeAreRefused) {
    kmodbench_problem problem = problem_of(0, SORT_I32, {1 << 20, 0, false});
    problem.size = sizeof problem;
    problem.n = 64;
    EXPECT_EQ(::ioctl(device_.fd(), KMODBENCH_SET, &problem), 0);
    problem.n = 65;
    EXPECT_EQ(::ioctl(device_.fd(), KMODBENCH_SET, &problem), -1);
    EXPECT_EQ(errno, E2BIG);
    problem.n = 2;
    problem.flags = KMODBENCH_RUN_PREEMPT_OFF;
    EXPECT_EQ(::ioctl(device_.fd(), KMODBENCH_SET, &problem), -1);
    EXPECT_EQ(errno, EINVAL) << "2 MiB with preemption off";
}

kmodbench_counts counts_of(Device& device, const char* name, std::size_t n, sort_pattern pattern,
                           const sort_layout& layout = {}) {
    kmodbench_problem problem = problem_of(device.variant(name), SORT_I32, layout);
    problem.n = n;
    problem.seed = 5;
    problem.pattern = pattern;
    device.set(problem);
    kmodbench_counts counts{};
    counts.size = sizeof counts;
    EXPECT_EQ(::ioctl(device.fd(), KMODBENCH_COUNT, &counts), 0) << name;
    return counts;
}

TEST_F(KsortLayout, CountsAgreeWithTheory) {
    constexpr std::size_t n = 1 << 15;
    const double m = static_cast<double>(n);
    const double logs = m * std::log2(m);
    const auto near = [](std::uint64_t got, double expected, double share) {
        EXPECT_NEAR(static_cast<double>(got) / expected, 1, share);
    };
    // Bottom-up heapsort; the kernel's since 5.1.
    const auto heap = counts_of(device_, "kernel_sort", n, SORT_RANDOM);
    near(heap.comparisons, logs + 0.37 * m, 0.01);
    EXPECT_GT(heap.moves, 3 * n) << "each element is swapped out of the heap once at least";
    EXPECT_EQ(heap.moves % 3, 0U);
    // A merge sort: log2 n! and some percent; two moves, into the list and out.
    const auto list = counts_of(device_, "kernel_list_sort", n, SORT_RANDOM);
    near(list.comparisons, logs - 1.4427 * m, 0.03);
    EXPECT_EQ(list.moves, 2 * n);
    const auto opaque = counts_of(device_, "callback", n, SORT_RANDOM);
    near(opaque.comparisons, logs - 1.4427 * m, 0.2);  // it may buy speed with questions
    EXPECT_EQ(opaque.moves, KMODBENCH_NOT_COUNTED);
    EXPECT_EQ(counts_of(device_, "callback", n, SORT_SORTED).comparisons, n - 1);
    EXPECT_EQ(counts_of(device_, "callback", n, SORT_SORTED, {0, 0, true}).comparisons, n - 1);
    EXPECT_EQ(counts_of(device_, "callback_known", n, SORT_SORTED).comparisons,
              counts_of(device_, "auto", n, SORT_SORTED).comparisons);
    EXPECT_EQ(counts_of(device_, "lsd_radix", n, SORT_RANDOM).comparisons, 0U);
    EXPECT_EQ(counts_of(device_, "lsd_radix", n, SORT_RANDOM).moves, 4 * n);
    EXPECT_EQ(counts_of(device_, "tim", n, SORT_SORTED).comparisons, n - 1);
    EXPECT_EQ(counts_of(device_, "nop", n, SORT_RANDOM).comparisons, 0U);
}

// Counting must not be what is measured: a sort afterwards is right, and counts nothing.
TEST_F(KsortLayout, AfterCountingTheFileStillSorts) {
    counts_of(device_, "kernel_sort", 1000, SORT_RANDOM, {12, 4, true});
    const auto rows = device_.variants();
    expect_sorted(device_, rows[device_.variant("kernel_sort")],
                  {SORT_I32, {12, 4, true}, 500, SORT_RANDOM});
}

// Whatever memory is refused: a right result or ENOMEM, and the next call works.
TEST_F(KsortLayout, RefusedMemoryGivesARightSortOrAnError) {
    const kernel_test::FaultPoint fault;
    if (!fault.supported()) {
        GTEST_SKIP() << "this kernel makes no faults (CONFIG_FAULT_INJECTION)";
    }
    kernel_test::allow_faults();
    unsigned refused = 0;
    unsigned without = 0;
    for (const auto& row : device_.variants()) {
        if (std::string_view(row.name) == "nop") {
            continue;
        }
        for (const sort_layout& layout : {sort_layout{}, sort_layout{24, 8, true}}) {
            const Elements input(SORT_I64, layout, 1500, SORT_RANDOM);
            for (unsigned point = 1;; ++point) {
                ASSERT_LT(point, 5000U) << row.name << " has no last point";
                Device device(kNode, O_RDWR);
                device.set(problem_of(row.index, SORT_I64, layout));
                auto result = input;
                fault.set(point);
                const auto got = ::read(device.fd(), result.bytes.data(), result.bytes.size());
                const int error = errno;
                if (!fault.take()) {
                    break;
                }
                if (got < 0) {
                    ASSERT_TRUE(error == ENOMEM || error == EFAULT) << row.name << ' ' << error;
                    ++refused;
                    ASSERT_EQ(result.bytes.size(), input.bytes.size());
                } else {
                    ++without;
                    ASSERT_EQ(got, static_cast<ssize_t>(input.bytes.size()));
                    for (std::size_t i = 1; i < input.n; ++i) {
                        ASSERT_FALSE(result.rank(i) < result.rank(i - 1)) << row.name;
                    }
                    ASSERT_EQ(device.last().check, sort_layout_check(input.bytes.data(), input.n,
                                                                     input.type, &input.layout) |
                                                       1);
                }
                expect_sorted(device, row, input);
            }
        }
    }
    std::printf("memory refused: %u sorts say so, %u do without\n", refused, without);
    EXPECT_GT(refused, 10U);
    EXPECT_GT(without, 10U);
}

}  // namespace
}  // namespace kmb::bench
