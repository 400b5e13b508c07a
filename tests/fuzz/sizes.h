// Numbers to hand to the kernel.
#pragma once

#include <cstdint>

#include "world.h"

namespace kmb::fuzz {

// Mostly of a size up to `usual`, each order of magnitude alike; else 2^k, 2^k - 1 or 2^k + 1 for
// each k, small negative ones, or any at all. Never between `usual` and `largest`, which
// would be legal and slow.
std::uint64_t size_of(Random& random, std::uint64_t usual, std::uint64_t largest);
// From 0 to `largest`, each order of magnitude alike.
std::uint64_t spread(Random& random, std::uint64_t largest);

// A problem for the device, valid but for what chance spoils.
kmodbench_problem problem_for(Random& random, const Device& device);
// A valid one of up to `largest`.
kmodbench_problem valid_problem(Random& random, const Device& device, std::uint64_t largest);

// Changes a few bytes of `bytes` now and then.
void spoil(Random& random, void* bytes, std::size_t count);

}  // namespace kmb::fuzz
