// Do two samples come from one distribution? Independent values assumed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Kolmogorov and Smirnov: the largest distance of the distribution functions. With ties
// the p-values are upper bounds.
struct KolmogorovSmirnov {
    double d;
    bool ties;                      // of values anywhere in both samples
    double p_finite;                // one-sample distribution at round(m n / (m + n)), as SciPy
    double p_limit;                 // Kolmogorov's limit at sqrt(m n / (m + n)) d
    std::optional<double> p_exact;  // by counting orders; without ties, m n up to 10^7
};
KolmogorovSmirnov kolmogorov_smirnov(const Sorted& x, const Sorted& y);

// P(D_n > d) of n values against the distribution they come from: exact where that can be
// computed, else to 5 digits or better (Simard and L'Ecuyer, J. Stat. Software 39, 2011).
double kolmogorov_upper(std::int64_t n, double d);
// Limit of P(sqrt(n) D_n > x).
double kolmogorov_limit_upper(double x);

// Anderson, Ann. Math. Statist. 33 (1962): T of midranks. The exact p, by counting orders,
// without ties and for up to 20 values a sample.
struct CramerVonMises {
    double t;
    std::optional<double> p_exact;
};
CramerVonMises cramer_von_mises(const Sorted& x, const Sorted& y);

// Scholz and Stephens, JASA 82 (1987): k-sample Anderson-Darling statistic of midranks,
// less its mean, over its sd: about 1.96 at 5 % for two samples. NaN where all are equal.
double anderson_darling(std::span<const Sorted> samples);

}  // namespace kmb::analysis
