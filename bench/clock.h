// The one clock: CLOCK_MONOTONIC, as the kernel's ktime_get().
#pragma once

#include <cstdint>

namespace kmb::bench {

// Now, in ns.
std::int64_t now_ns();

// Smallest difference seen between two consecutive reads that was not 0, in ns.
std::int64_t clock_step();

}  // namespace kmb::bench
