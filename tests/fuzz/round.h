// Once round everything that is valid.
#pragma once

#include <vector>

#include "arena.h"
#include "world.h"

namespace kmb::fuzz {

// Runs, counts and reads each variant of each device with each type and pattern, at the sizes
// where other algorithms take over, with records, and with each allocation refused once. What
// chance meets too seldom is met once by this. Returns the calls that it made.
std::uint64_t go_round(const std::vector<Device>& devices, const Arena& arena);

}  // namespace kmb::fuzz
