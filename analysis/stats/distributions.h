// Probabilities and quantiles of the distributions that tests and intervals use.
//
// Boost.Math, with one answer to bad arguments: NaN rather than an exception. Upper tails
// are computed as such, never as 1 - lower: a p-value of 1e-200 keeps its digits.
#pragma once

#include <cstdint>

namespace kmb::analysis {

struct Tails {
    double lower;  // P(X <= value)
    double upper;  // P(X > value)
    // Twice the smaller tail, for a symmetric distribution.
    [[nodiscard]] double two_sided() const { return 2 * (lower < upper ? lower : upper); }
};

Tails normal_tails(double z);
double normal_quantile(double p);
double normal_density(double z);

Tails t_tails(double t, double df);
double t_quantile(double p, double df);
// P(T > t) of the noncentral distribution: the power of t tests.
Tails noncentral_t_tails(double t, double df, double noncentrality);

double chi_squared_upper(double x, double df);
double f_upper(double f, double df1, double df2);

// Binomial: P(X <= k) and P(X > k).
Tails binomial_tails(std::int64_t k, std::int64_t n, double p);

// Regularised incomplete beta function I_x(a, b), a, b > 0; and its inverse in x.
double beta_lower(double a, double b, double x);
double beta_quantile(double a, double b, double p);

// Upper quantile of Student's t and of the standard normal distribution that leaves
// (1 - level) / 2 above it.
double t_critical(double df, double level);
double z_critical(double level);

}  // namespace kmb::analysis
