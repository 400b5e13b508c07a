// Many openers at once, and one opener shared by many: nothing of one in another.
#include <core_check.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "opener.h"

namespace kmb::kernel_test {
namespace {

constexpr int kThreads = 8;

// Rounds of each thread; KMB_TEST_ROUNDS makes it long.
int rounds() {
    const char* set = std::getenv("KMB_TEST_ROUNDS");
    return set != nullptr ? std::atoi(set) : 30;
}

std::uint64_t pattern_check(std::uint64_t seed, std::size_t bytes) {
    std::vector<std::uint64_t> words(bytes / 8);
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = core_pattern(seed, i);
    }
    return core_check(words.data(), bytes);
}

void own_file(std::uint64_t seed, std::atomic<long>& wrong) {
    const Opener file("hello");
    const std::size_t bytes = 4096 + seed * 512;
    const std::uint64_t expected = pattern_check(seed, bytes);
    std::uint64_t ring_bytes = 0;
    kmodbench_problem problem{};
    problem.n = bytes;
    problem.seed = seed;
    if (file.set(problem) != 0 || file.ring(50, &ring_bytes) != 0) {
        ++wrong;
        return;
    }
    const RingView ring(file, ring_bytes);
    std::vector<std::uint64_t> buffer(bytes / 8);
    std::uint64_t seq = 0;
    for (int round = 0; round < rounds(); ++round) {
        wrong += file.run(50) != 0 || ring.header().count != 50;
        for (std::uint64_t i = 0; i < 50; ++i) {
            wrong += ring[i].check != expected || ring[i].seq != seq++;
        }
        wrong += file.read(buffer.data(), bytes) != static_cast<ssize_t>(bytes);
        wrong += core_check(buffer.data(), bytes) != expected;
        kmodbench_sample sample{};
        wrong += file.last(sample) != 0 || sample.check != expected || sample.seq != seq++;
    }
}

TEST(Threads, OpenersNeverSeeEachOther) {
    std::atomic<long> wrong = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t seed = 1; seed <= kThreads; ++seed) {
        threads.emplace_back(own_file, seed, std::ref(wrong));
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

// One open file, everything at once. Results may interleave, the kernel may not care.
void shared_file(const Opener& file, unsigned seed, std::atomic<long>& wrong) {
    std::vector<std::uint64_t> buffer(1 << 14);
    const auto one_of = [](int result, std::initializer_list<int> allowed) {
        for (const int value : allowed) {
            if (result == value) {
                return 0;
            }
        }
        return 1;
    };
    for (int round = 0; round < rounds() * 20; ++round) {
        seed = seed * 1103515245U + 12345U;
        const std::size_t n = (seed >> 8) % (buffer.size() * 8);
        kmodbench_problem problem{};
        kmodbench_sample sample{};
        std::uint64_t bytes = 0;
        void* at = nullptr;
        switch (seed >> 29) {
            case 0:
                wrong += file.read(buffer.data(), n) < 0;
                break;
            case 1:
                wrong += file.write(buffer.data(), n) < 0;
                break;
            case 2:
                problem.n = n;
                problem.seed = seed;
                problem.variant = n % 2;
                wrong += file.set(problem) != 0;
                break;
            case 3:
                wrong += one_of(file.ring(1 + n % 1000, &bytes), {0, -EBUSY});
                break;
            case 4:
                wrong += one_of(file.run(n % 100), {0, -ENODATA, -E2BIG});
                break;
            case 5:
                wrong += one_of(file.last(sample), {0, -ENODATA});
                break;
            default:
                at = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, file.fd(), 0);
                if (at != MAP_FAILED) {
                    wrong += static_cast<kmodbench_ring*>(at)->sample_size != sizeof sample;
                    wrong += ::munmap(at, 4096) != 0;
                } else {
                    wrong += errno != ENXIO;
                }
        }
    }
}

TEST(Threads, OneFileIsUsedByAllAtOnce) {
    const Opener file("hello");
    std::atomic<long> wrong = 0;
    std::vector<std::thread> threads;
    for (unsigned seed = 1; seed <= kThreads; ++seed) {
        threads.emplace_back(shared_file, std::cref(file), seed, std::ref(wrong));
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kmb::kernel_test
