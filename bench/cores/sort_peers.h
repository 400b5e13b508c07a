// Who takes part in the benchmark of the sort cores: the core's variants, and what is
// packaged elsewhere for the same work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sort_core.h"

namespace kmb::cores {

// One way of sorting `n` keys of a type; calls may share memory, so one at a time.
struct Contestant {
    std::string name;
    bool peer = false;  // not of the core
    std::function<void(void* keys, std::size_t n)> sort;
};

// All that sort up to `n` keys of `type` in reasonable time.
std::vector<Contestant> contestants(sort_type type, std::size_t n);

}  // namespace kmb::cores
