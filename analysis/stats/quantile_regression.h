// The line below which a share tau of the points lies.
#pragma once

#include <span>

namespace kmb::analysis {

// Koenker and Bassett, Econometrica 46 (1978): least sum of rho_tau(y - a - b x), where
// rho_tau(r) = r (tau - [r < 0]). Exact: an optimal line runs through two points, and is
// found by turning it about one and the other until neither gains. Where several lines
// are optimal, one of them. Throws std::invalid_argument for fewer than 2 different x.
struct QuantileLine {
    double intercept;
    double slope;
    double objective;
};
QuantileLine quantile_regression(std::span<const double> x, std::span<const double> y, double tau);

double quantile_loss(std::span<const double> x, std::span<const double> y, double tau,
                     double intercept, double slope);

}  // namespace kmb::analysis
