// KMODBENCH_RUN and the mapped ring, on every device there is.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

const std::size_t kPage = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

class Ring : public ::testing::TestWithParam<std::string> {
  protected:
    Opener file{GetParam()};

    void set_nop(std::uint32_t batch = 1) const {
        kmodbench_problem problem{};
        problem.variant = file.variant("nop");
        problem.batch = batch;
        ASSERT_EQ(file.set(problem), 0);
    }
    // mmap() of the ring that must fail with `error`.
    void refused(const char* what, std::size_t bytes, int protection, int flags, off_t offset,
                 int error) const {
        errno = 0;
        void* const at = ::mmap(nullptr, bytes, protection, flags, file.fd(), offset);
        EXPECT_EQ(at, MAP_FAILED) << what;
        EXPECT_EQ(errno, error) << what;
        if (at != MAP_FAILED) {
            ::munmap(at, bytes);
        }
    }
};

TEST_P(Ring, RunNeedsARingAndFitsIt) {
    set_nop();
    EXPECT_EQ(file.run(1), -ENODATA);
    std::uint64_t done = 99;
    EXPECT_EQ(file.run(0, 10, &done), 0) << "warming up needs no ring";
    EXPECT_EQ(done, 0U);
    ASSERT_EQ(file.ring(10), 0);
    EXPECT_EQ(file.run(11), -E2BIG);
    EXPECT_EQ(file.run(std::numeric_limits<std::uint64_t>::max()), -E2BIG);
    EXPECT_EQ(file.run(10, 0, &done), 0);
    EXPECT_EQ(done, 10U);
}

TEST_P(Ring, CapacityHasBounds) {
    const std::uint64_t most = file.info().max_samples;
    std::uint64_t bytes = 0;
    EXPECT_EQ(file.ring(0), -EINVAL);
    EXPECT_EQ(file.ring(most + 1), -E2BIG);
    EXPECT_EQ(file.ring(std::uint64_t{1} << 63), -E2BIG);
    EXPECT_EQ(file.ring(std::numeric_limits<std::uint64_t>::max()), -E2BIG);
    ASSERT_EQ(file.ring(1, &bytes), 0);
    EXPECT_EQ(bytes, kPage);
    const int large = file.ring(most, &bytes);
    EXPECT_TRUE(large == 0 || large == -ENOMEM) << large;
}

TEST_P(Ring, SamplesAreCompleteAndInOrder) {
    set_nop(5);
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(1000, &bytes), 0);
    ASSERT_EQ(file.run(1000, 10), 0);
    const RingView ring(file, bytes);
    ASSERT_TRUE(ring.mapped());
    EXPECT_EQ(ring.header().sample_size, sizeof(kmodbench_sample));
    EXPECT_EQ(ring.header().capacity, 1000U);
    ASSERT_EQ(ring.header().count, 1000U);
    const std::uint32_t offered = file.info().counters;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const kmodbench_sample& s = ring[i];
        ASSERT_EQ(s.seq, i);
        ASSERT_EQ(s.batch, 5U);
        ASSERT_GE(s.total_ns, 0);
        ASSERT_EQ(s.total_ns, s.copy_in_ns + s.work_ns + s.copy_out_ns);
        ASSERT_EQ(s.valid & ~offered, 0U);
        if (i > 0) {
            ASSERT_GE(s.start_ns, ring[i - 1].start_ns + ring[i - 1].total_ns);
        }
    }
    kmodbench_sample last{};
    ASSERT_EQ(file.last(last), 0);
    EXPECT_EQ(std::memcmp(&last, &ring[999], sizeof last), 0);
    ASSERT_EQ(file.run(3), 0);
    EXPECT_EQ(ring.header().count, 3U) << "a ring holds the last run";
    EXPECT_EQ(ring[0].seq, 1000U);
}

TEST_P(Ring, MappingRules) {
    refused("no ring yet", kPage, PROT_READ, MAP_SHARED, 0, ENXIO);
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(1000, &bytes), 0);
    const auto page = static_cast<off_t>(kPage);
    refused("writable", bytes, PROT_READ | PROT_WRITE, MAP_SHARED, 0, EACCES);
    refused("write only", bytes, PROT_WRITE, MAP_SHARED, 0, EACCES);
    refused("private writable", bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, EACCES);
    refused("executable", bytes, PROT_READ | PROT_EXEC, MAP_SHARED, 0, EACCES);
    refused("offset", kPage, PROT_READ, MAP_SHARED, page, EINVAL);
    refused("offset", kPage, PROT_READ, MAP_SHARED, page << 40, EINVAL);
    refused("too long", bytes + kPage, PROT_READ, MAP_SHARED, 0, EINVAL);
    refused("much too long", bytes * 4096, PROT_READ, MAP_SHARED, 0, EINVAL);
    EXPECT_EQ(file.ring(1000), 0) << "a refused mapping does not hold the ring";
}

TEST_P(Ring, NothingMakesAMappingWritable) {
    set_nop();
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(10, &bytes), 0);
    ASSERT_EQ(file.run(10), 0);
    for (const int kind : {MAP_SHARED, MAP_PRIVATE}) {
        void* const at = ::mmap(nullptr, bytes, PROT_READ, kind, file.fd(), 0);
        ASSERT_NE(at, MAP_FAILED);
        EXPECT_EQ(::mprotect(at, bytes, PROT_READ | PROT_WRITE), -1);
        EXPECT_EQ(errno, EACCES);
        EXPECT_EQ(::mprotect(at, bytes, PROT_READ | PROT_EXEC), -1);
        EXPECT_EQ(::mremap(at, bytes, bytes * 2, MREMAP_MAYMOVE), MAP_FAILED);
        // The way of debuggers, which is stronger than the page's protection.
        const int memory = ::open("/proc/self/mem", O_RDWR | O_CLOEXEC);
        ASSERT_GE(memory, 0);
        const std::uint64_t forged = 77;
        EXPECT_LT(::pwrite(memory, &forged, sizeof forged, reinterpret_cast<off_t>(at) + 16), 0);
        ::close(memory);
        EXPECT_EQ(static_cast<kmodbench_ring*>(at)->count, 10U);
        EXPECT_EQ(::munmap(at, bytes), 0);
    }
}

TEST_P(Ring, FilesOpenedForWritingOnlyAreNotMapped) {
    const Opener writer(GetParam(), O_WRONLY);
    std::uint64_t bytes = 0;
    ASSERT_EQ(writer.ring(10, &bytes), 0);
    EXPECT_EQ(::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, writer.fd(), 0), MAP_FAILED);
    EXPECT_EQ(errno, EACCES);
    const Opener reader(GetParam(), O_RDONLY);
    ASSERT_EQ(reader.ring(10, &bytes), 0);
    const RingView view(reader, bytes);
    EXPECT_TRUE(view.mapped());
}

TEST_P(Ring, MappedRingIsNotReplaced) {
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(1000, &bytes), 0);
    ASSERT_GT(bytes, 2 * kPage);
    auto* const at =
        static_cast<char*>(::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.fd(), 0));
    ASSERT_NE(static_cast<void*>(at), MAP_FAILED);
    EXPECT_EQ(file.ring(10), -EBUSY);
    ASSERT_EQ(::munmap(at + kPage, kPage), 0) << "a hole makes two mappings of one";
    EXPECT_EQ(file.ring(10), -EBUSY);
    ASSERT_EQ(::munmap(at, kPage), 0);
    EXPECT_EQ(file.ring(10), -EBUSY);
    ASSERT_EQ(::munmap(at + 2 * kPage, bytes - 2 * kPage), 0);
    EXPECT_EQ(file.ring(10), 0);
}

TEST_P(Ring, ChildKeepsItsMapping) {
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(10, &bytes), 0);
    int gate[2];
    ASSERT_EQ(::pipe(gate), 0);
    void* const at = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.fd(), 0);
    ASSERT_NE(at, MAP_FAILED);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        char byte = 0;
        ::close(gate[1]);
        (void)!::read(gate[0], &byte, 1);
        ::_exit(static_cast<kmodbench_ring*>(at)->capacity == 10 ? 0 : 1);
    }
    ::close(gate[0]);
    ASSERT_EQ(::munmap(at, bytes), 0);
    EXPECT_EQ(file.ring(20), -EBUSY) << "the child still has it mapped";
    ::close(gate[1]);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(file.ring(20), 0);
}

TEST_P(Ring, MappingOutlivesTheDescriptor) {
    set_nop();
    std::uint64_t bytes = 0;
    ASSERT_EQ(file.ring(10, &bytes), 0);
    ASSERT_EQ(file.run(10), 0);
    const RingView view(file, bytes);
    ASSERT_TRUE(view.mapped());
    file.close();
    EXPECT_EQ(view.header().count, 10U);
    EXPECT_EQ(view[9].seq, 9U);
}

// Two openers share nothing; a duplicated descriptor shares everything.
TEST_P(Ring, StateBelongsToTheOpenFile) {
    const Opener other(GetParam());
    set_nop();
    ASSERT_EQ(file.ring(10), 0);
    ASSERT_EQ(file.run(10), 0);
    kmodbench_sample sample{};
    EXPECT_EQ(other.last(sample), -ENODATA);
    EXPECT_EQ(other.run(1), -ENODATA);
    const int copy = ::dup(file.fd());
    ASSERT_GE(copy, 0);
    EXPECT_EQ(::ioctl(copy, KMODBENCH_LAST, &sample), 0);
    EXPECT_EQ(sample.seq, 9U);
    ::close(copy);
}

TEST_P(Ring, HandledSignalDoesNotEndARun) {
    static volatile sig_atomic_t alarms = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { alarms = alarms + 1; };
    ASSERT_EQ(::sigaction(SIGALRM, &action, nullptr), 0);
    itimerval timer{};
    timer.it_value.tv_usec = 2000;
    timer.it_interval.tv_usec = 2000;
    set_nop(1000);
    ASSERT_EQ(file.ring(2000), 0);
    ASSERT_EQ(::setitimer(ITIMER_REAL, &timer, nullptr), 0);
    std::uint64_t done = 0;
    int result = 0;
    for (int i = 0; i < 50 && alarms < 3; ++i) {
        result = file.run(2000, 0, &done);
        EXPECT_EQ(result, 0);
        EXPECT_EQ(done, 2000U);
    }
    timer = {};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
    EXPECT_GT(alarms, 0);
}

// A process that runs `variant` without end on its own open file, with a child
// that waits for the same file. Sends the child's id through `ready`.
[[noreturn]] void run_without_end(const std::string& node, int ready) {
    const Opener own(node);
    kmodbench_problem problem{};
    problem.variant = own.variant("nop");
    problem.batch = KMODBENCH_BATCH_MAX;
    own.set(problem);
    const pid_t waiter = ::fork();
    if (waiter == 0) {
        kmodbench_sample sample{};
        // Where the machine is slow the first come before the run.
        for (;;) {
            ::usleep(20000);
            own.last(sample);
        }
    }
    (void)!::write(ready, &waiter, sizeof waiter);
    own.run(0, std::numeric_limits<std::uint64_t>::max());
    ::_exit(0);
}

// Gone, or waiting for its parent to take notice.
bool is_dead(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string id;
    std::string name;
    std::string state = "Z";
    file >> id >> name >> state;
    return state == "Z" || state == "X";
}

TEST_P(Ring, KillEndsARunWithoutEndAndWhoWaitsForIt) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t runner = ::fork();
    ASSERT_GE(runner, 0);
    if (runner == 0) {
        run_without_end(GetParam(), ready[1]);
    }
    pid_t waiter = 0;
    ASSERT_EQ(::read(ready[0], &waiter, sizeof waiter), static_cast<ssize_t>(sizeof waiter));
    ::usleep(100000);
    int status = 0;
    EXPECT_EQ(::waitpid(runner, &status, WNOHANG), 0) << "the run ended by itself";
    EXPECT_EQ(::kill(waiter, 0), 0) << "the waiter did not wait";
    // The waiter first: it is asleep on the lock of a file that stays busy.
    ASSERT_EQ(::kill(waiter, SIGKILL), 0);
    for (int i = 0; i < 500 && !is_dead(waiter); ++i) {
        ::usleep(10000);
    }
    EXPECT_TRUE(is_dead(waiter)) << "waiting for a busy file cannot be killed";
    ASSERT_EQ(::kill(runner, SIGKILL), 0);
    ASSERT_EQ(::waitpid(runner, &status, 0), runner);
    EXPECT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(::waitpid(waiter, &status, 0), waiter);
    EXPECT_TRUE(WIFSIGNALED(status));
    ::close(ready[0]);
    ::close(ready[1]);
}

INSTANTIATE_TEST_SUITE_P(Devices, Ring, ::testing::ValuesIn(devices()),
                         [](const auto& row) { return row.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Ring);

}  // namespace
}  // namespace kmb::kernel_test
