#include "analysis/stats/multiplicity.h"

#include <algorithm>
#include <numeric>

namespace kmb::analysis {
namespace {

std::vector<std::size_t> ascending(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

// p of rank i (from 1) times factor(i), made monotone from the largest p downwards.
template <typename Factor>
std::vector<double> step_up(std::span<const double> p, Factor factor) {
    const auto order = ascending(p);
    std::vector<double> adjusted(p.size());
    double smallest = 1;
    for (std::size_t i = order.size(); i > 0; --i) {
        smallest = std::min(smallest, p[order[i - 1]] * factor(static_cast<double>(i)));
        adjusted[order[i - 1]] = smallest;
    }
    return adjusted;
}

}  // namespace

std::vector<double> bonferroni(std::span<const double> p) {
    std::vector<double> adjusted;
    for (double value : p) {
        adjusted.push_back(std::min(1.0, value * static_cast<double>(p.size())));
    }
    return adjusted;
}

std::vector<double> holm(std::span<const double> p) {
    const auto order = ascending(p);
    const auto n = static_cast<double>(p.size());
    std::vector<double> adjusted(p.size());
    double largest = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        largest = std::max(largest, std::min(1.0, p[order[i]] * (n - static_cast<double>(i))));
        adjusted[order[i]] = largest;
    }
    return adjusted;
}

std::vector<double> hochberg(std::span<const double> p) {
    const auto n = static_cast<double>(p.size());
    return step_up(p, [n](double rank) { return n - rank + 1; });
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
    const auto n = static_cast<double>(p.size());
    return step_up(p, [n](double rank) { return n / rank; });
}

std::vector<double> benjamini_yekutieli(std::span<const double> p) {
    const auto n = static_cast<double>(p.size());
    double harmonic = 0;
    for (double k = 1; k <= n; ++k) {
        harmonic += 1 / k;
    }
    return step_up(p, [n, harmonic](double rank) { return n / rank * harmonic; });
}

}  // namespace kmb::analysis
