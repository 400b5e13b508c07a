// Lines and power laws through points.
#pragma once

#include <limits>
#include <span>

#include "analysis/stats/least_squares.h"

namespace kmb::analysis {

// y = a + b x, coef = {a, b}; or y = b x, coef = {b}. Needs one point more than
// coefficients and at least two different x; throws std::invalid_argument otherwise.
LinearFit fit_line(std::span<const double> x, std::span<const double> y, bool intercept = true,
                   double level = 0.95);

// The same with weights proportional to 1 / variance of each point (all > 0). R^2 and
// information criteria are those of the weighted problem, R^2 about the weighted mean.
LinearFit fit_weighted_line(std::span<const double> x, std::span<const double> y,
                            std::span<const double> weights, double level = 0.95);

// y = a + b x by weights 1 / y^2, in closed form about the weighted means: for the inner loop
// of a search. The slope is `least_slope` where a lower one would fit better, 0 where all x are
// equal. All y > 0, at least one.
struct RelativeLine {
    double a = 0;
    double b = 0;
    double rss = 0;  // of relative residuals
};
RelativeLine relative_line(std::span<const double> x, std::span<const double> y,
                           double least_slope = -std::numeric_limits<double>::infinity());

// ln y = a + b ln x: coef[1] is the exponent of a power law y = exp(a) x^b. Its interval
// is hc3_interval(1): the scatter of timings is seldom the same at all sizes. Throws
// std::invalid_argument when a value is not positive.
LinearFit fit_power(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace kmb::analysis
