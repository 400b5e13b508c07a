// How many values an answer needs, before they are measured. Numbers of values are real:
// round them up. `effect` is a difference of means in units of one standard deviation.
#pragma once

#include <cstdint>

namespace kmb::analysis {

// Power of the two-sided t test of two samples of n each, and of n pairs (sd of the
// differences), by the noncentral t distribution.
double power_two_sample(double effect, double n, double alpha);
double power_paired(double effect, double n, double alpha);

// Sizes that reach the power. NaN for an effect of 0.
double size_two_sample(double effect, double alpha, double power);  // of each sample
double size_paired(double effect, double alpha, double power);
double size_normal(double effect, double alpha, double power);  // of each, normal approximation

// Noether, JASA 82 (1987): total size for Mann and Whitney's test, equal samples, where
// theta = P(X < Y); a normal shift of `effect` has theta = Phi(effect / sqrt 2).
double theta_of_effect(double effect);
double size_mann_whitney(double theta, double alpha, double power);

// Values whose mean has an interval of +- rel_halfwidth, cv being sd / mean. This and the
// next throw std::invalid_argument where no number is enough.
std::int64_t size_for_halfwidth(double cv, double rel_halfwidth, double level = 0.95);

// Smallest n whose extreme values hold the p-quantile between them with probability
// `level` (equal tails): 6 for the median at 0.95, 368 for p = 0.99.
std::int64_t size_for_quantile(double p, double level = 0.95);

// Smallest effect that samples of m and n values find with that power, normal
// approximation.
double detectable_effect(double m, double n, double alpha, double power);

}  // namespace kmb::analysis
