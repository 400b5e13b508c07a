// What the rest of the machine may do to a running benchmark: modules that go and come,
// processors that leave, signals without end.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "loader.h"
#include "opener.h"

namespace kmb::kernel_test {
namespace {

// A problem that touches all of a device's own work in a moment.
kmodbench_problem small_problem(const std::string& node) {
    kmodbench_problem problem{};
    problem.n = node == "fibonacci" ? 500 : 100;
    if (node == "calib") {
        problem.argument[2] = KMODBENCH_TRUTH_CAUSES & ~std::uint64_t{0xc0};
        problem.argument[3] = 200'000;
    }
    return problem;
}

// Everything that one can do to a device whose module may be gone at any time.
void use_until(const std::string& node, const std::atomic<bool>& stop, std::atomic<long>& runs,
               std::atomic<long>& wrong) {
    while (!stop) {
        if (::access(("/dev/" + node).c_str(), F_OK) != 0) {
            continue;
        }
        const int fd = ::open(("/dev/" + node).c_str(), 2);
        if (fd < 0) {
            // Seen, and gone before it could be opened.
            wrong += errno != ENOENT && errno != ENODEV && errno != ENXIO;
            continue;
        }
        ::close(fd);
        ++runs;
        // Open nearly always, but not always.
        ::usleep(200);
    }
}

class Hostile : public ::testing::TestWithParam<std::string> {};

TEST_P(Hostile, ModulesGoAndComeUnderLoad) {
    static const std::vector<std::pair<std::string, std::string>> module_of = {
        {"calib", "calib"},     {"fibonacci", "fibdrv"}, {"hello", "hello"},
        {"simrupt", "simrupt"}, {"sort", "ksort"},       {"xoro", "xoro"}};
    if (module_folder().empty()) {
        GTEST_SKIP() << "no folder of .ko files was named";
    }
    std::string module;
    for (const auto& [node, name] : module_of) {
        module = node == GetParam() ? name : module;
    }
    std::atomic<bool> stop = false;
    std::atomic<long> runs = 0;
    std::atomic<long> wrong = 0;
    std::thread user([&] { use_until(GetParam(), stop, runs, wrong); });
    int unloaded = 0;
    for (int i = 0; i < 20000 && unloaded < 15; ++i) {
        const int result = unload_module(module);
        EXPECT_TRUE(result == 0 || result == -EAGAIN || result == -EBUSY) << result;
        if (result == 0) {
            ++unloaded;
            EXPECT_EQ(load_module(module, ""), 0);
        } else {
            ::usleep(100);
        }
    }
    stop = true;
    user.join();
    EXPECT_EQ(unloaded, 15);
    EXPECT_EQ(wrong, 0);
    const Opener after(GetParam());
    EXPECT_EQ(after.set(small_problem(GetParam())), 0);
}

bool set_online(bool online) {
    std::ofstream file("/sys/devices/system/cpu/cpu1/online");
    file << (online ? 1 : 0) << std::flush;
    return file.good();
}

TEST_P(Hostile, ProcessorLeavesDuringARun) {
    if (!set_online(true)) {
        GTEST_SKIP() << "no second processor that could leave";
    }
    std::atomic<bool> stop = false;
    std::atomic<long> runs = 0;
    std::atomic<long> wrong = 0;
    std::thread runner([&] {
        cpu_set_t second;
        CPU_ZERO(&second);
        CPU_SET(1, &second);
        const Opener file(GetParam());
        wrong += file.set(small_problem(GetParam())) != 0 || file.ring(20) != 0;
        while (!stop) {
            // The kernel lifts it when the processor leaves.
            ::sched_setaffinity(0, sizeof second, &second);
            std::uint64_t done = 0;
            wrong += file.run(20, 0, &done) != 0 || done != 20;
            ++runs;
        }
    });
    for (int i = 0; i < 5; ++i) {
        ::usleep(50000);
        EXPECT_TRUE(set_online(false));
        ::usleep(50000);
        EXPECT_TRUE(set_online(true));
    }
    stop = true;
    runner.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(runs, 0);
}

// A signal that is handled ends nothing, wherever the call sleeps: on the file's lock,
// while it waits for another thread or a timer, or between repetitions.
TEST_P(Hostile, SignalsWithoutEndChangeNothing) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
    const Opener file(GetParam());
    ASSERT_EQ(file.set(small_problem(GetParam())), 0);
    ASSERT_EQ(file.ring(50), 0);
    std::atomic<int> left = 2;
    std::atomic<long> wrong = 0;
    const auto user = [&] {
        for (int i = 0; i < 20; ++i) {
            kmodbench_sample sample{};
            std::uint64_t done = 0;
            wrong += file.run(50, 0, &done) != 0 || done != 50;
            wrong += file.last(sample) != 0;
        }
        --left;
    };
    std::vector<std::thread> users;
    users.emplace_back(user);
    users.emplace_back(user);
    long sent = 0;
    while (left > 0) {
        for (auto& thread : users) {
            sent += ::pthread_kill(thread.native_handle(), SIGUSR1) == 0;
        }
        ::usleep(500);
    }
    for (auto& thread : users) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(sent, 0);
}

INSTANTIATE_TEST_SUITE_P(Devices, Hostile, ::testing::ValuesIn(devices()),
                         [](const auto& row) { return row.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Hostile);

}  // namespace
}  // namespace kmb::kernel_test
