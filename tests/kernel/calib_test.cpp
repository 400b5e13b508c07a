// /dev/calib: the probe against planted truth.
#include <gtest/gtest.h>
#include <kmodbench.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

constexpr std::uint64_t kPpm = 1'000'000;

struct Cause {
    const char* name;
    std::uint64_t bit;
    std::uint32_t counter;  // KMODBENCH_HAS_* that must show it, 0 for the CPU
};

constexpr Cause kCauses[] = {
    {"irq", KMODBENCH_TRUTH_IRQ, KMODBENCH_HAS_IRQS},
    {"softirq", KMODBENCH_TRUTH_SOFTIRQ, KMODBENCH_HAS_SOFTIRQS},
    {"sleep", KMODBENCH_TRUTH_SLEEP, KMODBENCH_HAS_NVCSW},
    {"preempt", KMODBENCH_TRUTH_PREEMPT, KMODBENCH_HAS_NIVCSW},
    {"fault", KMODBENCH_TRUTH_FAULT, KMODBENCH_HAS_FAULTS},
    {"migrate", KMODBENCH_TRUTH_MIGRATE, 0},
};

bool shows(const kmodbench_sample& s, const Cause& cause) {
    switch (cause.counter) {
        case KMODBENCH_HAS_IRQS:
            return s.irqs > 0;
        case KMODBENCH_HAS_SOFTIRQS:
            return s.softirqs > 0;
        case KMODBENCH_HAS_NVCSW:
            return s.nvcsw > 0;
        case KMODBENCH_HAS_NIVCSW:
            return s.nivcsw > 0;
        case KMODBENCH_HAS_FAULTS:
            return s.faults > 0;
        default:
            return s.cpu != s.cpu_end;
    }
}

bool simulated() {
    const char* target = std::getenv("KMB_TARGET");
    return target != nullptr && std::strcmp(target, "sim") == 0;
}

class Calib : public ::testing::Test {
  protected:
    Opener file{"calib"};
    void SetUp() override {
        if (file.fd() < 0) {
            GTEST_FAIL() << "calib is not loaded";
        }
    }

    kmodbench_problem problem(const char* variant, std::uint64_t delay) const {
        kmodbench_problem p{};
        p.variant = file.variant(variant);
        p.n = delay;
        return p;
    }

    std::vector<kmodbench_sample> measure(const kmodbench_problem& p, std::uint64_t repetitions,
                                          std::uint64_t warmup = 0) const {
        std::uint64_t bytes = 0;
        EXPECT_EQ(file.set(p), 0);
        EXPECT_EQ(file.ring(repetitions, &bytes), 0);
        EXPECT_EQ(file.run(repetitions, warmup), 0);
        const RingView ring(file, bytes);
        if (!ring.mapped() || ring.header().count != repetitions) {
            ADD_FAILURE() << "samples are missing";
            return {};
        }
        return {&ring[0], &ring[0] + repetitions};
    }
};

std::uint64_t planted_delay(const kmodbench_sample& s) {
    return s.truth >> KMODBENCH_TRUTH_DELAY_SHIFT;
}

// Median of the samples that nothing disturbed.
std::int64_t quiet_median(const std::vector<kmodbench_sample>& samples) {
    std::vector<std::int64_t> quiet;
    for (const auto& s : samples) {
        if (s.irqs == 0 && s.nvcsw == 0 && s.nivcsw == 0 && s.faults == 0 && s.cpu == s.cpu_end) {
            quiet.push_back(s.total_ns);
        }
    }
    if (quiet.empty()) {
        ADD_FAILURE() << "every sample was disturbed";
        return 0;
    }
    const auto middle = quiet.begin() + static_cast<std::ptrdiff_t>(quiet.size() / 2);
    std::nth_element(quiet.begin(), middle, quiet.end());
    return *middle;
}

TEST_F(Calib, EveryPlantedDisturbanceIsSeen) {
    const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
    std::printf("%-8s %8s %8s %8s %14s\n", "cause", "samples", "planted", "seen", "seen unplanted");
    for (const Cause& cause : kCauses) {
        kmodbench_problem p = problem("fixed", 2000);
        p.seed = 11;
        p.argument[2] = cause.bit;
        p.argument[3] = kPpm / 10;
        const auto samples = measure(p, 3000);
        long planted = 0;
        long seen = 0;
        long unplanted_seen = 0;
        for (const auto& s : samples) {
            ASSERT_NE(s.valid & KMODBENCH_HAS_TRUTH, 0U);
            ASSERT_EQ(s.truth & KMODBENCH_TRUTH_CAUSES & ~cause.bit, 0U);
            ASSERT_EQ(planted_delay(s), 2000U);
            const bool here = (s.truth & cause.bit) != 0;
            planted += here;
            seen += here && shows(s, cause);
            unplanted_seen += !here && shows(s, cause);
        }
        std::printf("%-8s %8zu %8ld %8ld %14ld\n", cause.name, samples.size(), planted, seen,
                    unplanted_seen);
        if (cause.bit == KMODBENCH_TRUTH_MIGRATE && cpus == 1) {
            EXPECT_EQ(planted, 0) << "there is nowhere to go";
            continue;
        }
        if (cause.counter != 0 && (samples[0].valid & cause.counter) == 0) {
            std::printf("%-8s is not counted on this kernel\n", cause.name);
            continue;
        }
        EXPECT_GT(planted, 150) << cause.name << ": one in ten of 3000 were to be planted";
        EXPECT_GE(100 * seen, 99 * planted) << cause.name;
        // Real ones fall in too: ticks while the work ran, which may run softirqs or wake a
        // thread that takes the CPU, and little else.
        std::int64_t busy_ns = 0;
        for (const auto& s : samples) {
            busy_ns += (s.truth & cause.bit) != 0 ? 0 : s.total_ns;
        }
        const std::int64_t ticks = busy_ns / 1'000'000 + 1;  // at 1000 a second, the most
        const bool by_tick = cause.counter == KMODBENCH_HAS_IRQS ||
                             cause.counter == KMODBENCH_HAS_SOFTIRQS ||
                             cause.counter == KMODBENCH_HAS_NIVCSW;
        EXPECT_LE(unplanted_seen, (by_tick ? 2 * ticks : 0) + 3) << cause.name;
    }
}

TEST_F(Calib, SleepIsTimeOffTheCpu) {
    kmodbench_problem p = problem("fixed", 0);
    p.argument[2] = KMODBENCH_TRUTH_SLEEP;
    p.argument[3] = kPpm;
    int slept = 0;
    for (const auto& s : measure(p, 50)) {
        ASSERT_NE(s.valid & KMODBENCH_HAS_OFF_CPU, 0U);
        // Where the machine is slow the timer comes before the task has left its CPU.
        EXPECT_EQ(s.off_cpu_ns > 0, s.nvcsw + s.nivcsw > 0);
        EXPECT_LE(s.off_cpu_ns, s.total_ns + s.total_ns / 100);
        slept += s.off_cpu_ns >= 100'000;
    }
    EXPECT_GT(slept, 0) << "it slept 200 us each time";
    p = problem("fixed", 100);
    for (const auto& s : measure(p, 1000)) {
        if (s.nvcsw == 0 && s.nivcsw == 0) {
            ASSERT_EQ(s.off_cpu_ns, 0) << "off the CPU without a switch";
        }
    }
}

TEST_F(Calib, ShapesAreAsPlanned) {
    kmodbench_problem p = problem("step", 100);
    p.argument[0] = 50;
    p.argument[1] = 30;
    auto samples = measure(p, 60, 10);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(planted_delay(samples[i]), i + 10 < 30 ? 100U : 150U) << i;
    }
    p.variant = file.variant("drift");
    p.argument[1] = 7;
    samples = measure(p, 60);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(planted_delay(samples[i]), 100 + 50 * (i / 7) + 50 * (i % 7) / 7) << i;
    }
    p.variant = file.variant("warm-up");
    p.argument[0] = 1024;
    p.argument[1] = 3;
    samples = measure(p, 60);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(planted_delay(samples[i]), 100U + (1024U >> (i / 3))) << i;
    }
    p.variant = file.variant("two-modes");
    p.argument[1] = kPpm / 4;
    samples = measure(p, 4000);
    const auto high = std::count_if(samples.begin(), samples.end(), [](const auto& s) {
        EXPECT_TRUE(planted_delay(s) == 100 || planted_delay(s) == 1124);
        return planted_delay(s) == 1124;
    });
    EXPECT_NEAR(static_cast<double>(high), 1000, 150);
}

TEST_F(Calib, SameSeedSamePlan) {
    kmodbench_problem p = problem("two-modes", 10);
    p.argument[0] = 10;
    p.argument[1] = kPpm / 2;
    p.argument[2] = KMODBENCH_TRUTH_IRQ | KMODBENCH_TRUTH_FAULT;
    p.argument[3] = kPpm / 5;
    p.seed = 3;
    const auto first = measure(p, 500);
    const auto again = measure(p, 500);
    p.seed = 4;
    const auto other = measure(p, 500);
    std::size_t same = 0;
    for (std::size_t i = 0; i < 500; ++i) {
        EXPECT_EQ(first[i].truth, again[i].truth) << i;
        same += first[i].truth == other[i].truth;
    }
    EXPECT_LT(same, 400U);
}

TEST_F(Calib, BadPlansAreRefused) {
    const auto refused = [&](const char* variant, int error, auto&& change) {
        kmodbench_problem p = problem(variant, 10);
        change(p);
        EXPECT_EQ(file.set(p), -error) << variant;
    };
    refused("fixed", EINVAL, [](auto& p) { p.argument[0] = 1; });
    refused("fixed", EINVAL, [](auto& p) { p.argument[1] = 1; });
    refused("fixed", EINVAL, [](auto& p) { p.argument[2] = 0x40, p.argument[3] = 1; });
    refused("fixed", EINVAL, [](auto& p) { p.argument[2] = 1; });
    refused("fixed", EINVAL, [](auto& p) { p.argument[3] = 1; });
    refused("fixed", EINVAL, [](auto& p) { p.argument[2] = 1, p.argument[3] = kPpm + 1; });
    refused("fixed", EINVAL, [](auto& p) { p.type = 2; });
    refused("fixed", E2BIG, [](auto& p) { p.n = 10'000'001; });
    refused("fixed", E2BIG, [](auto& p) { p.n = 10'000'000, p.batch = 2; });
    refused("fixed", EINVAL, [](auto& p) { p.flags = 1; });
    refused("drift", EINVAL, [](auto&) {});
    refused("drift", EINVAL, [](auto& p) { p.argument[1] = std::uint64_t{1} << 33; });
    refused("warm-up", EINVAL, [](auto&) {});
    refused("step", E2BIG, [](auto& p) { p.argument[0] = ~std::uint64_t{0}; });
    refused("two-modes", EINVAL, [](auto& p) { p.argument[1] = kPpm + 1; });
}

TEST_F(Calib, ReadAndWriteMeasureToo) {
    kmodbench_problem p = problem("fixed", 1000);
    p.type = 1;
    p.argument[2] = KMODBENCH_TRUTH_IRQ;
    p.argument[3] = kPpm;
    ASSERT_EQ(file.set(p), 0);
    std::uint64_t truth = 0;
    EXPECT_EQ(file.read(&truth, 7), -EINVAL);
    ASSERT_EQ(file.read(&truth, 100), 8);
    EXPECT_EQ(truth, KMODBENCH_TRUTH_IRQ | 1000U << KMODBENCH_TRUTH_DELAY_SHIFT);
    kmodbench_sample sample{};
    ASSERT_EQ(file.last(sample), 0);
    EXPECT_EQ(sample.truth, truth);
    EXPECT_GE(sample.work_ns, 1000);
    EXPECT_GE(sample.irqs, 1U);
    EXPECT_EQ(file.read(nullptr, 8), -EFAULT);
    EXPECT_GE(file.write(nullptr, 0), 1000);
    ASSERT_EQ(file.last(sample), 0);
    EXPECT_EQ(sample.seq, 1U);
}

// A planted migration must not leave the caller anywhere but where it was allowed.
TEST_F(Calib, AffinityIsGivenBack) {
    cpu_set_t before;
    cpu_set_t after;
    cpu_set_t one;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    kmodbench_problem p = problem("fixed", 0);
    p.argument[2] = KMODBENCH_TRUTH_MIGRATE | KMODBENCH_TRUTH_FAULT | KMODBENCH_TRUTH_PREEMPT;
    p.argument[3] = kPpm;
    measure(p, 20);
    ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
    EXPECT_TRUE(CPU_EQUAL(&one, &after));
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

// What was held is truth only if the probe plays no part in it: it lies inside the bracket, is
// no less than asked for, and in the simulated guest it leaves one constant beside it.
TEST_F(Calib, SaysHowLongItsDelaysWere) {
    for (const auto& s : measure(problem("fixed", 1234), 20)) {
        EXPECT_EQ(s.check, 1234U) << "turns are held as they are";
    }
    kmodbench_problem p = problem("fixed", 3001);
    p.type = 1;
    std::int64_t beside = -1;
    for (const std::uint32_t batch : {1U, 3U}) {
        p.batch = batch;
        for (const auto& s : measure(p, 200)) {
            const auto held = static_cast<std::int64_t>(s.check);
            ASSERT_GE(held, batch * 3001);
            ASSERT_LT(held, s.total_ns);
            if (simulated() && batch == 1 && s.irqs == 0) {
                beside = beside < 0 ? s.total_ns - held : beside;
                EXPECT_LE(std::abs(s.total_ns - held - beside), 2);
            }
        }
    }
    p.batch = 1;
    p.argument[2] = KMODBENCH_TRUTH_SLEEP;
    p.argument[3] = kPpm;
    for (const auto& s : measure(p, 20)) {
        if (s.nvcsw > 0) {
            EXPECT_GE(s.total_ns - static_cast<std::int64_t>(s.check), s.off_cpu_ns / 2)
                << "the sleep is no part of the delay";
        }
    }
}

TEST_F(Calib, SimulatedDelaysAreExact) {
    if (!simulated()) {
        GTEST_SKIP() << "only the simulated guest counts instructions";
    }
    const auto empty = measure(problem("nop", 0), 1000, 10);
    for (const auto& s : empty) {
        // The clock rounds to whole ns, so a constant may appear as two neighbours.
        EXPECT_LE(std::abs(s.total_ns - empty[0].total_ns), s.irqs > 0 ? 100000 : 1);
    }
    const std::int64_t base = quiet_median(measure(problem("fixed", 2), 501, 10));
    for (const std::uint64_t turns : {12U, 102U, 1002U, 10002U}) {
        const std::int64_t with = quiet_median(measure(problem("fixed", turns), 501, 10));
        EXPECT_LE(std::abs(with - base - 2 * static_cast<std::int64_t>(turns - 2)), 1)
            << turns << " turns of two instructions";
    }
}

}  // namespace
}  // namespace kmb::kernel_test
