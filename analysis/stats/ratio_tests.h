// How many times longer: ratios of two samples with intervals. Independent values.
#pragma once

#include <optional>
#include <span>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// Ratio of the means x / y. Delta method on the logarithm: exp(ln r -+ z sqrt(cv_x^2 / m +
// cv_y^2 / n)).
struct RatioOfMeans {
    double ratio;
    Bounds delta_log;
    // Fieller 1954. g = (z se(mean y) / mean y)^2; where g >= 1 the denominator may be 0
    // and there is no finite interval.
    double fieller_g;
    std::optional<Bounds> fieller;
};
RatioOfMeans ratio_of_means(std::span<const double> x, std::span<const double> y,
                            double level = 0.95);

// Ratio of the geometric means with Welch's interval of the logarithms. Nothing unless
// all values are positive.
struct RatioOfGeometricMeans {
    double ratio;
    Bounds ci;
};
std::optional<RatioOfGeometricMeans> ratio_of_geometric_means(std::span<const double> x,
                                                              std::span<const double> y,
                                                              double level = 0.95);

}  // namespace kmb::analysis
