// 32-bit callers: the same bytes mean the same. A 64-bit program can make 32-bit
// system calls by int 0x80 on arguments that lie below 4 GiB.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

#ifdef __x86_64__

class Low {
  public:
    Low()
        : base_(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0)) {
        EXPECT_NE(base_, MAP_FAILED);
    }
    ~Low() { ::munmap(base_, 4096); }
    Low(const Low&) = delete;
    Low& operator=(const Low&) = delete;
    template <typename T>
    T& as() const {
        static_assert(sizeof(T) <= 4096);
        return *static_cast<T*>(base_);
    }
    [[nodiscard]] void* base() const { return base_; }

  private:
    void* base_;
};

long call32(long number, long first, long second, long third) {
    long result = 0;
    asm volatile("int $0x80"
                 : "=a"(result)
                 : "a"(number), "b"(first), "c"(second), "d"(third)
                 : "memory", "r8", "r9", "r10", "r11");
    return result;
}

constexpr long kGetpid32 = 20;
constexpr long kIoctl32 = 54;

class Compat : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (call32(kGetpid32, 0, 0, 0) == -ENOSYS) {
            GTEST_SKIP() << "this kernel takes no 32-bit system calls";
        }
    }
    long ioctl32(unsigned long command) const {
        return call32(kIoctl32, file.fd(), static_cast<long>(command),
                      reinterpret_cast<long>(memory.base()));
    }
    Opener file{GetParam()};
    Low memory;
};

TEST_P(Compat, InfoIsTheSame) {
    auto& info = memory.as<kmodbench_info>();
    info = {};
    info.size = sizeof info;
    ASSERT_EQ(ioctl32(KMODBENCH_INFO), 0);
    const kmodbench_info expected = file.info();
    EXPECT_EQ(std::memcmp(&info, &expected, sizeof info), 0);
}

TEST_P(Compat, ProblemRingRunAndLast) {
    auto& problem = memory.as<kmodbench_problem>();
    problem = {};
    problem.size = sizeof problem;
    problem.variant = file.variant("nop");
    problem.n = 0x123456789ULL;
    problem.batch = 17;
    ASSERT_EQ(ioctl32(KMODBENCH_SET), 0);
    problem.size = 68;
    EXPECT_EQ(ioctl32(KMODBENCH_SET), -EINVAL);
    auto& setup = memory.as<kmodbench_ring_setup>();
    setup = {};
    setup.size = sizeof setup;
    setup.capacity = 4;
    ASSERT_EQ(ioctl32(KMODBENCH_RING), 0);
    EXPECT_EQ(setup.bytes, 4096U);
    auto& run = memory.as<kmodbench_run>();
    run = {};
    run.size = sizeof run;
    run.repetitions = 4;
    ASSERT_EQ(ioctl32(KMODBENCH_RUN), 0);
    EXPECT_EQ(run.done, 4U);
    ASSERT_EQ(ioctl32(KMODBENCH_LAST), 0);
    EXPECT_EQ(memory.as<kmodbench_sample>().batch, 17U);
    EXPECT_EQ(memory.as<kmodbench_sample>().seq, 3U);
    EXPECT_EQ(ioctl32(_IO(KMODBENCH_IOC, 0x70)), -ENOTTY);
}

INSTANTIATE_TEST_SUITE_P(Devices, Compat, ::testing::ValuesIn(devices()),
                         [](const auto& row) { return row.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Compat);

#endif

}  // namespace
}  // namespace kmb::kernel_test
