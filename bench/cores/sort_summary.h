// What is said about the cells that were measured: a file, and tables.
#pragma once

#include <string>
#include <vector>

namespace kmb::cores {

// Median ns an element of one contestant in one cell (type, pattern, n).
struct Result {
    std::string type;
    std::string pattern;
    std::size_t n = 0;
    std::string variant;
    bool peer = false;
    double ns = 0;
};

// Throws std::runtime_error where `path` cannot be written.
void write_json(const std::vector<Result>& results, const std::string& path);

// Geometric mean and worst cell of `auto` against every other, by type and n.
void print_ratios(const std::vector<Result>& results);

// The goals of the core, each with what was measured for it. Goals for whose cells
// nothing was measured are not printed.
void print_goals(const std::vector<Result>& results);

}  // namespace kmb::cores
