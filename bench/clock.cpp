#include "bench/clock.h"

#include <time.h>

#include <algorithm>
#include <numeric>

namespace kmb::bench {

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t clock_step() {
    constexpr int kReads = 20'000;
    std::int64_t step = 0;
    auto before = now_ns();
    for (int read = 0; read < kReads; ++read) {
        const auto now = now_ns();
        step = std::gcd(step, now - before);
        before = now;
    }
    return std::max<std::int64_t>(step, 1);
}

void wait_until(std::int64_t at) {
    constexpr std::int64_t kAwake = 10'000'000;
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t wake = at - kAwake;
    if (wake > now_ns()) {
        const timespec until{.tv_sec = wake / kSecond, .tv_nsec = wake % kSecond};
        if (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
            return;
        }
    }
    while (now_ns() < at) {
    }
}

}  // namespace kmb::bench
