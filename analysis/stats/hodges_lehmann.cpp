#include "analysis/stats/hodges_lehmann.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/distributions.h"
#include "analysis/stats/kernel_select.h"
#include "analysis/stats/pair_select.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Rank k, its coverage, and whether both are exact, from the null distribution or its
// normal approximation.
RankInterval ranks_of(bool exact, double level, double mean, double sd,
                      const Distribution& distribution) {
    RankInterval result{level, 1, {kNaN, kNaN}, level, exact};
    if (exact) {
        result.k = lower_critical(distribution, 1 - level);
        result.achieved = 1 - 2 * at_most(distribution, result.k - 1);
    } else {
        const double k = std::floor(mean - z_critical(level) * sd - 0.5) + 1;
        result.k = std::max<std::int64_t>(static_cast<std::int64_t>(k), 1);
    }
    return result;
}

Sorted logarithms(const Sorted& sorted) {
    std::vector<double> logs;
    logs.reserve(sorted.size());
    for (double v : sorted.values()) {
        logs.push_back(std::log(v));
    }
    return Sorted::adopt(std::move(logs));
}

bool positive(const Sorted& sorted) {
    return !sorted.empty() && sorted.min() > 0;
}

}  // namespace

double hodges_lehmann(const Sorted& sorted) {
    return sorted.empty() ? kNaN : PairMeans(sorted).median();
}

double hodges_lehmann(std::span<const double> x) {
    return hodges_lehmann(Sorted(x));
}

std::optional<RankInterval> signed_rank_interval(const Sorted& sorted, double level) {
    if (sorted.size() < 2) {
        return std::nullopt;
    }
    const auto n = static_cast<double>(sorted.size());
    const bool exact = sorted.size() <= kExactSignedRank;
    RankInterval result =
        ranks_of(exact, level, n * (n + 1) / 4, std::sqrt(n * (n + 1) * (2 * n + 1) / 24),
                 exact ? signed_rank_distribution(sorted.size()) : Distribution{});
    const PairMeans means(sorted);
    result.bounds = {means.at(result.k), means.at(means.count() + 1 - result.k)};
    return result;
}

double shift(const Sorted& x, const Sorted& y) {
    return x.empty() || y.empty() ? kNaN : PairDifferences(x, y).median();
}

std::optional<RankInterval> shift_interval(const Sorted& x, const Sorted& y, double level) {
    if (x.empty() || y.empty()) {
        return std::nullopt;
    }
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    const bool exact = x.size() <= kExactRankSum && y.size() <= kExactRankSum;
    RankInterval result =
        ranks_of(exact, level, m * n / 2, std::sqrt(m * n * (m + n + 1) / 12),
                 exact ? rank_sum_distribution(x.size(), y.size()) : Distribution{});
    const PairDifferences differences(x, y);
    result.bounds = {differences.at(result.k), differences.at(differences.count() + 1 - result.k)};
    return result;
}

double ratio(const Sorted& x, const Sorted& y) {
    return positive(x) && positive(y) ? std::exp(shift(logarithms(x), logarithms(y))) : kNaN;
}

std::optional<RankInterval> ratio_interval(const Sorted& x, const Sorted& y, double level) {
    if (!positive(x) || !positive(y)) {
        return std::nullopt;
    }
    auto result = shift_interval(logarithms(x), logarithms(y), level);
    result->bounds = {std::exp(result->bounds.low), std::exp(result->bounds.high)};
    return result;
}

double shamos(const Sorted& sorted) {
    return sorted.size() < 2 ? kNaN : PairDistances(sorted).median();
}

double disparity(const Sorted& x, const Sorted& y) {
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    const double spread = (m * shamos(x) + n * shamos(y)) / (m + n);
    return spread > 0 ? shift(x, y) / spread : kNaN;
}

}  // namespace kmb::analysis
