// The one clock: CLOCK_MONOTONIC, as the kernel's ktime_get().
#pragma once

#include <cstdint>

namespace kmb::bench {

// Now, in ns.
std::int64_t now_ns();

// What all differences between consecutive reads are multiples of, in ns. Not the least difference:
// on a clock that counts finer than it can be read, that is what a read costs.
std::int64_t clock_step();

// Returns at that time, or earlier when a signal came. Sleeps, but for the last 10 ms, in which
// a processor that has slowed down is fast again.
void wait_until(std::int64_t at);

}  // namespace kmb::bench
