// Kolmogorov's distribution of n values, by the plan of Simard and L'Ecuyer, "Computing the
// two-sided Kolmogorov-Smirnov distribution", J. Stat. Software 39 (2011): each region of
// (n, d) has the formula that is both right and affordable there.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/stats/distribution_tests.h"

namespace kmb::analysis {
namespace {

constexpr double kPi = std::numbers::pi;

// P(D+ >= d), one-sided and exact (Smirnov; Birnbaum and Tingey 1951).
double one_sided_upper(double n, double d) {
    double sum = std::exp(n * std::log1p(-d));
    for (double j = 1; j <= std::floor(n * (1 - d)); ++j) {
        const double rest = 1 - d - j / n;
        if (!(rest > 0)) {
            break;
        }
        const double log_ways = std::lgamma(n + 1) - std::lgamma(j + 1) - std::lgamma(n - j + 1);
        sum += d * std::exp(log_ways + (j - 1) * std::log(d + j / n) + (n - j) * std::log(rest));
    }
    return sum;
}

using Matrix = std::vector<double>;

Matrix multiply(const Matrix& a, const Matrix& b, std::size_t m) {
    Matrix c(m * m, 0.0);
    for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t k = 0; k < m; ++k) {
            const double factor = a[i * m + k];
            for (std::size_t j = 0; j < m && factor != 0; ++j) {
                c[i * m + j] += factor * b[k * m + j];
            }
        }
    }
    return c;
}

// P(D_n < d), exact: the n-th power of a matrix (Durbin; Marsaglia, Tsang and Wang, J. Stat.
// Software 8, 2003). The exponent of 10 is kept apart.
double lower_by_matrix(std::int64_t n, double d) {
    const double nd = static_cast<double>(n) * d;
    const auto k = static_cast<std::size_t>(nd) + 1;
    const std::size_t m = 2 * k - 1;
    const double h = static_cast<double>(k) - nd;
    Matrix base(m * m, 0.0);
    for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t j = 0; j < m && j <= i + 1; ++j) {
            double entry = 1;
            if (j == 0) {
                entry -= std::pow(h, static_cast<double>(i + 1));
            }
            if (i == m - 1) {
                entry -= std::pow(h, static_cast<double>(m - j));
            }
            if (i == m - 1 && j == 0 && 2 * h - 1 > 0) {
                entry += std::pow(2 * h - 1, static_cast<double>(m));
            }
            base[i * m + j] = entry / std::tgamma(static_cast<double>(i + 1 - j) + 1);
        }
    }
    const std::size_t middle = (k - 1) * m + k - 1;
    Matrix power(m * m, 0.0);
    for (std::size_t i = 0; i < m; ++i) {
        power[i * m + i] = 1;
    }
    int power_exponent = 0;
    int base_exponent = 0;
    const auto normalize = [middle](Matrix& matrix, int& exponent) {
        if (matrix[middle] > 1e140) {
            for (double& v : matrix) {
                v *= 1e-140;
            }
            exponent += 140;
        }
    };
    for (std::int64_t left = n; left > 0; left /= 2) {
        if (left % 2 == 1) {
            power = multiply(power, base, m);
            power_exponent += base_exponent;
            normalize(power, power_exponent);
        }
        base = multiply(base, base, m);
        base_exponent *= 2;
        normalize(base, base_exponent);
    }
    double result = power[middle];
    for (std::int64_t i = 1; i <= n; ++i) {
        result *= static_cast<double>(i) / static_cast<double>(n);
        if (result < 1e-140) {
            result *= 1e140;
            power_exponent -= 140;
        }
    }
    return result * std::pow(10.0, power_exponent);
}

// P(D_n <= d) for large n: Kolmogorov's limit and three corrections in powers of n^-1/2
// (Pelz and Good, J. Royal Statistical Society B 38, 1976), as sums over odd and over all
// integers that converge fast for small z = sqrt(n) d.
double lower_by_expansion(double n, double d) {
    const double z = std::sqrt(n) * d;
    const double z2 = z * z;
    const double z4 = z2 * z2;
    const double z6 = z4 * z2;
    const double pi2 = kPi * kPi;
    double k0 = 0;
    double k1 = 0;
    double k2 = 0;
    double k3 = 0;
    const int terms = static_cast<int>(std::ceil(16 * z / kPi)) + 1;
    for (int i = terms; i > 0; --i) {
        const double odd = 2.0 * i - 1;
        const double a = pi2 * odd * odd / 4;  // (pi (k - 1/2))^2
        const double weight = std::exp(-a / (2 * z2));
        k0 += weight;
        k1 += weight * (a - z2);
        k2 += weight * (6 * z6 + 2 * z4 + a * (2 * z4 - 5 * z2) + a * a * (1 - 2 * z2));
        k3 += weight * (-30 * z6 - 90 * z6 * z2 + a * (135 * z4 - 96 * z6) +
                        a * a * (212 * z4 - 60 * z2) + a * a * a * (5 - 30 * z2));
    }
    double all2 = 0;
    double all3 = 0;
    for (int i = terms; i > 0; --i) {
        const double a = pi2 * i * i;
        const double weight = std::exp(-a / (2 * z2));
        all2 += weight * a;
        all3 += weight * a * (3 * z2 - a);
    }
    const double root = std::sqrt(2 * kPi);
    const double sum0 = root / z * k0;
    const double sum1 = root / (6 * z4) * k1;
    const double sum2 = root / (72 * z6 * z) * k2 - root / (36 * z2 * z) * all2;
    const double sum3 = root / (6480 * z6 * z4) * k3 + root / (216 * z6) * all3;
    return sum0 + sum1 / std::sqrt(n) + sum2 / n + sum3 / (n * std::sqrt(n));
}

// n! / n^n * (2 n d - 1)^n, exact for 1/2 < n d <= 1.
double lower_near_zero(double n, double nd) {
    return std::exp(std::lgamma(n + 1) - n * std::log(n) + n * std::log(2 * nd - 1));
}

double upper_between(std::int64_t n, double d) {
    const auto count = static_cast<double>(n);
    const double square = count * d * d;
    if (n <= 140) {
        return square <= 4 ? 1 - lower_by_matrix(n, d) : 2 * one_sided_upper(count, d);
    }
    if (square >= 370) {
        return 0;
    }
    if (square >= 2.2) {
        return 2 * one_sided_upper(count, d);
    }
    return n <= 100000 && count * std::pow(d, 1.5) <= 1.4 ? 1 - lower_by_matrix(n, d)
                                                          : 1 - lower_by_expansion(count, d);
}

}  // namespace

double kolmogorov_upper(std::int64_t n, double d) {
    const auto count = static_cast<double>(n);
    const double nd = count * d;
    if (d >= 1) {
        return 0;
    }
    if (nd <= 0.5) {
        return 1;
    }
    const double p = nd <= 1           ? 1 - lower_near_zero(count, nd)
                     : nd >= count - 1 ? 2 * std::exp(count * std::log1p(-d))
                     : d >= 0.5        ? 2 * one_sided_upper(count, d)
                                       : upper_between(n, d);
    return std::clamp(p, 0.0, 1.0);
}

double kolmogorov_limit_upper(double x) {
    if (x <= 0) {
        return 1;
    }
    if (x < 1) {  // by the theta function's other series, which converges here
        double sum = 0;
        for (int k = 1; k <= 20; ++k) {
            const double odd = (2 * k - 1) * kPi / x;
            sum += std::exp(-odd * odd / 8);
        }
        return 1 - std::sqrt(2 * kPi) / x * sum;
    }
    double sum = 0;
    for (int k = 20; k >= 1; --k) {
        sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
    }
    return sum;
}

}  // namespace kmb::analysis
