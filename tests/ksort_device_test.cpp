// /dev/sort on a real kernel: runs where ksort is loaded, as root, else skips (77).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <kmodbench.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "bench/device.h"
#include "sort_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";
constexpr std::size_t kLimit = 64U << 20;

bool upstream() {
    std::string abi;
    std::ifstream("/sys/module/ksort/parameters/abi") >> abi;
    return abi == "upstream";
}

// A kernel that checks each access takes some twenty times as long; it has kmemleak to look
// for leaks, and KASAN keeps freed memory back for a while.
bool watched() {
    return ::access("/sys/kernel/debug/kmemleak", F_OK) == 0;
}

kmodbench_problem problem_of(std::uint32_t variant, std::uint32_t type) {
    kmodbench_problem problem{};
    problem.variant = variant;
    problem.type = type;
    return problem;
}

ssize_t sort_bytes(const Device& device, void* data, std::size_t bytes) {
    // Not read(): the compiler refuses the bad calls that these tests make.
    return ::syscall(SYS_read, device.fd(), data, bytes);
}

// Why an array is not the sorted form of `input`, or "".
template <typename Key>
std::string wrong(std::vector<Key> input, const std::vector<Key>& result) {
    std::sort(input.begin(), input.end());
    const auto at = std::mismatch(input.begin(), input.end(), result.begin());
    return at.first == input.end() ? "" : "differs at " + std::to_string(at.first - input.begin());
}

template <typename Key>
void sort_all_patterns(Device& device, const kmodbench_variant& row, sort_type type) {
    device.set(problem_of(row.index, type));
    for (unsigned pattern = 0; pattern < SORT_PATTERNS; ++pattern) {
        for (std::size_t n : {0U, 1U, 2U, 15U, 33U, 100U, 1000U, 9000U}) {
            if (n > 1000 && row.max_n < 1'000'000) {
                continue;  // quadratic
            }
            std::vector<Key> input(n);
            sort_fill(input.data(), n, type, static_cast<sort_pattern>(pattern), n);
            std::vector<Key> result = input;
            ASSERT_EQ(sort_bytes(device, result.data(), n * sizeof(Key)),
                      static_cast<ssize_t>(n * sizeof(Key)));
            ASSERT_EQ(wrong(input, result), "") << row.name << ' ' << sort_type_names[type] << ' '
                                                << sort_pattern_names[pattern] << " n=" << n;
            const kmodbench_sample sample = device.last();
            ASSERT_EQ(sample.check, sort_check(input.data(), n, type) | 1);
            ASSERT_EQ(sample.total_ns, sample.copy_in_ns + sample.work_ns + sample.copy_out_ns);
        }
    }
}

class KsortDevice : public testing::Test {
  protected:
    void SetUp() override {
        if (upstream()) {
            GTEST_SKIP() << "ksort is loaded with abi=upstream";
        }
    }
};

TEST_F(KsortDevice, EveryVariantTypeAndPatternSorts) {
    Device device(kNode, O_RDWR);
    for (const auto& row : device.variants()) {
        if (std::string_view(row.name) == "nop") {
            continue;
        }
        sort_all_patterns<std::int32_t>(device, row, SORT_I32);
        sort_all_patterns<std::uint32_t>(device, row, SORT_U32);
        sort_all_patterns<std::int64_t>(device, row, SORT_I64);
        sort_all_patterns<std::uint64_t>(device, row, SORT_U64);
    }
}

TEST_F(KsortDevice, TableNamesTheCoreAndTheKernelsOwnSorts) {
    Device device(kNode, O_RDWR);
    EXPECT_NO_THROW((void)device.variant("kernel_list_sort"));
    EXPECT_NO_THROW((void)device.variant("kernel_sort"));
    EXPECT_EQ(device.variants().back().name, std::string("nop"));
    for (unsigned i = 0; i < sort_variant_count; ++i) {
        EXPECT_NO_THROW((void)device.variant(sort_variants[i].name));
    }
}

TEST_F(KsortDevice, ClassicProtocolWithoutAnyIoctl) {
    Device device(kNode, O_RDWR);
    EXPECT_EQ(::write(device.fd(), "", 0), -1);
    EXPECT_EQ(errno, ENODATA) << "nothing was sorted yet";
    std::vector<std::int32_t> keys{3, std::numeric_limits<int>::max(), -1,
                                   std::numeric_limits<int>::min(), 0};
    ASSERT_EQ(sort_bytes(device, keys.data(), 20), 20);
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    const ssize_t ns = ::write(device.fd(), keys.data(), 20);
    EXPECT_GE(ns, 1);
    EXPECT_EQ(ns, std::max<ssize_t>(device.last().work_ns, 1));
}

TEST_F(KsortDevice, BadInputGivesAnErrnoAndChangesNothing) {
    Device device(kNode, O_RDWR);
    std::vector<std::int32_t> keys{2, 1, 3};
    EXPECT_EQ(sort_bytes(device, keys.data(), 11), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(sort_bytes(device, keys.data(), kLimit + 4), -1);
    EXPECT_EQ(errno, E2BIG);
    EXPECT_EQ(sort_bytes(device, nullptr, 12), -1);
    EXPECT_EQ(errno, EFAULT);
    EXPECT_EQ(keys, (std::vector<std::int32_t>{2, 1, 3}));
    kmodbench_problem problem = problem_of(0, 0);
    const auto refused = [&] {
        problem.size = sizeof problem;
        return ::ioctl(device.fd(), KMODBENCH_SET, &problem) == -1 ? errno : 0;
    };
    problem.type = SORT_TYPES;
    EXPECT_EQ(refused(), EINVAL);
    problem.type = 0;
    problem.pattern = SORT_PATTERNS;
    EXPECT_EQ(refused(), EINVAL);
    problem.pattern = 0;
    problem.n = kLimit / 4 + 1;
    EXPECT_EQ(refused(), E2BIG);
    problem.n = kLimit / 8;
    problem.batch = 3;
    EXPECT_EQ(refused(), E2BIG);
    problem.batch = 1;
    problem.type = SORT_U64;
    problem.n = kLimit / 4;
    EXPECT_EQ(refused(), E2BIG);
    ASSERT_EQ(sort_bytes(device, keys.data(), 12), 12) << "still sorts";
    EXPECT_EQ(keys, (std::vector<std::int32_t>{1, 2, 3}));
}

// Read-only and half-mapped memory: an error, and no crash.
TEST_F(KsortDevice, MemoryThatEndsInTheMiddle) {
    Device device(kNode, O_RDWR);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* room = static_cast<char*>(
        ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(room, MAP_FAILED);
    ASSERT_EQ(::munmap(room + page, page), 0);
    EXPECT_EQ(sort_bytes(device, room, 2 * page), -1);
    EXPECT_EQ(errno, EFAULT);
    ASSERT_EQ(::mprotect(room, page, PROT_READ), 0);
    EXPECT_EQ(sort_bytes(device, room, page), -1);
    EXPECT_EQ(errno, EFAULT);
    ::munmap(room, page);
}

TEST_F(KsortDevice, TheLargestArraySorts) {
    Device device(kNode, O_RDWR);
    std::vector<std::int32_t> input(kLimit / 4);
    sort_fill(input.data(), input.size(), SORT_I32, watched() ? SORT_REVERSED : SORT_RANDOM, 11);
    std::vector<std::int32_t> result = input;
    ASSERT_EQ(sort_bytes(device, result.data(), kLimit), static_cast<ssize_t>(kLimit));
    EXPECT_EQ(sort_check(result.data(), result.size(), SORT_I32),
              sort_check(input.data(), input.size(), SORT_I32) | 1);
}

TEST_F(KsortDevice, RunsInsideTheKernelAreCheckedAgainstTheSameGenerator) {
    Device device(kNode, O_RDWR);
    kmodbench_ring_setup setup{sizeof setup, 0, 8, 0};
    ASSERT_EQ(::ioctl(device.fd(), KMODBENCH_RING, &setup), 0);
    const auto* ring = static_cast<const kmodbench_ring*>(
        ::mmap(nullptr, setup.bytes, PROT_READ, MAP_SHARED, device.fd(), 0));
    ASSERT_NE(ring, MAP_FAILED);
    for (const auto& row : device.variants()) {
        if (std::string_view(row.name) == "nop") {
            continue;
        }
        kmodbench_problem problem = problem_of(row.index, SORT_I64);
        problem.n = 500;
        problem.batch = 3;
        problem.seed = 99;
        problem.pattern = SORT_ZIPF;
        device.set(problem);
        kmodbench_run run{sizeof run, 0, 1, 5, 0};
        ASSERT_EQ(::ioctl(device.fd(), KMODBENCH_RUN, &run), 0);
        ASSERT_EQ(run.done, 5U);
        const auto* samples = reinterpret_cast<const kmodbench_sample*>(
            reinterpret_cast<const char*>(ring) + ring->offset);
        for (std::uint64_t rep = 0; rep < 5; ++rep) {
            std::uint64_t expected = 0;
            for (std::uint64_t b = 0; b < 3; ++b) {
                std::vector<std::int64_t> input(500);
                sort_fill(input.data(), 500, SORT_I64, SORT_ZIPF, 99 + rep * 3 + b);
                expected += sort_check(input.data(), 500, SORT_I64) & ~1ULL;
            }
            EXPECT_EQ(samples[rep].check, expected | 1) << row.name << " rep=" << rep;
            EXPECT_EQ(samples[rep].batch, 3U);
        }
    }
    ::munmap(const_cast<kmodbench_ring*>(ring), setup.bytes);
}

// The published module mixed up the arrays of its callers: 197 of 1200 were right.
void many_threads(bool one_opener) {
    constexpr int kThreads = 4;
    constexpr int kSorts = 300;
    Device shared(kNode, O_RDWR);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            Device own(kNode, O_RDWR);
            const Device& device = one_opener ? shared : own;
            std::mt19937 random(static_cast<unsigned>(t));
            for (int i = 0; i < kSorts; ++i) {
                std::vector<std::int32_t> input(1000);
                for (auto& key : input) {
                    key = static_cast<std::int32_t>(random() % 1000);
                }
                std::vector<std::int32_t> result = input;
                if (sort_bytes(device, result.data(), 4000) == 4000 &&
                    wrong(input, result).empty()) {
                    ++right;
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right, kThreads * kSorts);
}

TEST_F(KsortDevice, FourThreadsOnOneOpener) {
    many_threads(true);
}
TEST_F(KsortDevice, FourThreadsOnManyOpeners) {
    many_threads(false);
}

// Times belong to the open file; the published module had one for all.
TEST_F(KsortDevice, OpenersDoNotSeeEachOther) {
    Device one(kNode, O_RDWR);
    Device other(kNode, O_RDWR);
    one.set(problem_of(one.variant("heap"), SORT_U64));
    std::vector<std::int32_t> keys{-1, 1};
    ASSERT_EQ(sort_bytes(other, keys.data(), 8), 8);
    EXPECT_EQ(keys[0], -1) << "another opener's type was used";
    EXPECT_EQ(::write(one.fd(), "", 0), -1) << "another opener's sort was seen";
}

TEST_F(KsortDevice, LongSortsDieWithTheirTask) {
    for (const char* name :
         {"auto", "heap", "kernel_list_sort", "kernel_sort", "parallel", "pdq", "quick"}) {
        const pid_t child = ::fork();
        if (child == 0) {
            Device device(kNode, O_RDWR);
            const auto row = device.variants()[device.variant(name)];
            device.set(problem_of(row.index, SORT_I32));
            std::vector<std::int32_t> keys(std::min<std::size_t>(kLimit / 4, row.max_n));
            sort_fill(keys.data(), keys.size(), SORT_I32, SORT_RANDOM, 3);
            for (;;) {
                if (sort_bytes(device, keys.data(), keys.size() * 4) < 0) {
                    ::_exit(1);
                }
            }
        }
        ::usleep(700'000);
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status)) << name << ": the sort had ended before the signal";
    }
}

std::int64_t slab_kib() {
    std::ifstream meminfo("/proc/meminfo");
    std::string key;
    std::int64_t value = 0;
    std::string rest;
    while (meminfo >> key >> value && std::getline(meminfo, rest)) {
        if (key == "SUnreclaim:") {
            return value;
        }
    }
    return -1;
}

// The published module lost an object a call.
TEST_F(KsortDevice, HundredThousandSmallSortsDoNotGrowTheSlab) {
    Device device(kNode, O_RDWR);
    std::vector<std::int32_t> keys(64);
    const auto round = [&](int sorts) {
        for (int i = 0; i < sorts; ++i) {
            sort_fill(keys.data(), keys.size(), SORT_I32, SORT_RANDOM,
                      static_cast<std::uint64_t>(i));
            ASSERT_EQ(sort_bytes(device, keys.data(), 256), 256);
            if (i % 100 == 0) {
                Device opened(kNode, O_RDWR);
                ASSERT_EQ(sort_bytes(opened, keys.data(), 256), 256);
            }
        }
    };
    round(1000);
    const auto before = slab_kib();
    round(watched() ? 1000 : 100'000);
    if (!watched()) {
        EXPECT_LT(slab_kib() - before, 1024) << "KiB of slab; 100000 lost objects would be 3 MiB";
    }
}

TEST(KsortUpstream, WriteStoresAndReadReturnsItSorted) {
    if (!upstream()) {
        GTEST_SKIP() << "ksort is loaded with abi=native";
    }
    Device device(kNode, O_RDWR);
    std::vector<std::int32_t> input(1000);
    sort_fill(input.data(), input.size(), SORT_I32, SORT_RANDOM, 1);
    std::vector<std::int32_t> result(1000, 0);
    EXPECT_EQ(sort_bytes(device, result.data(), 4000), -1) << "nothing was stored";
    EXPECT_EQ(errno, EINVAL);
    ASSERT_EQ(::write(device.fd(), input.data(), 4000), 4000);
    EXPECT_EQ(sort_bytes(device, result.data(), 3996), -1);
    EXPECT_EQ(errno, EINVAL);
    ASSERT_EQ(sort_bytes(device, result.data(), 4000), 4000);
    EXPECT_EQ(wrong(input, result), "");
    EXPECT_EQ(::write(device.fd(), input.data(), 3), -1);
    EXPECT_EQ(errno, EINVAL);
}

}  // namespace
}  // namespace kmb::bench

int main(int argc, char** argv) {
    if (::access("/dev/sort", R_OK | W_OK) != 0) {
        std::printf("skipped: /dev/sort: %s (load ksort, run as root)\n", std::strerror(errno));
        return 77;
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
