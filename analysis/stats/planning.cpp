#include "analysis/stats/planning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/stats/distributions.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// P(|T| > critical) for the noncentral t distribution.
double two_sided_power(double df, double noncentrality, double alpha) {
    const double critical = t_critical(df, 1 - alpha);
    return noncentral_t_tails(critical, df, noncentrality).upper +
           noncentral_t_tails(-critical, df, noncentrality).lower;
}

// Smallest n with power(n) >= target, by bisection to the last bits; power grows with n.
template <typename Power>
double solve_size(Power power, double target) {
    double low = 2 + 1e-6;
    if (power(low) >= target) {
        return low;
    }
    double high = 4;
    while (power(high) < target) {
        low = high;
        high *= 2;
        if (high > 1e15) {
            return kNaN;
        }
    }
    while (high - low > 1e-10 * high) {
        const double middle = low + (high - low) / 2;
        (power(middle) < target ? low : high) = middle;
    }
    return high;
}

// Rounded up. Throws std::invalid_argument where no number would do.
std::int64_t whole(double n) {
    if (!(n >= 0 && n < 0x1p63)) {
        throw std::invalid_argument("planning: no number of samples is enough");
    }
    return static_cast<std::int64_t>(std::ceil(n));
}

double z_sum(double alpha, double power) {
    return z_critical(1 - alpha) + normal_quantile(power);
}

}  // namespace

double power_two_sample(double effect, double n, double alpha) {
    return two_sided_power(2 * n - 2, effect * std::sqrt(n / 2), alpha);
}

double power_paired(double effect, double n, double alpha) {
    return two_sided_power(n - 1, effect * std::sqrt(n), alpha);
}

double size_two_sample(double effect, double alpha, double power) {
    return effect == 0
               ? kNaN
               : solve_size([&](double n) { return power_two_sample(effect, n, alpha); }, power);
}

double size_paired(double effect, double alpha, double power) {
    return effect == 0
               ? kNaN
               : solve_size([&](double n) { return power_paired(effect, n, alpha); }, power);
}

double size_normal(double effect, double alpha, double power) {
    const double z = z_sum(alpha, power) / effect;
    return 2 * z * z;
}

double theta_of_effect(double effect) {
    return normal_tails(effect / std::sqrt(2.0)).lower;
}

double size_mann_whitney(double theta, double alpha, double power) {
    const double z = z_sum(alpha, power) / (theta - 0.5);
    return z * z / (12 * 0.25);
}

std::int64_t size_for_halfwidth(double cv, double rel_halfwidth, double level) {
    const double z = z_critical(level) * cv / rel_halfwidth;
    return whole(z * z);
}

std::int64_t size_for_quantile(double p, double level) {
    const double rarer = std::max(p, 1 - p);
    const double n = std::log((1 - level) / 2) / std::log(rarer);
    return whole(n - 1e-9);
}

double detectable_effect(double m, double n, double alpha, double power) {
    return z_sum(alpha, power) * std::sqrt(1 / m + 1 / n);
}

}  // namespace kmb::analysis
