#include "bench/stopping.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kmb::bench {
namespace {

constexpr double kGrowth = 1.3;
constexpr std::size_t kRoundsForModes = 13;  // fewer fall into two groups by chance
constexpr double kLeastShare = 0.2;          // of a level that is no stray

// Largest rank k, from 1, with P(Bin(n, 1/2) < k) <= tail; 0 where there is none.
std::size_t lower_rank(std::size_t n, double tail) {
    double probability = std::exp2(-static_cast<double>(n));  // of exactly j
    double below = 0;                                         // of fewer than k
    std::size_t k = 0;
    for (std::size_t j = 0; j < n; ++j) {
        below += probability;
        if (below > tail) {
            break;
        }
        k = j + 1;
        probability *= static_cast<double>(n - j) / static_cast<double>(j + 1);
    }
    return k;
}

double median_of(std::span<const double> sorted) {
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 != 0 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// Two groups with a gap between them that is wider than either.
void find_modes(std::span<const double> sorted, const StopRule& rule, Look& found) {
    const std::size_t n = sorted.size();
    const auto least = std::max<std::size_t>(
        3, static_cast<std::size_t>(std::ceil(kLeastShare * static_cast<double>(n))));
    for (std::size_t k = least; n >= kRoundsForModes && k + least <= n; ++k) {
        const double gap = sorted[k] - sorted[k - 1];
        const double widest = std::max(sorted[k - 1] - sorted.front(), sorted.back() - sorted[k]);
        if (gap > widest && gap > 2 * rule.width * found.median && gap > 2 * rule.step) {
            found.sampling = Sampling::modes;
            found.lower = median_of(sorted.first(k));
            found.upper = median_of(sorted.subspan(k));
            found.share = static_cast<double>(k) / static_cast<double>(n);
        }
    }
}

}  // namespace

std::vector<std::uint64_t> looks(const StopRule& rule) {
    std::vector<std::uint64_t> at;
    for (std::uint64_t rounds = rule.first; rounds < rule.most;
         rounds = static_cast<std::uint64_t>(std::ceil(static_cast<double>(rounds) * kGrowth))) {
        at.push_back(rounds);
    }
    at.push_back(rule.most);
    return at;
}

std::uint64_t next_look(const StopRule& rule, std::uint64_t rounds) {
    for (const std::uint64_t at : looks(rule)) {
        if (at > rounds) {
            return at;
        }
    }
    return rule.most;
}

const char* name(Sampling sampling) {
    constexpr const char* kNames[] = {"go on", "narrow", "modes", "spent"};
    return kNames[static_cast<std::size_t>(sampling)];
}

double Look::half_width() const {
    return median > 0 ? (high - low) / 2 / median : std::numeric_limits<double>::infinity();
}

Look look(std::span<const double> medians, const StopRule& rule) {
    const auto at = looks(rule);
    std::vector<double> sorted(medians.begin(), medians.end());
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = sorted.size();
    const double tail = (1 - rule.level) / 2 / static_cast<double>(at.size());
    const std::size_t rank = lower_rank(n, tail);
    Look found;
    found.median = median_of(sorted);
    found.low = rank > 0 ? sorted[rank - 1] : -std::numeric_limits<double>::infinity();
    found.high = rank > 0 ? sorted[n - rank] : std::numeric_limits<double>::infinity();
    if (std::find(at.begin(), at.end(), n) == at.end()) {
        return found;
    }
    // A clock that steps cannot tell a narrower interval from none.
    if (found.high - found.low <= std::max(2 * rule.width * found.median, rule.step)) {
        found.sampling = Sampling::narrow;
        return found;
    }
    find_modes(sorted, rule, found);
    if (found.sampling == Sampling::go_on && n >= rule.most) {
        found.sampling = Sampling::spent;
    }
    return found;
}

}  // namespace kmb::bench
