// Every allocation and every user copy of every call fails once, one after the other: the
// call says so with the right error, and the next one works on the same file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "fault_point.h"
#include "opener.h"

namespace kmb::kernel_test {
namespace {

constexpr unsigned kMostPoints = 5000;
constexpr std::size_t kBytes = 40000;  // ten pages, each a point

// What a call needs; made without faults.
struct Stage {
    explicit Stage(const std::string& device) : node("/dev/" + device) {
        fd = ::open(node.c_str(), O_RDWR | O_CLOEXEC);
        info.size = sizeof info;
        variant.size = sizeof variant;
        ring.size = sizeof ring;
        ring.capacity = 500;
        run.size = sizeof run;
        run.repetitions = 3;
        counts.size = sizeof counts;
        work.size = sizeof work;
        problem.size = sizeof problem;
        problem.n = device == "fibonacci" ? 40000 : device == "calib" ? 10 : 5000;
        if (device == "calib") {
            problem.argument[2] = KMODBENCH_TRUTH_CAUSES & ~std::uint64_t{0xc0};
            problem.argument[3] = 1'000'000;
        }
        if (device == "fibonacci") {
            // What read() and write() compute.
            ::lseek(fd, 30000, SEEK_SET);
        }
        write_bytes = device == "fibonacci" ? 0 : kBytes;
    }
    ~Stage() {
        if (mapped != MAP_FAILED) {
            ::munmap(mapped, 4096);
        }
        if (fd >= 0) {
            ::close(fd);
        }
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    int call(unsigned long command, void* value) const {
        return ::ioctl(fd, command, value) == 0 ? 0 : errno;
    }

    std::string node;
    int fd = -1;
    void* mapped = MAP_FAILED;
    std::size_t write_bytes = 0;
    kmodbench_info info{};
    kmodbench_variant variant{};
    kmodbench_problem problem{};
    kmodbench_ring_setup ring{};
    kmodbench_run run{};
    kmodbench_sample sample{};
    kmodbench_counts counts{};
    kmodbench_work work{};
    std::vector<char> buffer = std::vector<char>(kBytes);
};

struct Way {
    const char* name;
    void (*prepare)(Stage& s);  // what has to come first
    int (*act)(Stage& s);       // 0 or the error number
};

void nothing(Stage&) {}

void with_ring(Stage& s) {
    s.call(KMODBENCH_SET, &s.problem);
    s.call(KMODBENCH_RING, &s.ring);
}

void with_sample(Stage& s) {
    with_ring(s);
    s.call(KMODBENCH_RUN, &s.run);
}

int transfer(long result) {
    return result >= 0 ? 0 : errno;
}

// Sorted by name.
constexpr std::array kWays = {
    Way{"count", [](Stage& s) { s.call(KMODBENCH_SET, &s.problem); },
        [](Stage& s) { return s.call(KMODBENCH_COUNT, &s.counts); }},
    Way{"count without memory", nothing,
        [](Stage& s) { return s.call(KMODBENCH_COUNT, &s.counts); }},
    Way{"info", nothing, [](Stage& s) { return s.call(KMODBENCH_INFO, &s.info); }},
    Way{"last", with_sample, [](Stage& s) { return s.call(KMODBENCH_LAST, &s.sample); }},
    Way{"mmap", with_ring,
        [](Stage& s) {
            s.mapped = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, s.fd, 0);
            return s.mapped == MAP_FAILED ? errno : 0;
        }},
    Way{"open",
        [](Stage& s) {
            ::close(s.fd);
            s.fd = -1;
        },
        [](Stage& s) {
            s.fd = ::open(s.node.c_str(), O_RDWR | O_CLOEXEC);
            return s.fd >= 0 ? 0 : errno;
        }},
    Way{"read", nothing,
        [](Stage& s) { return transfer(::read(s.fd, s.buffer.data(), s.buffer.size())); }},
    Way{"ring", nothing, [](Stage& s) { return s.call(KMODBENCH_RING, &s.ring); }},
    Way{"run", with_ring, [](Stage& s) { return s.call(KMODBENCH_RUN, &s.run); }},
    Way{"set", nothing, [](Stage& s) { return s.call(KMODBENCH_SET, &s.problem); }},
    Way{"variant", nothing, [](Stage& s) { return s.call(KMODBENCH_VARIANT, &s.variant); }},
    Way{"work", with_sample, [](Stage& s) { return s.call(KMODBENCH_WORK, &s.work); }},
    Way{"write", nothing,
        [](Stage& s) { return transfer(::write(s.fd, s.buffer.data(), s.write_bytes)); }},
};

bool is_a_fault(int error) {
    return error == ENOMEM || error == EFAULT || error == EAGAIN || error == ENFILE;
}

struct Tally {
    unsigned points = 0;    // that came
    unsigned refused = 0;   // the call said so
    unsigned absorbed = 0;  // the call did without
};

class Faults : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!fault_.supported()) {
            GTEST_SKIP() << "this kernel makes no faults (CONFIG_FAULT_INJECTION)";
        }
        allow_faults();
    }

    // False when no point of that number came any more.
    bool fail_one(const Way& way, unsigned point, int usual, Tally& tally) {
        Stage stage(GetParam());
        way.prepare(stage);
        fault_.set(point);
        const int error = way.act(stage);
        const bool came = fault_.take();
        if (!came) {
            EXPECT_EQ(error, usual) << way.name << " after its last point";
            return false;
        }
        ++tally.points;
        (error == usual ? tally.absorbed : tally.refused) += 1;
        EXPECT_TRUE(error == usual || is_a_fault(error))
            << way.name << ", point " << point << ": " << std::strerror(error);
        if (error != 0) {
            EXPECT_EQ(way.act(stage), usual) << way.name << " again after point " << point;
        }
        return true;
    }

    FaultPoint fault_;
};

TEST_P(Faults, EachPointFailsOnceAndTheNextCallWorks) {
    Tally all;
    for (const Way& way : kWays) {
        int usual = 0;
        {
            Stage stage(GetParam());
            way.prepare(stage);
            usual = way.act(stage);
        }
        Tally tally;
        unsigned point = 1;
        while (point <= kMostPoints && fail_one(way, point, usual, tally)) {
            ++point;
        }
        EXPECT_LE(point, kMostPoints) << way.name << " has no last point";
        std::printf("faults: %-10s %-21s %4u points, %4u refused, %4u done without\n",
                    GetParam().c_str(), way.name, tally.points, tally.refused, tally.absorbed);
        all.points += tally.points;
        all.refused += tally.refused;
        all.absorbed += tally.absorbed;
    }
    std::printf("faults: %-10s %-21s %4u points, %4u refused, %4u done without\n",
                GetParam().c_str(), "in all", all.points, all.refused, all.absorbed);
    EXPECT_GT(all.refused, 20U) << "hardly anything was made to fail";
}

INSTANTIATE_TEST_SUITE_P(Devices, Faults, ::testing::ValuesIn(devices()),
                         [](const auto& row) { return row.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Faults);

}  // namespace
}  // namespace kmb::kernel_test
