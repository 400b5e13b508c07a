// Where the variance comes from: boots, loads of the module, runs, calls.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kmb::analysis {

// Kalibera and Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013), of a balanced
// design. Levels are numbered from the lowest: index 0 is the single call.
struct Hierarchy {
    std::vector<std::size_t> repetitions;  // from the highest level to the lowest
    double mean = 0;
    std::vector<double> s2;  // variance of the means at each level, lowest first
    std::vector<double> t2;  // the part of that level alone, unbiased: may be negative
    double half_width = 0;   // of the mean's interval, from the highest level
};

// Values in order of the levels: all calls of the first run of the first boot, and so on;
// as many as the product of the repetitions. Throws std::invalid_argument otherwise, and
// where a level has fewer than 2 repetitions.
Hierarchy hierarchy(std::span<const double> values, std::span<const std::size_t> repetitions,
                    double level = 0.95);

// Repetitions of each level but the highest that give the narrowest interval for the
// time: sqrt(c_{i+1} / c_i * T_i^2 / T_{i+1}^2), costs from the highest level to the lowest
// in any unit. 1 where a part of the variance is not positive at the level itself, infinite
// where it is not at the level above. Lowest level first.
std::vector<double> optimal_repetitions(const Hierarchy& hierarchy, std::span<const double> costs);

}  // namespace kmb::analysis
