// Values that are no numbers are taken out before anything is computed, and counted.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace kmb::analysis {

struct FiniteValues {
    std::vector<double> values;  // finite ones, in order
    std::size_t total = 0;
    std::size_t nan = 0;
    std::size_t infinite = 0;
};

inline FiniteValues keep_finite(std::span<const double> x) {
    FiniteValues result;
    result.total = x.size();
    result.values.reserve(x.size());
    for (double v : x) {
        if (std::isnan(v)) {
            ++result.nan;
        } else if (std::isinf(v)) {
            ++result.infinite;
        } else {
            result.values.push_back(v);
        }
    }
    return result;
}

}  // namespace kmb::analysis
