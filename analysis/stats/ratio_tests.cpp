#include "analysis/stats/ratio_tests.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/t_tests.h"

namespace kmb::analysis {
namespace {

std::optional<std::vector<double>> logarithms(std::span<const double> x) {
    std::vector<double> logs;
    for (double v : x) {
        if (!(v > 0)) {
            return std::nullopt;
        }
        logs.push_back(std::log(v));
    }
    return logs;
}

}  // namespace

RatioOfMeans ratio_of_means(std::span<const double> x, std::span<const double> y, double level) {
    const double z = z_critical(level);
    const double a = mean(x);
    const double b = mean(y);
    const double va = variance(x) / static_cast<double>(x.size());
    const double vb = variance(y) / static_cast<double>(y.size());
    RatioOfMeans result{};
    result.ratio = a / b;
    const double spread = std::exp(z * std::sqrt(va / (a * a) + vb / (b * b)));
    result.delta_log = {result.ratio / spread, result.ratio * spread};
    result.fieller_g = z * z * vb / (b * b);
    if (result.fieller_g < 1) {
        const double half =
            z / b * std::sqrt((1 - result.fieller_g) * va + result.ratio * result.ratio * vb);
        const double scale = 1 - result.fieller_g;
        const double one = (result.ratio - half) / scale;
        const double other = (result.ratio + half) / scale;
        result.fieller = {std::min(one, other), std::max(one, other)};
    }
    return result;
}

std::optional<RatioOfGeometricMeans> ratio_of_geometric_means(std::span<const double> x,
                                                              std::span<const double> y,
                                                              double level) {
    const auto log_x = logarithms(x);
    const auto log_y = logarithms(y);
    if (!log_x || !log_y) {
        return std::nullopt;
    }
    const TTest test = welch(*log_x, *log_y, level);
    return RatioOfGeometricMeans{std::exp(test.difference),
                                 {std::exp(test.ci.low), std::exp(test.ci.high)}};
}

}  // namespace kmb::analysis
