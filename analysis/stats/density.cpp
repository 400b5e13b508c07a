#include "analysis/stats/density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/root.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kRootTwoPi = std::sqrt(2 * std::numbers::pi);

double count_power(const Sorted& sorted, double exponent) {
    return std::pow(static_cast<double>(sorted.size()), exponent);
}

// Pairs of values by the distance of their bins.
struct PairBins {
    static constexpr std::size_t kBins = 1000;
    explicit PairBins(const Sorted& sorted)
        : n(static_cast<double>(sorted.size())),
          width((sorted.max() - sorted.min()) * 1.01 / static_cast<double>(kBins)),
          pairs(kBins, 0.0) {
        std::vector<double> count(kBins + 1, 0.0);
        const double first = std::trunc(sorted.min() / width);
        for (double v : sorted.values()) {
            ++count[static_cast<std::size_t>(std::trunc(v / width) - first)];
        }
        for (std::size_t i = 0; i <= kBins; ++i) {
            pairs[0] += count[i] * (count[i] - 1) / 2;
            for (std::size_t j = 0; j < i && count[i] > 0; ++j) {
                if (i - j < kBins) {
                    pairs[i - j] += count[i] * count[j];
                }
            }
        }
    }

    // Estimates of the integrals of the density times its 4th and its 6th derivative.
    [[nodiscard]] double functional4(double h) const {
        return functional(h, 5, 3, [](double d) { return d * d - 6 * d + 3; });
    }
    [[nodiscard]] double functional6(double h) const {
        return functional(h, 7, -15, [](double d) { return d * d * d - 15 * d * d + 45 * d - 15; });
    }

    double n;
    double width;
    std::vector<double> pairs;

  private:
    template <typename Polynomial>
    [[nodiscard]] double functional(double h, int power, double diagonal, Polynomial f) const {
        double sum = 0;
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            const double step = static_cast<double>(k) * width / h;
            const double square = step * step;
            if (square >= 1000) {
                break;
            }
            sum += std::exp(-square / 2) * f(square) * pairs[k];
        }
        return (2 * sum + n * diagonal) / (n * (n - 1) * std::pow(h, power) * kRootTwoPi);
    }
};

}  // namespace

double bandwidth_nrd0(const Sorted& sorted) {
    if (sorted.size() < 2) {
        return kNaN;
    }
    const double high = sd(sorted.values());
    double low = std::min(high, quartiles(sorted).iqr() / 1.34);
    for (double otherwise : {high, std::abs(sorted[0]), 1.0}) {
        low = low > 0 ? low : otherwise;
    }
    return 0.9 * low * count_power(sorted, -0.2);
}

double bandwidth_nrd(const Sorted& sorted) {
    const double spread = std::min(sd(sorted.values()), quartiles(sorted).iqr() / 1.34);
    return 1.06 * spread * count_power(sorted, -0.2);
}

double bandwidth_normal(const Sorted& sorted) {
    return sd(sorted.values()) * std::pow(4.0 / 3, 0.2) * count_power(sorted, -0.2);
}

double bandwidth_sheather_jones(const Sorted& sorted) {
    if (sorted.size() < 2 || sorted.min() == sorted.max()) {
        return kNaN;
    }
    const double largest = std::max(std::abs(sorted.min()), std::abs(sorted.max()));
    const double range = sorted.max() - sorted.min();
    if (!std::isnormal(range) || !(largest / range < 0x1p40)) {
        return kNaN;  // bins could not be told apart
    }
    const PairBins bins(sorted);
    const double scale = std::min(sd(sorted.values()), quartiles(sorted).iqr() / 1.349);
    const double c1 = 1 / (2 * std::sqrt(std::numbers::pi) * bins.n);
    const double td = -bins.functional6(1.23 * scale * count_power(sorted, -1.0 / 9));
    const double alpha =
        1.357 *
        std::pow(bins.functional4(1.24 * scale * count_power(sorted, -1.0 / 7)) / td, 1.0 / 7);
    if (!(td > 0) || !std::isfinite(alpha)) {
        return kNaN;
    }
    const auto equation = [&](double h) {
        return std::pow(c1 / bins.functional4(alpha * std::pow(h, 5.0 / 7)), 0.2) - h;
    };
    double upper = 1.144 * scale * count_power(sorted, -0.2);
    double lower = 0.1 * upper;
    for (int attempt = 1; equation(lower) * equation(upper) > 0; ++attempt) {
        if (attempt > 99) {
            return kNaN;
        }
        if (attempt % 2 == 1) {
            upper *= 1.2;
        } else {
            lower /= 1.2;
        }
    }
    return find_root(equation, lower, upper, 0.1 * lower);
}

std::vector<double> density(std::span<const double> x, std::span<const double> points,
                            double bandwidth) {
    std::vector<double> result;
    result.reserve(points.size());
    for (double at : points) {
        double sum = 0;
        for (double v : x) {
            const double z = (at - v) / bandwidth;
            sum += std::exp(-z * z / 2);
        }
        result.push_back(sum / (static_cast<double>(x.size()) * bandwidth * kRootTwoPi));
    }
    return result;
}

}  // namespace kmb::analysis
