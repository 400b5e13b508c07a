// Which law of growth the times of a sweep follow.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// A law y = a + b g(n). The constant law has no b.
struct GrowthLaw {
    std::string_view name;  // "1", "lgN", "N", "NlgN", "N^2", "N^3"; lg is to base 2
    double (*g)(double n);
};
std::span<const GrowthLaw> growth_laws();

// y = c g(n) without a constant, as Google Benchmark fits it: for comparison. It has no
// place for the cost of a call, and large n decide alone.
struct OriginFit {
    double coef;
    double normalized_rms;  // sqrt(mean squared error) / mean(y)
};
OriginFit fit_through_origin(const GrowthLaw& law, std::span<const double> n,
                             std::span<const double> y);
std::size_t best_through_origin(const std::vector<OriginFit>& fits);  // index, least rms

// y = a + b g(n) with relative errors: weights 1 / y^2. One fit a law, with the small-sample
// Akaike criterion m ln(rss / m) + 2 k + 2 k (k + 1) / (m - k - 1), k = coefficients + 1,
// and the weight of each law among them (Burnham and Anderson 2002).
struct AffineFit {
    std::vector<double> coef;  // {a} or {a, b}
    double relative_rss = 0;   // sum ((y - fit) / y)^2
    double aicc = 0;
    double weight = 0;
};
// Throws std::invalid_argument unless all y are positive and there are at least 5 points
// with at least 3 different n.
std::vector<AffineFit> fit_growth(std::span<const double> n, std::span<const double> y);
std::size_t best_growth(const std::vector<AffineFit>& fits);  // index, least criterion

// y = a + b n^exponent, b > 0, the same weights; the exponent by search, its interval by
// profile likelihood (those whose squares exceed the least ones by no more than F allows).
struct PowerFit {
    double a = 0;
    double b = 0;
    double exponent = 0;
    Bounds bounds{};
    double relative_rss = 0;
    double aicc = 0;
};
// Throws as fit_growth().
PowerFit fit_offset_power(std::span<const double> n, std::span<const double> y,
                          double level = 0.95);

// The law that the times follow, or none of the named ones.
//
// Of the named laws that rise, the one of least criterion, but the constant unless that is
// better by `kParsimony`: where noise hides a growth, none is claimed. A free exponent
// takes its place where it is better by as much: then the answer is n^exponent and no class.
struct NamedGrowth {
    std::string_view law;  // of growth_laws(), or "none"
    double weight = 0;     // Akaike weight of the law among all, the free exponent included
    double a = 0;
    double b = 0;
    double relative_rms = 0;  // of the law's residuals
    PowerFit power;           // the free exponent, whatever the answer
};
inline constexpr double kParsimony = 4;
// Throws as fit_growth().
NamedGrowth classify_growth(std::span<const double> n, std::span<const double> y);

}  // namespace kmb::analysis
