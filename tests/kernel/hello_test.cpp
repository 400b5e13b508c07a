// /dev/hello: every byte arrives, every size is right, every error is the right one.
#include <core_check.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 20;

std::vector<unsigned char> pattern(std::uint64_t seed, std::size_t bytes) {
    std::vector<unsigned char> out(bytes + 8);
    for (std::size_t i = 0; i <= bytes / 8; ++i) {
        const std::uint64_t word = core_pattern(seed, i);
        std::memcpy(&out[std::min(i * 8, bytes)], &word, 8);
    }
    out.resize(bytes);
    return out;
}

const std::vector<std::size_t> kSizes = {0,    1,     2,    7,    8,     9,      63,     64,
                                         65,   4095,  4096, 4097, 65535, 65536,  65537,  1U << 20,
                                         3000, 12345, 8191, 8192, 8193,  262144, 1000003};

class Hello : public ::testing::Test {
  protected:
    Opener file{"hello"};
    void SetUp() override {
        if (file.fd() < 0) {
            GTEST_FAIL() << "hello is not loaded";
        }
    }
    void set(const char* variant, std::uint64_t n, std::uint64_t seed, std::uint32_t batch = 1) {
        kmodbench_problem problem{};
        problem.variant = file.variant(variant);
        problem.n = n;
        problem.seed = seed;
        problem.batch = batch;
        ASSERT_EQ(file.set(problem), 0);
    }
};

TEST_F(Hello, ReadGivesThePatternAndNotAByteMore) {
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        set("copy", 0, seed);
        for (const std::size_t n : kSizes) {
            std::vector<unsigned char> buffer(n + 64, 0xa5);
            ASSERT_EQ(file.read(buffer.data() + 1, n), static_cast<ssize_t>(n));
            const auto expected = pattern(seed, n);
            ASSERT_TRUE(std::equal(expected.begin(), expected.end(), buffer.begin() + 1)) << n;
            EXPECT_EQ(buffer[0], 0xa5);
            EXPECT_TRUE(std::all_of(buffer.begin() + 1 + static_cast<std::ptrdiff_t>(n),
                                    buffer.end(), [](unsigned char c) { return c == 0xa5; }))
                << n;
            kmodbench_sample sample{};
            ASSERT_EQ(file.last(sample), 0);
            EXPECT_EQ(sample.check, core_check(expected.data(), n)) << n;
            EXPECT_EQ(sample.copy_out_ns, sample.total_ns);
            EXPECT_EQ(sample.copy_in_ns + sample.work_ns, 0);
        }
    }
}

TEST_F(Hello, WriteTakesEveryByteAndReturnsItsTime) {
    for (const std::size_t n : kSizes) {
        auto bytes = pattern(n, n);
        for (int round = 0; round < 2; ++round) {
            const ssize_t time = file.write(bytes.data(), n);
            ASSERT_GE(time, 1) << n;
            kmodbench_sample sample{};
            ASSERT_EQ(file.last(sample), 0);
            EXPECT_EQ(sample.check, core_check(bytes.data(), n)) << n;
            EXPECT_EQ(std::max<std::int64_t>(sample.copy_in_ns, 1), time);
            EXPECT_EQ(sample.copy_in_ns, sample.total_ns);
            if (n > 0) {
                bytes[n - 1] ^= 1;  // the second round differs in its last byte
            }
        }
    }
}

TEST_F(Hello, LargestSizeWorksAndOneMoreDoesNot) {
    std::vector<unsigned char> buffer(kMost + 1);
    ASSERT_EQ(file.read(buffer.data(), kMost), static_cast<ssize_t>(kMost));
    EXPECT_EQ(core_check(buffer.data(), kMost), [&] {
        kmodbench_sample sample{};
        EXPECT_EQ(file.last(sample), 0);
        return sample.check;
    }());
    EXPECT_GE(file.write(buffer.data(), kMost), 1);
    EXPECT_EQ(file.read(buffer.data(), kMost + 1), -E2BIG);
    EXPECT_EQ(file.write(buffer.data(), kMost + 1), -E2BIG);
    EXPECT_EQ(file.info().max_bytes, kMost);
}

TEST_F(Hello, ImpossibleSizesAreRefused) {
    char byte = 0;
    for (int power = 27; power < 64; ++power) {
        for (const int around : {-1, 0, 1}) {
            const std::size_t n = (std::size_t{1} << power) + static_cast<std::size_t>(around);
            const ssize_t read = file.read(&byte, n);
            const ssize_t written = file.write(&byte, n);
            EXPECT_TRUE(read == -E2BIG || read == -EFAULT || read == -EINVAL) << n << " " << read;
            EXPECT_TRUE(written == -E2BIG || written == -EFAULT || written == -EINVAL) << n;
        }
    }
    EXPECT_EQ(file.read(&byte, std::numeric_limits<std::size_t>::max()), -EFAULT);
    kmodbench_sample sample{};
    EXPECT_EQ(file.last(sample), -ENODATA) << "none of these was a measurement";
}

TEST_F(Hello, HalfMappedBuffersGiveEfaultAndNoSample) {
    char byte = 1;
    ASSERT_GE(file.write(&byte, 1), 1);
    for (const std::size_t inside :
         {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{5000}}) {
        const Cliff cliff(4);
        EXPECT_EQ(file.read(cliff.before_edge(inside), inside + 1), -EFAULT) << inside;
        EXPECT_EQ(file.write(cliff.before_edge(inside), inside + 1), -EFAULT) << inside;
        EXPECT_EQ(file.read(cliff.before_edge(inside), inside), static_cast<ssize_t>(inside));
        cliff.protect();
        if (inside > 0) {
            EXPECT_EQ(file.read(cliff.before_edge(inside), inside), -EFAULT) << inside;
            EXPECT_GE(file.write(cliff.before_edge(inside), inside), 1) << inside;
        }
    }
    EXPECT_EQ(file.read(nullptr, 1), -EFAULT);
    EXPECT_EQ(file.read(reinterpret_cast<void*>(0xffffffff81000000ULL), 64), -EFAULT);
    EXPECT_EQ(file.write(reinterpret_cast<void*>(0xffffffff81000000ULL), 64), -EFAULT);
    kmodbench_sample sample{};
    ASSERT_EQ(file.last(sample), 0);
    EXPECT_EQ(sample.seq, 1U + 4U + 3U - 1U) << "a failed copy left a sample";
}

TEST_F(Hello, HasNoPosition) {
    char byte = 0;
    EXPECT_EQ(::lseek(file.fd(), 1, SEEK_SET), -1);
    EXPECT_EQ(errno, ESPIPE);
    for (const off_t offset :
         {off_t{0}, off_t{1}, off_t{1} << 31, off_t{1} << 61, std::numeric_limits<off_t>::max()}) {
        EXPECT_EQ(::pread(file.fd(), &byte, 1, offset), -1);
        EXPECT_EQ(errno, ESPIPE);
        EXPECT_EQ(::pwrite(file.fd(), &byte, 1, offset), -1);
        EXPECT_EQ(errno, ESPIPE);
    }
    EXPECT_EQ(::pread(file.fd(), &byte, 1, -1), -1);
}

TEST_F(Hello, VectorsSplicesAndPolls) {
    set("copy", 0, 5);
    char first[16];
    char second[16];
    iovec parts[2] = {{first, sizeof first}, {second, sizeof second}};
    EXPECT_EQ(::readv(file.fd(), parts, 2), 32);
    EXPECT_EQ(std::memcmp(first, second, sizeof first), 0);
    int pipes[2];
    ASSERT_EQ(::pipe(pipes), 0);
    EXPECT_EQ(::splice(file.fd(), nullptr, pipes[1], nullptr, 4096, 0), -1);
    EXPECT_EQ(::sendfile(pipes[1], file.fd(), nullptr, 4096), -1);
    ::close(pipes[0]);
    ::close(pipes[1]);
    pollfd wait{file.fd(), POLLIN | POLLOUT, 0};
    EXPECT_EQ(::poll(&wait, 1, 0), 1);
    EXPECT_EQ(wait.revents, POLLIN | POLLOUT);
}

TEST_F(Hello, AccessModesAreKept) {
    const Opener reader("hello", O_RDONLY);
    const Opener writer("hello", O_WRONLY);
    char byte = 0;
    EXPECT_EQ(reader.write(&byte, 1), -EBADF);
    EXPECT_EQ(writer.read(&byte, 1), -EBADF);
}

TEST_F(Hello, RunCopiesRightBytes) {
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(20, &bytes), 0);
    const RingView ring(file, bytes);
    ASSERT_TRUE(ring.mapped());
    for (const std::size_t n : kSizes) {
        set("copy", n, n + 1, n < 1000 ? 100 : 1);
        ASSERT_EQ(file.run(20, 2), 0);
        ASSERT_EQ(ring.header().count, 20U);
        const auto expected = pattern(n + 1, n);
        const std::uint64_t check = core_check(expected.data(), n);
        for (std::uint64_t i = 0; i < 20; ++i) {
            ASSERT_EQ(ring[i].check, check) << n;
            ASSERT_EQ(ring[i].work_ns, ring[i].total_ns);
        }
    }
}

// The probe must see what can be made to happen without luck.
TEST_F(Hello, FaultsAreCountedWhereTheyHappen) {
    constexpr std::size_t bytes = 64 * 4096;
    auto* const fresh = static_cast<char*>(
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(static_cast<void*>(fresh), MAP_FAILED);
    ::madvise(fresh, bytes, MADV_NOHUGEPAGE);
    kmodbench_sample sample{};
    ASSERT_EQ(file.read(fresh, bytes), static_cast<ssize_t>(bytes));
    ASSERT_EQ(file.last(sample), 0);
    ASSERT_NE(sample.valid & KMODBENCH_HAS_FAULTS, 0U);
    EXPECT_EQ(sample.faults, 64U) << "one fault for each fresh page";
    ASSERT_EQ(file.read(fresh, bytes), static_cast<ssize_t>(bytes));
    ASSERT_EQ(file.last(sample), 0);
    EXPECT_EQ(sample.faults, 0U) << "no fault on pages that are there";
    ::munmap(fresh, bytes);
}

TEST_F(Hello, CpuIsTheOneTheCallerIsPinnedTo) {
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &before)) {
            continue;
        }
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
        char byte = 0;
        kmodbench_sample sample{};
        ASSERT_EQ(file.read(&byte, 1), 1);
        ASSERT_EQ(file.last(sample), 0);
        EXPECT_EQ(sample.cpu, cpu);
        EXPECT_EQ(sample.cpu_end, cpu);
    }
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

// Work far longer than a tick cannot have gone without one.
TEST_F(Hello, LongWorkSawTheTimer) {
    set("copy", kMost / 2, 1, 8);
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(1, &bytes), 0);
    kmodbench_sample sample{};
    do {
        ASSERT_EQ(file.run(1), 0);
        ASSERT_EQ(file.last(sample), 0);
    } while (sample.total_ns < 30'000'000 && sample.seq < 20);
    if (sample.total_ns < 30'000'000) {
        GTEST_SKIP() << "the machine copies 256 MiB within three ticks";
    }
    ASSERT_NE(sample.valid & KMODBENCH_HAS_IRQS, 0U);
    EXPECT_GT(sample.irqs, 0U);
}

}  // namespace
}  // namespace kmb::kernel_test
