// Made-up call times whose truth is known.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/stats/random.h"

namespace kmb::analysis::calibration {

// Times about 1 us in whole ns; `median` is that of the time itself, before a clock made
// whole numbers of it. Values of one series follow each other with correlation `rho`.
struct Source {
    std::string_view name;
    double median;
    double tick;  // of the clock
    double rho;
    double (*value)(double z, Random& random);  // of a standard normal z
};
// normal, lognormal, exponential, bimodal, ticking, ar-0.5, ar-0.7, ar-0.9
std::span<const Source> sources();

double standard_normal(Random& random);

// n values in order of time, each longer by `slowdown` (0.02: 2 %) before the clock.
std::vector<double> draw(const Source& source, std::size_t n, Random& random, double slowdown = 0);

}  // namespace kmb::analysis::calibration
