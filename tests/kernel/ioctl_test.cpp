// The error matrix of the ioctls, on every device there is.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <set>
#include <string>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

class Ioctls : public ::testing::TestWithParam<std::string> {
  protected:
    Opener file{GetParam()};

    // A valid problem whose traces show which one is set: nop with a batch.
    void set_nop(std::uint32_t batch) const {
        kmodbench_problem problem{};
        problem.variant = file.variant("nop");
        problem.batch = batch;
        ASSERT_EQ(file.set(problem), 0);
    }
    void expect_nop(std::uint32_t batch) const {
        ASSERT_EQ(file.ring(1), 0);
        ASSERT_EQ(file.run(1), 0);
        kmodbench_sample sample{};
        ASSERT_EQ(file.last(sample), 0);
        EXPECT_EQ(sample.batch, batch) << "a failed command changed the problem";
    }
};

// Every structure with the largest size of all in front, so that one buffer serves.
struct Command {
    const char* name;
    unsigned long number;
    std::uint32_t size;
    bool reserved;  // a __u32 behind size must be 0
};

constexpr Command kCommands[] = {
    {"INFO", KMODBENCH_INFO, sizeof(kmodbench_info), false},
    {"VARIANT", KMODBENCH_VARIANT, sizeof(kmodbench_variant), false},
    {"SET", KMODBENCH_SET, sizeof(kmodbench_problem), false},
    {"RING", KMODBENCH_RING, sizeof(kmodbench_ring_setup), true},
    {"RUN", KMODBENCH_RUN, sizeof(kmodbench_run), true},
    {"COUNT", KMODBENCH_COUNT, sizeof(kmodbench_counts), true},
    {"WORK", KMODBENCH_WORK, sizeof(kmodbench_work), true},
};

// Those that not every device has.
bool optional(const Command& command) {
    return command.number == KMODBENCH_COUNT || command.number == KMODBENCH_WORK;
}

struct Argument {
    std::uint32_t words[160] = {};
};

TEST_P(Ioctls, InfoIsComplete) {
    const kmodbench_info info = file.info();
    EXPECT_EQ(info.size, sizeof info);
    EXPECT_GE(info.variants, 2U);
    EXPECT_EQ(info.sample_size, sizeof(kmodbench_sample));
    EXPECT_EQ(info.counters & ~0x1ffU, 0U);
    EXPECT_NE(info.counters & KMODBENCH_HAS_NVCSW, 0U);
    EXPECT_GE(info.max_samples, 1U);
    EXPECT_GE(info.clock_step_ns, 1U);
    EXPECT_GT(::strnlen(info.name, sizeof info.name), 0U);
    EXPECT_LT(::strnlen(info.name, sizeof info.name), sizeof info.name);
}

TEST_P(Ioctls, NodeIsForItsOwnerOnly) {
    struct stat node {};
    ASSERT_EQ(::fstat(file.fd(), &node), 0);
    EXPECT_EQ(node.st_mode & 07777U, 0600U);
}

TEST_P(Ioctls, VariantNamesAreUniqueAndLeakNothing) {
    std::set<std::string> names;
    const auto all = file.variants();
    for (const auto& row : all) {
        const std::size_t length = ::strnlen(row.name, sizeof row.name);
        ASSERT_LT(length, sizeof row.name);
        ASSERT_GT(length, 0U);
        EXPECT_TRUE(names.insert(row.name).second) << row.name << " twice";
        for (std::size_t i = length; i < sizeof row.name; ++i) {
            EXPECT_EQ(row.name[i], '\0') << row.name << " carries bytes behind its end";
        }
    }
    EXPECT_STREQ(all.back().name, "nop");
}

TEST_P(Ioctls, WrongSizeIsRefused) {
    for (const Command& command : kCommands) {
        Argument argument;
        argument.words[0] = command.size;
        if (optional(command) && file.ioctl(command.number, &argument) == -ENOTTY) {
            continue;
        }
        for (const std::uint32_t size :
             {0U, command.size - 1, command.size + 1, 0xffffffffU, 0x80000000U}) {
            argument = {};
            argument.words[0] = size;
            EXPECT_EQ(file.ioctl(command.number, &argument), -EINVAL)
                << command.name << " size " << size;
        }
    }
}

TEST_P(Ioctls, ReservedFieldIsRefused) {
    for (const Command& command : kCommands) {
        Argument argument;
        argument.words[0] = command.size;
        argument.words[1] = 0x80000000U;
        if (command.reserved) {
            const int result = file.ioctl(command.number, &argument);
            EXPECT_TRUE(result == -EINVAL || (result == -ENOTTY && optional(command)))
                << command.name << " gave " << result;
        }
    }
}

TEST_P(Ioctls, BadPointersGiveEfaultAndChangeNothing) {
    set_nop(7);
    void* const kernel = reinterpret_cast<void*>(0xffff888000000000ULL);
    for (const Command& command : kCommands) {
        Argument probe;
        probe.words[0] = command.size;
        if (optional(command) && file.ioctl(command.number, &probe) == -ENOTTY) {
            continue;
        }
        EXPECT_EQ(file.ioctl(command.number, nullptr), -EFAULT) << command.name;
        EXPECT_EQ(file.ioctl(command.number, kernel), -EFAULT) << command.name;
        EXPECT_EQ(file.ioctl(command.number, reinterpret_cast<void*>(~0UL)), -EFAULT)
            << command.name;
        for (const std::size_t inside :
             {std::size_t{0}, std::size_t{4}, std::size_t{command.size} - 1}) {
            const Cliff cliff;
            void* const half = cliff.before_edge(inside);
            if (inside >= 4) {
                std::memcpy(half, &command.size, 4);
            }
            EXPECT_EQ(file.ioctl(command.number, half), -EFAULT)
                << command.name << " with " << inside << " bytes mapped";
        }
    }
    expect_nop(7);
}

// A result that cannot be delivered: the ring must stay, no sample may be lost.
TEST_P(Ioctls, ReadOnlyMemoryGivesEfaultAndChangesNothing) {
    set_nop(9);
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(5, &bytes), 0);
    ASSERT_EQ(file.run(5), 0);
    for (const Command& command : kCommands) {
        if (command.number == KMODBENCH_SET || optional(command)) {
            continue;
        }
        const Cliff cliff;
        auto* const argument = static_cast<std::uint32_t*>(cliff.before_edge(256));
        argument[0] = command.size;
        if (command.number == KMODBENCH_RING) {
            argument[2] = 3;
        }
        if (command.number == KMODBENCH_RUN) {
            argument[4] = 3;
        }
        cliff.protect();
        EXPECT_EQ(file.ioctl(command.number, argument), -EFAULT) << command.name;
    }
    const RingView view(file, bytes);
    ASSERT_TRUE(view.mapped());
    EXPECT_EQ(view.header().capacity, 5U);
    EXPECT_EQ(view.header().count, 5U);
}

TEST_P(Ioctls, UnknownCommandsGiveEnotty) {
    Argument argument;
    for (unsigned number = 0; number < 256; ++number) {
        for (const unsigned direction :
             {_IOC_NONE, _IOC_READ, _IOC_WRITE, _IOC_READ | _IOC_WRITE}) {
            for (const std::size_t size : {std::size_t{0}, std::size_t{4}, std::size_t{24},
                                           std::size_t{72}, std::size_t{120}}) {
                const unsigned long command = _IOC(direction, KMODBENCH_IOC, number, size);
                bool known = command == KMODBENCH_LAST;
                for (const Command& row : kCommands) {
                    known = known || row.number == command;
                }
                if (!known) {
                    ASSERT_EQ(file.ioctl(command, &argument), -ENOTTY)
                        << "number " << number << " direction " << direction << " size " << size;
                }
            }
        }
    }
    EXPECT_EQ(file.ioctl(TCGETS, &argument), -ENOTTY);
}

TEST_P(Ioctls, BadProblemsAreRefusedAndChangeNothing) {
    set_nop(3);
    const auto all = file.variants();
    const auto refused = [&](const char* what, auto&& change, int error) {
        kmodbench_problem problem{};
        problem.type = 0;
        while (all[0].types != 0 && (all[0].types & (1U << problem.type)) == 0) {
            ++problem.type;
        }
        change(problem);
        EXPECT_EQ(file.set(problem), -error) << what;
    };
    refused(
        "variant", [&](auto& p) { p.variant = static_cast<std::uint32_t>(all.size()); }, EINVAL);
    refused(
        "variant", [](auto& p) { p.variant = 0xffffffffU; }, EINVAL);
    refused(
        "type", [](auto& p) { p.type = 32; }, EINVAL);
    refused(
        "type", [](auto& p) { p.type = 0xffffffffU; }, EINVAL);
    refused(
        "pattern", [](auto& p) { p.pattern = 0xffffffffU; }, EINVAL);
    refused(
        "flag", [](auto& p) { p.flags = 4; }, EINVAL);
    refused(
        "flag", [](auto& p) { p.flags = 0x80000000U; }, EINVAL);
    refused(
        "batch", [](auto& p) { p.batch = KMODBENCH_BATCH_MAX + 1; }, E2BIG);
    refused(
        "batch", [](auto& p) { p.batch = 0xffffffffU; }, E2BIG);
    expect_nop(3);
}

TEST_P(Ioctls, TooLargeProblemsAreRefused) {
    for (const auto& row : file.variants()) {
        if (row.max_n == std::numeric_limits<std::uint64_t>::max()) {
            continue;
        }
        for (const std::uint64_t n : {std::uint64_t{row.max_n} + 1, std::uint64_t{1} << 63,
                                      std::numeric_limits<std::uint64_t>::max()}) {
            kmodbench_problem problem{};
            problem.variant = row.index;
            problem.n = n;
            while (row.types != 0 && (row.types & (1U << problem.type)) == 0) {
                ++problem.type;
            }
            const int result = file.set(problem);
            EXPECT_TRUE(result == -E2BIG || result == -EOVERFLOW)
                << row.name << " n " << n << " gave " << result;
        }
    }
}

TEST_P(Ioctls, QuietRunsAreForSmallWorkAndNeverForUserCopies) {
    kmodbench_problem problem{};
    problem.variant = file.variant("nop");
    for (const std::uint32_t flags : {1U, 2U, 3U}) {
        problem.flags = flags;
        ASSERT_EQ(file.set(problem), 0);
        ASSERT_EQ(file.ring(100), 0);
        EXPECT_EQ(file.run(100, 10), 0);
        char byte = 0;
        EXPECT_EQ(file.read(&byte, 1), -EINVAL);
        EXPECT_EQ(file.write(&byte, 1), -EINVAL);
    }
    for (const auto& row : file.variants()) {
        if (row.max_n >= std::uint64_t{1} << 20 && std::string(row.name) != "nop") {
            kmodbench_problem large{};
            large.variant = row.index;
            large.n = row.max_n;
            large.flags = KMODBENCH_RUN_IRQ_OFF;
            while (row.types != 0 && (row.types & (1U << large.type)) == 0) {
                ++large.type;
            }
            EXPECT_EQ(file.set(large), -EINVAL) << row.name;
        }
    }
}

TEST_P(Ioctls, LastBeforeAnythingIsEnodata) {
    kmodbench_sample sample{};
    EXPECT_EQ(file.last(sample), -ENODATA);
    EXPECT_EQ(file.ioctl(KMODBENCH_LAST, nullptr), -ENODATA);
}

// The measurement of the measurement by read() and write().
TEST_P(Ioctls, NopReadsNothingAndWritesATime) {
    set_nop(1);
    char untouched = 42;
    EXPECT_EQ(file.read(&untouched, 1), 0);
    EXPECT_EQ(file.read(nullptr, 1000), 0);
    EXPECT_EQ(untouched, 42);
    EXPECT_GE(file.write(nullptr, 1000), 1);
    kmodbench_sample sample{};
    ASSERT_EQ(file.last(sample), 0);
    EXPECT_EQ(sample.seq, 2U);
    EXPECT_EQ(sample.total_ns, sample.work_ns);
}

INSTANTIATE_TEST_SUITE_P(Devices, Ioctls, ::testing::ValuesIn(devices()),
                         [](const auto& row) { return row.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Ioctls);

}  // namespace
}  // namespace kmb::kernel_test
