// More than two samples at once, and which of them differ.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kmb::analysis {

using Samples = std::vector<std::vector<double>>;

struct KruskalWallis {
    double h;  // corrected for ties; NaN where all values are equal
    std::size_t df;
    double p;
};
KruskalWallis kruskal_wallis(const Samples& samples);

// One-way analysis of variance: equal variances, and Welch's (Biometrika 38, 1951) without.
struct AnalysisOfVariance {
    double f;
    double df1;
    double df2;
    double p;
};
AnalysisOfVariance anova(const Samples& samples);
AnalysisOfVariance welch_anova(const Samples& samples);

// Do the spreads differ? Analysis of variance of |x - median| (Brown and Forsythe, JASA 69,
// 1974), and normal scores of its ranks (Fligner and Killeen, JASA 71, 1976).
AnalysisOfVariance brown_forsythe(const Samples& samples);
struct ChiSquaredTest {
    double statistic;
    double p;
};
ChiSquaredTest fligner_killeen(const Samples& samples);

// Samples of the same length measured in the same rounds: ranks within each round
// (Friedman, JASA 32, 1937), ties corrected. Nothing where the lengths differ or there
// are fewer than 3 samples.
std::optional<ChiSquaredTest> friedman(const Samples& samples);

// Every pair by Brunner and Munzel's test, p-values raised by Holm's rule.
struct PairwiseTest {
    std::size_t first;
    std::size_t second;
    double p_hat;  // P(first < second) + P(equal) / 2
    double p;      // adjusted
};
std::vector<PairwiseTest> pairwise(const Samples& samples);

}  // namespace kmb::analysis
