#include "analysis/stats/scale.h"

#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/double_double.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double mad(std::span<const double> x, double centre) {
    std::vector<double> deviations;
    deviations.reserve(x.size());
    for (double v : x) {
        deviations.push_back(std::abs(v - centre));
    }
    return median(std::span<const double>(deviations));
}

double mad(std::span<const double> x) {
    return mad(x, median(x));
}

DoubleMad double_mad(const Sorted& sorted) {
    const double centre = median(sorted);
    std::vector<double> lower;
    std::vector<double> upper;
    for (double v : sorted.values()) {
        if (v <= centre) {
            lower.push_back(v);
        }
        if (v >= centre) {
            upper.push_back(v);
        }
    }
    return {centre, mad(lower, centre), mad(upper, centre)};
}

double mean_absolute_deviation(std::span<const double> x, double centre) {
    if (x.empty()) {
        return kNaN;
    }
    CompensatedSum total;
    for (double v : x) {
        total.add(std::abs(v - centre));
    }
    return total.value() / static_cast<double>(x.size());
}

double median_relative_deviation(std::span<const double> x, double centre) {
    std::vector<double> relative;
    relative.reserve(x.size());
    for (double v : x) {
        if (v == 0) {
            return kNaN;
        }
        relative.push_back(std::abs((v - centre) / v));
    }
    return median(std::span<const double>(relative));
}

}  // namespace kmb::analysis
