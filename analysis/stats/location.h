// Where the middle is, between the mean that one spike moves and the median that looks at
// one value. Unit of the values.
#pragma once

#include <cstddef>
#include <span>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Huber's M-estimate of location with the scale fixed at 1.4826 MAD: values farther than
// k scales from it count as if they were k away (Huber, Ann. Math. Statist. 35, 1964; the
// iteration of MASS::huber). With a MAD of 0 there is no scale and no estimate: NaN.
struct Huber {
    double k;
    double scale;
    double mu;
};
Huber huber(std::span<const double> x, double k = 1.5);

// The p-quantile as the mean of all order statistics, weighted by how often each is the
// p-quantile of a resample (Harrell and Davis, Biometrika 69, 1982). Smooth where single
// order statistics jump; for p near 1 the largest value enters with weight, so that heavy
// tails make it noisy: prefer order_interval() from p = 0.99 on.
struct HarrellDavis {
    double estimate;
    double weight_sd;     // sd of the values under these weights
    std::size_t order;    // m = floor(p n + 1/2)
    double se_bootstrap;  // exact standard error of a resample's X_(m); NaN for m < 1
    double se_wilcox;     // Maritz and Jarrett's with Beta(m - 1, n - m), as in SciPy
};
HarrellDavis harrell_davis(const Sorted& sorted, double p);

}  // namespace kmb::analysis
