#include "analysis/stats/complexity.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/least_squares.h"

namespace kmb::analysis {
namespace {

constexpr GrowthLaw kLaws[] = {
    {"1", [](double) { return 1.0; }},       {"lgN", [](double n) { return std::log2(n); }},
    {"N", [](double n) { return n; }},       {"NlgN", [](double n) { return n * std::log2(n); }},
    {"N^2", [](double n) { return n * n; }}, {"N^3", [](double n) { return n * n * n; }},
};

AffineFit fit_law(const GrowthLaw& law, std::span<const double> n, std::span<const double> y) {
    std::vector<double> grown;
    std::vector<double> weights;
    const std::vector<double> ones(y.size(), 1.0);
    for (std::size_t i = 0; i < n.size(); ++i) {
        grown.push_back(law.g(n[i]));
        weights.push_back(1 / y[i]);
    }
    Design design(n.size());
    design.constant();
    const bool constant =
        std::all_of(grown.begin(), grown.end(), [&](double v) { return v == grown.front(); });
    if (!constant) {
        design.column(grown);
    }
    design.scale_rows(weights);
    const LinearFit fit = least_squares(design, ones);
    return {fit.coef, fit.rss, fit.aicc, 0};
}

}  // namespace

std::span<const GrowthLaw> growth_laws() {
    return kLaws;
}

OriginFit fit_through_origin(const GrowthLaw& law, std::span<const double> n,
                             std::span<const double> y) {
    CompensatedSum product;
    CompensatedSum square;
    for (std::size_t i = 0; i < n.size(); ++i) {
        const double g = law.g(n[i]);
        product.add(two_prod(y[i], g));
        square.add(two_prod(g, g));
    }
    const double coef = product.value() / square.value();
    CompensatedSum error;
    for (std::size_t i = 0; i < n.size(); ++i) {
        const double rest = y[i] - coef * law.g(n[i]);
        error.add(two_prod(rest, rest));
    }
    return {coef, std::sqrt(error.value() / static_cast<double>(n.size())) / mean(y)};
}

std::size_t best_through_origin(const std::vector<OriginFit>& fits) {
    const auto best = std::min_element(fits.begin(), fits.end(), [](const auto& a, const auto& b) {
        return a.normalized_rms < b.normalized_rms;
    });
    return static_cast<std::size_t>(best - fits.begin());
}

std::vector<AffineFit> fit_growth(std::span<const double> n, std::span<const double> y) {
    const bool positive = std::all_of(y.begin(), y.end(), [](double v) { return v > 0; });
    if (n.size() != y.size() || n.size() < 5 || !positive ||
        std::set<double>(n.begin(), n.end()).size() < 3) {
        throw std::invalid_argument(
            "growth: need at least 5 positive times at 3 or more different n; widen the sweep");
    }
    std::vector<AffineFit> fits;
    for (const GrowthLaw& law : kLaws) {
        fits.push_back(fit_law(law, n, y));
    }
    const double least = fits[best_growth(fits)].aicc;
    double total = 0;
    for (AffineFit& fit : fits) {
        fit.weight = std::exp(-(fit.aicc - least) / 2);
        total += fit.weight;
    }
    for (AffineFit& fit : fits) {
        fit.weight /= total;
    }
    return fits;
}

std::size_t best_growth(const std::vector<AffineFit>& fits) {
    const auto best = std::min_element(
        fits.begin(), fits.end(), [](const auto& a, const auto& b) { return a.aicc < b.aicc; });
    return static_cast<std::size_t>(best - fits.begin());
}

}  // namespace kmb::analysis
