// Writes blocks of the sample format (docs/format-ksamp.md) to a sink.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/sample.h"
#include "bench/sink.h"

namespace kmb::bench {

// All that describes one block.
struct BlockHead {
    std::string case_name;
    std::string point;
    std::string target;
    std::string time_unit;
    std::int64_t clock_step = 0;
    std::uint64_t round = 0;
    std::uint64_t rounds = 0;
    std::uint64_t seed = 0;
    std::uint64_t batch = 1;
    std::vector<std::string> extra_columns;
};

// The keys and the columns line.
std::string block_head(const BlockHead& head);

// Rows as text; `rep` of the first is `first_rep`.
std::string block_rows(std::span<const Sample> samples, std::uint64_t first_rep);

// "end: ROWS CHECK\n" for rows as made by block_rows().
std::string block_end(std::string_view rows, std::size_t count);

}  // namespace kmb::bench
