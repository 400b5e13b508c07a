// /dev/fibonacci in a running kernel: the classic protocol, the ioctls, every
// variant against GMP, signals, many openers. Skips (77) where there is no device.
// Loaded with abi=upstream it tests that instead.
#include <fcntl.h>
#include <gmp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "bench/device.h"
#include "fib_core.h"

namespace {

using kmb::bench::Device;

constexpr const char* kNode = "/dev/fibonacci";
constexpr std::uint64_t kM61 = (1ULL << 61) - 1;

std::int64_t now_ns() {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool upstream() {
    std::ifstream file("/sys/module/fibdrv/parameters/abi");
    std::string abi;
    file >> abi;
    return abi == "upstream";
}

// F(n) by GMP as text, and its check value.
struct Truth {
    explicit Truth(std::uint64_t n) {
        mpz_t value;
        mpz_init(value);
        mpz_fib_ui(value, n);
        text.resize(mpz_sizeinbase(value, 10) + 2);
        mpz_get_str(text.data(), 10, value);
        text.resize(text.find('\0'));
        check = mpz_fdiv_ui(value, kM61);
        mpz_clear(value);
    }
    std::string text;
    std::uint64_t check;
};

kmodbench_problem problem(std::uint32_t variant, std::uint64_t n, std::uint32_t pattern = 0) {
    kmodbench_problem p{};
    p.variant = variant;
    p.n = n;
    p.pattern = pattern;
    return p;
}

int set_errno(const Device& device, kmodbench_problem p) {
    p.size = sizeof(p);
    return ioctl(device.fd(), KMODBENCH_SET, &p) == 0 ? 0 : errno;
}

std::string read_at(int fd, std::uint64_t k, std::size_t size) {
    std::string text(size, '#');
    const ssize_t got = pread(fd, text.data(), size, static_cast<off_t>(k));
    if (got < 0) {
        return "errno " + std::to_string(errno);
    }
    text.resize(static_cast<std::size_t>(got));
    return text;
}

// Variants that compute, with an index that each does in reasonable time.
struct Choice {
    std::uint32_t index;
    std::string name;
    std::uint64_t n;
};

std::vector<Choice> choices(const Device& device) {
    std::vector<Choice> result;
    for (const kmodbench_variant& v : device.variants()) {
        const std::string name = v.name;
        if (name != "nop") {
            const std::uint64_t reasonable = name == "bignum_add" ? 5000 : 30000;
            result.push_back({v.index, name, std::min<std::uint64_t>(v.max_n, reasonable)});
        }
    }
    return result;
}

class Fibonacci : public testing::Test {
  protected:
    Device device{kNode, O_RDWR};
    int fd = device.fd();
};

TEST_F(Fibonacci, ReadGivesTextAtThePositionAndLeavesItThere) {
    for (const std::uint64_t k : {0U, 1U, 2U, 10U, 92U, 93U, 94U, 100U, 186U, 1000U, 4000U}) {
        const Truth truth(k);
        ASSERT_EQ(lseek(fd, static_cast<off_t>(k), SEEK_SET), static_cast<off_t>(k));
        std::string text(truth.text.size() + 7, '#');
        ASSERT_EQ(read(fd, text.data(), text.size()), static_cast<ssize_t>(truth.text.size()));
        EXPECT_EQ(text, truth.text + "#######") << "k = " << k;
        EXPECT_EQ(lseek(fd, 0, SEEK_CUR), static_cast<off_t>(k));
        EXPECT_EQ(read_at(fd, k, truth.text.size()), truth.text) << "exact size, k = " << k;
    }
}

TEST_F(Fibonacci, TooSmallABufferIsLeftAlone) {
    for (const std::uint64_t k : {0U, 7U, 100U, 3000U}) {
        const std::size_t digits = Truth(k).text.size();
        for (const std::size_t size : {std::size_t{0}, digits / 2, digits - 1}) {
            std::string text(digits, '#');
            errno = 0;
            EXPECT_EQ(pread(fd, text.data(), size, static_cast<off_t>(k)), -1);
            EXPECT_EQ(errno, EOVERFLOW);
            EXPECT_EQ(text, std::string(digits, '#'));
        }
    }
}

TEST_F(Fibonacci, EveryVariantReadsTheSameText) {
    for (const Choice& choice : choices(device)) {
        device.set(problem(choice.index, 0));
        for (const std::uint64_t k : {std::uint64_t{0}, choice.n / 2, choice.n}) {
            EXPECT_EQ(read_at(fd, k, 10000), Truth(k).text) << choice.name << " k = " << k;
            EXPECT_EQ(device.last().check, Truth(k).check);
        }
    }
}

TEST_F(Fibonacci, WriteComputesWithTheVariantOfIndexSizeAndReturnsTime) {
    for (const Choice& choice : choices(device)) {
        ASSERT_EQ(lseek(fd, static_cast<off_t>(choice.n), SEEK_SET), static_cast<off_t>(choice.n));
        const ssize_t ns = write(fd, "", choice.index);
        EXPECT_GE(ns, 1) << choice.name;
        const kmodbench_sample sample = device.last();
        EXPECT_EQ(sample.total_ns, ns);
        EXPECT_EQ(sample.work_ns, ns);
        EXPECT_EQ(sample.check, Truth(choice.n).check) << choice.name;
    }
    errno = 0;
    EXPECT_EQ(write(fd, "", device.info().variants), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_GE(write(fd, "", device.variant("nop")), 1);
}

TEST_F(Fibonacci, PositionsAreThoseOfAFileOfAllIndices) {
    EXPECT_EQ(lseek(fd, 0, SEEK_END), static_cast<off_t>(FIB_MAX_N));
    EXPECT_EQ(lseek(fd, -5, SEEK_END), static_cast<off_t>(FIB_MAX_N - 5));
    EXPECT_EQ(lseek(fd, 3, SEEK_SET), 3);
    EXPECT_EQ(lseek(fd, 4, SEEK_CUR), 7);
    for (const auto& [offset, whence] : std::vector<std::pair<off_t, int>>{{-1, SEEK_SET},
                                                                           {-8, SEEK_CUR},
                                                                           {LLONG_MIN, SEEK_SET},
                                                                           {LLONG_MAX, SEEK_CUR},
                                                                           {LLONG_MAX, SEEK_END}}) {
        errno = 0;
        EXPECT_EQ(lseek(fd, offset, whence), -1) << offset;
        EXPECT_TRUE(errno == EINVAL || errno == EOVERFLOW) << errno;
    }
    EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 7);
    char byte = '#';
    // The last but one: from the very last position VFS itself refuses with EINVAL.
    for (const off_t huge : {static_cast<off_t>(FIB_MAX_N) + 1, off_t{1} << 31,
                             (off_t{1} << 61) - 2, static_cast<off_t>(LLONG_MAX - 1)}) {
        errno = 0;
        EXPECT_EQ(pread(fd, &byte, 1, huge), -1);
        EXPECT_EQ(errno, EOVERFLOW) << huge;
        errno = 0;
        EXPECT_EQ(pwrite(fd, &byte, 0, huge), -1);
        EXPECT_EQ(errno, EOVERFLOW) << huge;
    }
    errno = 0;
    EXPECT_EQ(pread(fd, &byte, 1, -1), -1);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(byte, '#');
}

TEST_F(Fibonacci, BadAddressesAreRefusedAndNothingElseHappens) {
    errno = 0;
    void* page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(pread(fd, page, 4096, 50), -1);
    EXPECT_EQ(errno, EFAULT);
    munmap(page, 4096);
    errno = 0;
    EXPECT_EQ(pread(fd, page, 4096, 50), -1);
    EXPECT_EQ(errno, EFAULT);
    EXPECT_EQ(read_at(fd, 50, 100), "12586269025");
}

TEST_F(Fibonacci, RunChecksEveryVariantInEveryPattern) {
    kmodbench_ring_setup ring{sizeof(ring), 0, 8, 0};
    ASSERT_EQ(ioctl(fd, KMODBENCH_RING, &ring), 0);
    for (const Choice& choice : choices(device)) {
        for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, choice.n / 3, choice.n}) {
            for (const std::uint32_t pattern : {0U, 1U, 2U, 3U}) {
                kmodbench_problem p = problem(choice.index, n, pattern);
                p.batch = 2;
                device.set(p);
                kmodbench_run run{sizeof(run), 0, 1, 3, 0};
                ASSERT_EQ(ioctl(fd, KMODBENCH_RUN, &run), 0) << choice.name << ' ' << n;
                EXPECT_EQ(run.done, 3U);
                EXPECT_EQ(device.last().check, Truth(n).check)
                    << choice.name << " n = " << n << " pattern " << pattern;
                EXPECT_EQ(device.last().batch, 2U);
                // Taking memory is a phase of its own in the last pattern alone.
                EXPECT_EQ(device.last().copy_in_ns > 0, pattern == 3) << choice.name;
            }
        }
    }
    EXPECT_EQ(set_errno(device, problem(0, 10, 4)), EINVAL);
    kmodbench_problem fresh = problem(0, 10, 3);
    fresh.flags = KMODBENCH_RUN_IRQ_OFF;
    EXPECT_EQ(set_errno(device, fresh), EINVAL) << "it may sleep";
    EXPECT_EQ(set_errno(device, problem(0, FIB_MAX_N + 1)), EOVERFLOW);
    EXPECT_EQ(set_errno(device, problem(device.variant("iterate64"), 94)), EOVERFLOW);
}

TEST_F(Fibonacci, CountingPassIsThatOfTheCore) {
    for (const Choice& choice : choices(device)) {
        device.set(problem(choice.index, choice.n));
        kmodbench_counts counts{};
        counts.size = sizeof(counts);
        ASSERT_EQ(ioctl(fd, KMODBENCH_COUNT, &counts), 0) << choice.name;
        EXPECT_GT(counts.additions, 0U) << choice.name;
        const fib_variant* row = fib_variant_find(fib_best_isa(), choice.name.c_str());
        if (row == nullptr) {
            continue;  // lib/mpi is the kernel's alone
        }
        row = fib_choice(row, choice.n, FIB_WANT_LIMBS);
        std::vector<u64> out(fib_out_limbs(choice.n));
        std::vector<u64> scratch(row->scratch(choice.n, FIB_WANT_LIMBS) + 1);
        core_counts own{};
        fib_job job{};
        job.n = choice.n;
        job.want = FIB_WANT_LIMBS;
        job.out = out.data();
        job.scratch = scratch.data();
        job.counts = &own;
        ASSERT_EQ(row->compute(&job), 0) << choice.name;
        EXPECT_EQ(counts.additions, own.additions) << choice.name;
        EXPECT_EQ(counts.multiplications, own.multiplications) << choice.name;
    }
}

// Where vectors may be used depends on the CPU and on the place: neither must be a secret.
TEST_F(Fibonacci, HasTheVariantsOfThisCpuAndRunsThemWithInterruptsOff) {
    std::vector<std::string> names;
    for (const kmodbench_variant& v : device.variants()) {
        names.emplace_back(v.name);
    }
    u32 count = 0;
    const fib_variant* row = fib_variants(fib_best_isa(), &count);
    for (u32 i = 0; i < count; ++i) {
        EXPECT_EQ(std::count(names.begin(), names.end(), row[i].name), 1) << row[i].name;
    }
    for (const Choice& choice : choices(device)) {
        const std::uint64_t n = std::min<std::uint64_t>(choice.n, 2000);  // what is small work
        for (const auto flags : {KMODBENCH_RUN_IRQ_OFF, KMODBENCH_RUN_PREEMPT_OFF}) {
            kmodbench_problem p = problem(choice.index, n);
            p.flags = static_cast<std::uint32_t>(flags);
            device.set(p);
            EXPECT_EQ(device.run(1).front().check, Truth(n).check) << choice.name;
        }
    }
}

TEST_F(Fibonacci, OpenersNeverSeeEachOther) {
    Device other(kNode, O_RDWR);
    lseek(fd, 30, SEEK_SET);
    lseek(other.fd(), 20, SEEK_SET);
    char text[16];
    EXPECT_EQ(read(fd, text, sizeof(text)), 6);
    EXPECT_EQ(std::memcmp(text, "832040", 6), 0);
    EXPECT_EQ(read(other.fd(), text, sizeof(text)), 4);
    EXPECT_EQ(std::memcmp(text, "6765", 4), 0);
    EXPECT_NE(device.last().check, other.last().check);
}

// Kilobytes of an entry of /proc/meminfo.
long meminfo(const std::string& key) {
    std::ifstream file("/proc/meminfo");
    std::string word;
    long value = 0;
    while (file >> word) {
        if (word == key + ":") {
            file >> value;
        }
    }
    return value;
}

// A kernel with KASAN keeps freed memory back for a while; it has kmemleak to look for leaks.
bool keeps_freed_memory() {
    return access("/sys/kernel/debug/kmemleak", F_OK) == 0;
}

// Reads of random numbers by variants at random on a fresh opener: how many came out wrong.
int mixed_reads(int reads, unsigned seed) {
    Device mine(kNode, O_RDWR);
    const std::vector<Choice> all = choices(mine);
    std::mt19937 random(seed);
    int wrong = 0;
    for (int i = 0; i < reads; ++i) {
        const Choice& choice = all[random() % all.size()];
        const std::uint64_t k = random() % (std::min<std::uint64_t>(choice.n, 2000) + 1);
        mine.set(problem(choice.index, 0));
        wrong += read_at(mine.fd(), k, 1000) != Truth(k).text;
    }
    return wrong;
}

// KMB_FIB_READS reads by eight openers at once, and three times as many again, which must not
// cost the kernel more than the first ones did. The threads stay: a task that ends is given
// back late, and with its stack is most of what moves in these figures.
TEST_F(Fibonacci, ManyOpenersMixVariantsAndEveryDigitIsRight) {
    constexpr unsigned kOpeners = 8;
    constexpr unsigned kRounds = 4;
    const char* wish = std::getenv("KMB_FIB_READS");
    const int reads = wish != nullptr ? std::atoi(wish) : 2000;
    std::barrier round_ends(kOpeners + 1);
    std::vector<int> wrong(kOpeners, 0);
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < kOpeners; ++t) {
        threads.emplace_back([t, reads, &wrong, &round_ends] {
            for (unsigned round = 0; round < kRounds; ++round) {
                wrong[t] += mixed_reads(reads / static_cast<int>(kOpeners), round * kOpeners + t);
                round_ends.arrive_and_wait();  // all are read and closed
                round_ends.arrive_and_wait();  // the memory was looked at
            }
        });
    }
    std::vector<long> slab;
    std::vector<long> vmalloc;
    for (unsigned round = 0; round < kRounds; ++round) {
        round_ends.arrive_and_wait();
        slab.push_back(meminfo("Slab"));
        vmalloc.push_back(meminfo("VmallocUsed"));
        round_ends.arrive_and_wait();
        std::printf("%u x %d reads: slab %+ld kB, vmalloc %+ld kB\n", round + 1, reads,
                    slab.back() - slab.front(), vmalloc.back() - vmalloc.front());
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, std::vector<int>(kOpeners, 0));
    if (!keeps_freed_memory()) {
        // What the lists of each CPU hold comes and goes by some hundred kB; what leaks stays:
        // with 100 000 reads a byte each is 200 kB and more.
        EXPECT_LT(std::min(slab[2], slab[3]) - slab[0], 128);
        EXPECT_LT(std::min(vmalloc[2], vmalloc[3]) - vmalloc[0], 64);
    }
}

bool simulated() {
    const char* target = std::getenv("KMB_TARGET");
    return target != nullptr && std::string(target) == "sim";
}

std::int64_t kill_reader(const std::string& variant, std::uint64_t k) {
    const pid_t child = fork();
    if (child == 0) {
        Device mine(kNode, O_RDWR);
        mine.set(problem(mine.variant(variant), 0));
        std::vector<char> text(fib_text_max(k));
        _exit(pread(mine.fd(), text.data(), text.size(), static_cast<off_t>(k)) > 0 ? 0 : 1);
    }
    usleep(300000);
    const std::int64_t before = now_ns();
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << variant << " had ended before it was killed: " << status;
    return now_ns() - before;
}

// Guest time is exact in the simulated kernel, so it may be asserted there.
TEST_F(Fibonacci, AKilledReaderIsGoneWithin50Milliseconds) {
    kill_reader("bignum_add", 10000000);  // what the first child costs stays with the kernel
    // Each reader had 4 MB and more of result, scratch and text. Since 6.7 a kernel keeps what was
    // freed on a list by CPU, of a size that it learns: a leak is what is lost every time.
    long lost = 4000;
    for (int round = 0; round < 5 && lost >= 4000; ++round) {
        const long before = meminfo("MemAvailable");
        for (const char* variant : {"bignum_add", "fast_doubling", "bignum_add", "bignum_add"}) {
            const std::int64_t ns = kill_reader(variant, 10000000);
            std::printf("killed %s: gone after %.3f ms\n", variant, static_cast<double>(ns) / 1e6);
            if (simulated()) {
                EXPECT_LT(ns, 50000000) << variant;
            }
        }
        lost = before - meminfo("MemAvailable");
        std::printf("four killed readers: %ld kB less available\n", lost);
    }
    if (!keeps_freed_memory()) {
        EXPECT_LT(lost, 4000);
    }
}

// The largest index at which a variant is waited for in a simulated kernel.
std::uint64_t patience(const kmodbench_variant& v) {
    const std::string name = v.name;
    const std::uint64_t most = name == "bignum_add" ? 4000 : name == "matrix" ? 40000 : 1000000;
    return std::min<std::uint64_t>(v.max_n, most);
}

// Instructions of F(n) by a variant, as text or not: the least of some calls, since a
// timer's interrupt may fall into one, and the first one may find the memory cold.
std::int64_t instructions(Device& device, std::uint32_t variant, std::uint64_t n, bool text) {
    std::string buffer(fib_text_max(n), '#');
    std::int64_t least = INT64_MAX;
    device.set(problem(variant, 0));
    for (int i = 0; i < (text ? 12 : n < 200000 ? 5 : 2); ++i) {
        const ssize_t got =
            text ? pread(device.fd(), buffer.data(), buffer.size(), static_cast<off_t>(n))
                 : pwrite(device.fd(), "", variant, static_cast<off_t>(n));
        EXPECT_GT(got, 0) << "variant " << variant << " n = " << n;
        least = std::min(least, static_cast<std::int64_t>(device.last().total_ns));
    }
    return least;
}

TEST_F(Fibonacci, AutoIsWithin3PercentOfTheBestAt40IndicesInTheSimulatedKernel) {
    if (!simulated()) {
        GTEST_SKIP() << "times are exact in the simulated kernel alone";
    }
    const std::uint32_t chooser = device.variant("auto");
    for (int step = 0; step < 40; ++step) {
        const auto n = static_cast<std::uint64_t>(std::pow(10.0, 1.0 + 5.0 * step / 39));
        std::string best;
        std::int64_t least = INT64_MAX;
        for (const kmodbench_variant& v : device.variants()) {
            const std::string name = v.name;
            if (v.index == chooser || name == "nop" || n > patience(v)) {
                continue;
            }
            const std::int64_t cost = instructions(device, v.index, n, false);
            if (cost < least) {
                least = cost;
                best = name;
            }
        }
        const std::int64_t own = instructions(device, chooser, n, false);
        std::printf("n = %7lu: auto %10ld, best %10ld %-13s %.3f\n", static_cast<unsigned long>(n),
                    static_cast<long>(own), static_cast<long>(least), best.c_str(),
                    static_cast<double>(own) / static_cast<double>(least));
        EXPECT_LE(static_cast<double>(own), 1.03 * static_cast<double>(least))
            << "n = " << n << ", best " << best;
    }
}

TEST_F(Fibonacci, AutoNeedsTheFewestInstructionsForTextInTheSimulatedKernel) {
    if (!simulated()) {
        GTEST_SKIP() << "times are exact in the simulated kernel alone";
    }
    const std::uint32_t chooser = device.variant("auto");
    const std::int64_t own = instructions(device, chooser, 100000, true);
    for (const kmodbench_variant& v : device.variants()) {
        const std::string name = v.name;
        if (v.index == chooser || name == "nop" || name == "bignum_add" || v.max_n < 100000) {
            continue;
        }
        const std::int64_t cost = instructions(device, v.index, 100000, true);
        std::printf("text of F(100000): %-13s %10ld, auto %ld\n", v.name, static_cast<long>(cost),
                    static_cast<long>(own));
        EXPECT_GE(cost, own) << name;
    }
}

class Upstream : public testing::Test {
  protected:
    Device device{kNode, O_RDWR};
    int fd = device.fd();
};

TEST_F(Upstream, ReadReturnsTheValueWithTheOffsetClamped) {
    char buf[1];
    std::uint64_t a = 0;
    std::uint64_t b = 1;
    for (off_t k = 0; k <= 92; ++k) {
        ASSERT_EQ(lseek(fd, k, SEEK_SET), k);
        EXPECT_EQ(read(fd, buf, 1), static_cast<ssize_t>(a));
        const std::uint64_t next = a + b;
        a = b;
        b = next;
    }
    EXPECT_EQ(lseek(fd, 93, SEEK_SET), 92);
    EXPECT_EQ(lseek(fd, LLONG_MAX, SEEK_CUR), 92);
    EXPECT_EQ(lseek(fd, -1, SEEK_SET), 0);
    EXPECT_EQ(lseek(fd, 2, SEEK_END), 90);
    EXPECT_EQ(pread(fd, buf, 1, LLONG_MAX - 1), 7540113804746346429);
    EXPECT_EQ(write(fd, buf, 1), 1);
}

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (access(kNode, R_OK | W_OK) != 0) {
        std::printf("skipped: %s is not here (load modules/fibdrv)\n", kNode);
        return 77;
    }
    if (testing::GTEST_FLAG(filter) == "*") {
        testing::GTEST_FLAG(filter) = upstream() ? "Upstream.*" : "-Upstream.*";
    }
    return RUN_ALL_TESTS();
}
