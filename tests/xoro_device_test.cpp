// /dev/xoro on a real kernel: runs where xoro is loaded, as root, else skips (77).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <kmodbench.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/device.h"
#include "xoro_core.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/xoro";
constexpr std::size_t kMost = std::size_t{64} << 20;

kmodbench_problem problem_of(std::uint32_t variant, std::uint64_t seed) {
    kmodbench_problem problem{};
    problem.variant = variant;
    problem.seed = seed;
    return problem;
}

void expect_stream(const Device& device, const xoro_variant& row, xoro& state, std::size_t n) {
    std::vector<unsigned char> got(n + 8, 0x5a);
    ASSERT_EQ(::read(device.fd(), got.data(), n), static_cast<ssize_t>(n));
    std::vector<unsigned char> expected(n);
    row.fill(&state, expected.data(), n);
    expected.resize(n + 8, 0x5a);
    ASSERT_TRUE(got == expected) << row.name << " n=" << n;
    xoro peek = state;
    const kmodbench_sample sample = device.last();
    EXPECT_EQ(sample.check, row.next(&peek)) << row.name << " n=" << n;
    EXPECT_EQ(sample.total_ns, sample.work_ns + sample.copy_out_ns);
    EXPECT_EQ(sample.copy_in_ns, 0);
}

TEST(XoroDevice, ReadsOfAnySizeAreOneStream) {
    Device device(kNode, O_RDWR);
    for (unsigned v = 0; v < xoro_variant_count; ++v) {
        const xoro_variant& row = xoro_variants[v];
        device.set(problem_of(device.variant(row.name), 42));
        xoro state{};
        xoro_seed(&state, 42);
        for (const std::size_t n :
             {0U, 1U, 7U, 8U, 9U, 4095U, 16383U, 16384U, 16385U, 100'001U, 32769U, 3U, 1U << 20}) {
            expect_stream(device, row, state, n);
        }
    }
}

TEST(XoroDevice, AFreshFileHasTheSeedZeroAndItsOwnState) {
    Device one(kNode, O_RDWR);
    Device other(kNode, O_RDWR);
    const xoro_variant* first = xoro_find(one.variants()[0].name);
    ASSERT_NE(first, nullptr);
    xoro state{};
    xoro_seed(&state, 0);
    xoro again = state;
    expect_stream(one, *first, state, 1000);
    expect_stream(other, *first, again, 24);
    expect_stream(one, *first, state, 24);
    EXPECT_GE(::write(one.fd(), "", 0), 1);
    Device fresh(kNode, O_RDWR);
    EXPECT_EQ(::write(fresh.fd(), "", 0), -1);
    EXPECT_EQ(errno, ENODATA);
}

TEST(XoroDevice, FourThreadsWithFilesOfTheirOwn) {
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            Device device(kNode, O_RDWR);
            const xoro_variant* row = xoro_find("xoshiro256ss");
            device.set(problem_of(device.variant(row->name), t));
            xoro state{};
            xoro_seed(&state, t);
            for (std::size_t i = 0; i < 100; ++i) {
                expect_stream(device, *row, state, 5000 + 37 * i);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
}

TEST(XoroDevice, RunsInsideTheKernelEndAtTheRightWord) {
    Device device(kNode, O_RDWR);
    for (unsigned v = 0; v < xoro_variant_count; ++v) {
        kmodbench_ring_setup setup{sizeof setup, 0, 4, 0};
        ASSERT_EQ(::ioctl(device.fd(), KMODBENCH_RING, &setup), 0);
        auto problem = problem_of(device.variant(xoro_variants[v].name), 9);
        problem.n = 40'000;
        device.set(problem);
        kmodbench_run run{sizeof run, 0, 1, 3, 0};
        ASSERT_EQ(::ioctl(device.fd(), KMODBENCH_RUN, &run), 0);
        xoro state{};
        xoro_seed(&state, 9 + 2);
        std::vector<char> sink(40'000);
        xoro_variants[v].fill(&state, sink.data(), sink.size());
        EXPECT_EQ(device.last().check, xoro_variants[v].next(&state)) << xoro_variants[v].name;
    }
}

TEST(XoroDevice, LargeReadsAreShortAndBadMemoryIsAnError) {
    Device device(kNode, O_RDWR);
    std::vector<char> large(kMost + 4096, 'x');
    EXPECT_EQ(::read(device.fd(), large.data(), large.size()), static_cast<ssize_t>(kMost));
    EXPECT_EQ(large[kMost], 'x');
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto* room = static_cast<char*>(
        ::mmap(nullptr, 10 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(room, MAP_FAILED);
    ASSERT_EQ(::munmap(room + 9 * page, page), 0);
    const auto got = ::read(device.fd(), room, 10 * page);
    EXPECT_EQ(got, 32768) << "two chunks fit, the third does not";
    EXPECT_EQ(::read(device.fd(), room + 8 * page, 2 * page), -1);
    EXPECT_EQ(errno, EFAULT);
    ::munmap(room, 9 * page);
    kmodbench_problem problem = problem_of(0, 0);
    problem.size = sizeof problem;
    problem.n = kMost + 1;
    EXPECT_EQ(::ioctl(device.fd(), KMODBENCH_SET, &problem), -1);
    EXPECT_EQ(errno, E2BIG);
}

TEST(XoroDevice, AKillEndsALongRun) {
    const pid_t child = ::fork();
    if (child == 0) {
        Device device(kNode, O_RDWR);
        auto problem = problem_of(0, 0);
        problem.n = kMost;
        problem.batch = 65536;
        device.set(problem);
        kmodbench_run run{sizeof run, 0, 1, 0, 0};
        ::ioctl(device.fd(), KMODBENCH_RUN, &run);
        ::_exit(1);
    }
    ::usleep(300'000);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the run had ended before the signal";
}

}  // namespace
}  // namespace kmb::bench

int main(int argc, char** argv) {
    if (::access("/dev/xoro", R_OK | W_OK) != 0) {
        std::printf("skipped: /dev/xoro: %s (load xoro, run as root)\n", std::strerror(errno));
        return 77;
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
