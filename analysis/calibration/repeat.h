// Repetitions that count the same whatever the number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "analysis/stats/random.h"

namespace kmb::analysis::calibration {

// How many of `repetitions` calls of `hit(random)` are true; call r draws from stream r of
// the seed. `hit` is called from several threads at once.
template <typename Hit>
std::size_t count_hits(std::size_t repetitions, unsigned threads, std::uint64_t seed, Hit hit) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> hits{0};
    const auto work = [&] {
        for (std::size_t r = next++; r < repetitions; r = next++) {
            Random random(seed, r);
            hits += hit(random) ? 1U : 0U;
        }
    };
    std::vector<std::thread> others;
    for (unsigned t = 1; t < std::max(threads, 1U); ++t) {
        others.emplace_back(work);
    }
    work();
    for (std::thread& other : others) {
        other.join();
    }
    return hits;
}

}  // namespace kmb::analysis::calibration
