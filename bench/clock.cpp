#include "bench/clock.h"

#include <time.h>

#include <algorithm>
#include <limits>

namespace kmb::bench {

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t clock_step() {
    constexpr int kReads = 20'000;
    auto smallest = std::numeric_limits<std::int64_t>::max();
    auto before = now_ns();
    for (int read = 0; read < kReads; ++read) {
        const auto now = now_ns();
        if (now != before) {
            smallest = std::min(smallest, now - before);
        }
        before = now;
    }
    return smallest;
}

}  // namespace kmb::bench
