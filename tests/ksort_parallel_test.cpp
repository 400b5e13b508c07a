// /dev/sort on a real kernel: the variant that lets the kernel's workers sort, too.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <kmodbench.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <thread>
#include <vector>

#include "bench/device.h"
#include "sort_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";
constexpr std::size_t kLeast = SORT_PARALLEL_LEAST;

kmodbench_problem parallel(const Device& device, sort_type type, const sort_layout& layout = {}) {
    kmodbench_problem problem{};
    problem.variant = device.variant("parallel");
    problem.type = type;
    problem.argument[KMODBENCH_SORT_RECORD] = layout.record;
    problem.argument[KMODBENCH_SORT_OFFSET] = layout.offset;
    problem.argument[KMODBENCH_SORT_ORDER] = layout.descending ? 1 : 0;
    return problem;
}

// Sorts by the device and, in another way, here; false where they differ.
bool sorts(const Device& device, sort_type type, const sort_layout& layout, std::size_t n,
           sort_pattern pattern, std::uint64_t seed) {
    const std::size_t bytes = n * sort_layout_size(type, &layout);
    std::vector<std::uint64_t> input(bytes / 8 + 1);
    sort_layout_fill(input.data(), n, type, &layout, pattern, seed);
    auto expected = input;
    const sort_variant* other = sort_find("powersort");
    std::vector<std::uint64_t> room(sort_layout_scratch(other, n, type, &layout) / 8 + 1);
    const sort_job job{expected.data(), room.data(), n, type, nullptr, layout, nullptr, nullptr};
    return sort_run(other, &job) == 0 &&
           ::read(device.fd(), input.data(), bytes) == static_cast<ssize_t>(bytes) &&
           input == expected;
}

TEST(KsortParallel, EveryTypeAndPattern) {
    Device device(kNode, O_RDWR);
    for (unsigned type = 0; type < SORT_TYPES; ++type) {
        for (const sort_layout& layout :
             {sort_layout{}, sort_layout{0, 0, true}, sort_layout{20, 4, false}}) {
            device.set(parallel(device, static_cast<sort_type>(type), layout));
            for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
                if (layout.record != 0 && pattern % 4 != type) {
                    continue;  // a sample of them: records take longer to make than to sort
                }
                ASSERT_TRUE(sorts(device, static_cast<sort_type>(type), layout,
                                  kLeast + 1000 * type, static_cast<sort_pattern>(pattern),
                                  pattern))
                    << sort_type_names[type] << ' ' << sort_pattern_names[pattern];
            }
        }
    }
}

// Only where there is a second processor is anything known of who works.
TEST(KsortParallel, SaysWhichProcessorsWorked) {
    Device device(kNode, O_RDWR);
    device.set(parallel(device, SORT_I32));
    const bool several = ::sysconf(_SC_NPROCESSORS_ONLN) > 1;
    int shared = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
        ASSERT_TRUE(sorts(device, SORT_I32, {}, 3 * kLeast, SORT_RANDOM, i));
        const kmodbench_sample sample = device.last();
        ASSERT_EQ((sample.valid & KMODBENCH_HAS_WORK_CPUS) != 0, several);
        shared += std::popcount(sample.work_cpus) > 1;
        const kmodbench_work work = device.work();
        std::uint64_t together = 0;
        for (unsigned cpu = 0; cpu < KMODBENCH_WORK_CPUS; ++cpu) {
            together += work.ns[cpu];
            EXPECT_TRUE(work.ns[cpu] == 0 || (sample.work_cpus >> cpu & 1) != 0) << cpu;
        }
        EXPECT_EQ(together > 0, several);
    }
    if (several) {
        EXPECT_GT(shared, 0) << "all work was done by one processor";
    }
    std::printf("work shared by processors: %d of 20 sorts\n", shared);
    ASSERT_TRUE(sorts(device, SORT_I32, {}, kLeast - 1, SORT_RANDOM, 1));
    EXPECT_EQ(device.last().work_cpus, 0U) << "so few elements are one thread's work";
    EXPECT_EQ(device.work().ns[0], 0U);
}

// The published module drained a queue that all shared, and unsorted arrays came back.
void many_threads(bool one_opener) {
    Device shared(kNode, O_RDWR);
    shared.set(parallel(shared, SORT_I64));
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            Device own(kNode, O_RDWR);
            own.set(parallel(own, SORT_I64));
            for (unsigned i = 0; i < 15; ++i) {
                right += sorts(one_opener ? shared : own, SORT_I64, {}, kLeast + 5000 * i,
                               SORT_RANDOM, 100 * t + i);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right, 60);
}

TEST(KsortParallel, FourThreadsOnOneOpener) {
    many_threads(true);
}
TEST(KsortParallel, FourThreadsOnManyOpeners) {
    many_threads(false);
}

}  // namespace
}  // namespace kmb::bench
