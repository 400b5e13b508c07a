#include "analysis/stats/quantile_regression.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/stats/double_double.h"

namespace kmb::analysis {
namespace {

struct Turn {
    double slope;   // through the pivot and this point
    double weight;  // |x - pivot's|
    std::size_t point;
};

// The best line through a pivot: as its slope grows, each point it passes changes the
// derivative of the loss by that point's distance in x. The point where it turns positive.
std::size_t best_through(std::size_t pivot, std::span<const double> x, std::span<const double> y,
                         double tau) {
    std::vector<Turn> turns;
    double derivative = 0;  // at slope -infinity
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double d = x[i] - x[pivot];
        if (d == 0) {
            continue;
        }
        turns.push_back({(y[i] - y[pivot]) / d, std::abs(d), i});
        // There, points to the right are above the line and points to the left below it.
        derivative -= d > 0 ? tau * d : (tau - 1) * d;
    }
    std::sort(turns.begin(), turns.end(),
              [](const Turn& a, const Turn& b) { return a.slope < b.slope; });
    for (const Turn& turn : turns) {
        derivative += turn.weight;
        if (derivative >= -1e-12 * turn.weight) {
            return turn.point;
        }
    }
    return turns.back().point;
}

QuantileLine line_through(std::size_t i, std::size_t j, std::span<const double> x,
                          std::span<const double> y, double tau) {
    const double slope = (y[j] - y[i]) / (x[j] - x[i]);
    const double intercept = y[i] - slope * x[i];
    return {intercept, slope, quantile_loss(x, y, tau, intercept, slope)};
}

}  // namespace

double quantile_loss(std::span<const double> x, std::span<const double> y, double tau,
                     double intercept, double slope) {
    CompensatedSum loss;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double rest = y[i] - intercept - slope * x[i];
        loss.add(rest * (rest < 0 ? tau - 1 : tau));
    }
    return loss.value();
}

QuantileLine quantile_regression(std::span<const double> x, std::span<const double> y, double tau) {
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    if (x.size() != y.size() || x.size() < 2 || *low == *high) {
        throw std::invalid_argument("quantile regression: need two different x; add points");
    }
    std::size_t pivot = 0;
    std::size_t other = best_through(pivot, x, y, tau);
    QuantileLine best = line_through(pivot, other, x, y, tau);
    // Every point on the line is a pivot to turn about: with ties there are more than two.
    for (bool improved = true; improved;) {
        improved = false;
        const double scale = std::abs(best.intercept) + std::abs(y[other]) + 1e-300;
        for (std::size_t i = 0; i < x.size() && !improved; ++i) {
            if (std::abs(y[i] - best.intercept - best.slope * x[i]) > 1e-9 * scale) {
                continue;
            }
            const std::size_t next = best_through(i, x, y, tau);
            const QuantileLine line = line_through(i, next, x, y, tau);
            if (line.objective < best.objective * (1 - 1e-13)) {
                best = line;
                other = next;
                improved = true;
            }
        }
    }
    return best;
}

}  // namespace kmb::analysis
