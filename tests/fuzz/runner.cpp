#include "runner.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

#include "fault_point.h"
#include "operations.h"

namespace kmb::fuzz {
namespace {

std::size_t number_in(const char*& at, const char* end) {
    std::size_t value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{}) {
        throw std::invalid_argument("not a list of calls, as in 0-99,150");
    }
    at = next;
    return value;
}

// Threads wait for each other by futex(2), which a program of 32 bits calls with times of
// 32 bits: a kernel may be built without (CONFIG_COMPAT_32BIT_TIME).
bool can_have_threads() {
    int word = 0;
    return ::syscall(SYS_futex, &word, FUTEX_WAKE, 0, nullptr, nullptr, 0) >= 0;
}

}  // namespace

Selection parse_selection(const std::string& text) {
    Selection selection;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at < end) {
        const std::size_t first = number_in(at, end);
        std::size_t last = first;
        if (at < end && *at == '-') {
            last = number_in(++at, end);
        }
        selection.emplace_back(first, last);
        if (at < end && *at++ != ',') {
            throw std::invalid_argument("not a list of calls, as in 0-99,150");
        }
    }
    std::sort(selection.begin(), selection.end());
    return selection;
}

bool selected(const Selection& selection, std::size_t call) {
    return std::any_of(selection.begin(), selection.end(), [call](const auto& range) {
        return range.first <= call && call <= range.second;
    });
}

Runner::Runner(const std::vector<Device>& devices, Progress& progress)
    : devices_(devices), progress_(progress), threads_(can_have_threads()) {}

void Runner::run_thread(World& world, const Case& made, std::size_t thread, std::uint64_t number,
                        const Selection* only) {
    const kernel_test::FaultPoint fault;
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGUSR1);
    for (std::size_t i = 0; i < made.calls.size(); ++i) {
        const Call& call = made.calls[i];
        if (call.thread != thread || (only != nullptr && !selected(*only, i))) {
            continue;
        }
        const Operation& operation = operations()[call.operation];
        Random random(call.word);
        if (call.fail != 0) {
            // Not while a signal's frame is copied to the stack: that ends the process.
            ::pthread_sigmask(SIG_BLOCK, &interrupts, nullptr);
            fault.set(call.fail);
        }
        const int error = operation.act(world, random, thread);
        if (call.fail != 0) {
            fault.set(0);
            ::pthread_sigmask(SIG_UNBLOCK, &interrupts, nullptr);
        }
        Tally& tally = progress_.operations[call.operation];
        ++progress_.calls;
        ++tally.calls;
        tally.refused += error != 0 ? 1 : 0;
        if (error != 0 && !operation.errors.has(error) &&
            !(call.fail != 0 && operation.faults.has(error))) {
            ++progress_.wrong;
            std::printf("case %llu call %zu: %s of /dev/%s ended with %s%s\n",
                        static_cast<unsigned long long>(number), i, operation.name,
                        world.device().node.c_str(), std::strerror(error),
                        call.fail != 0 ? " under a fault" : "");
            std::fflush(stdout);
        }
    }
}

void Runner::run(std::uint64_t seed, std::uint64_t number, const Selection* only) {
    Case made = make_case(seed, number, devices_.size());
    if (!threads_) {
        made.threads = 1;
        for (Call& call : made.calls) {
            call.thread = 0;
        }
    }
    progress_.running = number;
    World world(devices_, made.device, arena_);
    std::vector<std::thread> threads;
    for (std::size_t thread = 1; thread < made.threads; ++thread) {
        threads.emplace_back([&, thread] { run_thread(world, made, thread, number, only); });
    }
    cpu_set_t all;
    ::sched_getaffinity(0, sizeof all, &all);
    run_thread(world, made, 0, number, only);
    ::sched_setaffinity(0, sizeof all, &all);
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace kmb::fuzz
