#include "analysis/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "analysis/stats/distributions.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

SignTest sign_test(std::span<const double> differences) {
    SignTest result{0, 0, 0, 1};
    for (double d : differences) {
        ++(d > 0 ? result.positive : d < 0 ? result.negative : result.zero);
    }
    const std::int64_t n = result.positive + result.negative;
    if (n > 0) {
        const std::int64_t fewer = std::min(result.positive, result.negative);
        result.p = std::min(1.0, 2 * binomial_tails(fewer, n, 0.5).lower);
    }
    return result;
}

SignedRank signed_rank(std::span<const double> differences) {
    SignedRank result{0, 0, false, std::nullopt, kNaN};
    std::vector<double> sizes;
    std::vector<bool> positive;
    for (double d : differences) {
        if (d != 0) {
            sizes.push_back(std::abs(d));
            positive.push_back(d > 0);
        }
    }
    result.nonzero = static_cast<std::int64_t>(sizes.size());
    if (sizes.empty()) {
        return result;
    }
    const std::vector<double> ranks = midranks(sizes);
    std::vector<std::int64_t> scores;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        result.v += positive[i] ? ranks[i] : 0;
        scores.push_back(static_cast<std::int64_t>(2 * ranks[i]));
    }
    const Ties ties = tied_groups(Sorted(sizes));
    result.ties = ties.any();
    if (sizes.size() <= kExactSignedRank) {
        const Distribution distribution = subset_sum_distribution(scores);
        const auto twice = static_cast<std::int64_t>(2 * result.v);
        result.p_exact = std::min(
            1.0, 2 * std::min(at_most(distribution, twice), at_least(distribution, twice)));
    }
    const auto n = static_cast<double>(sizes.size());
    const double variance = n * (n + 1) * (2 * n + 1) / 24 - ties.cubic / 48;
    const double distance = std::abs(result.v - n * (n + 1) / 4);
    const double z = std::max(distance - 0.5, 0.0) / std::sqrt(variance);
    result.p_normal = normal_tails(z).two_sided();
    return result;
}

std::optional<PairedRatio> paired_ratio(std::span<const double> x, std::span<const double> y,
                                        double level) {
    if (x.size() != y.size()) {
        throw std::invalid_argument("paired ratio: the samples have different lengths");
    }
    std::vector<double> logs;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!(x[i] > 0 && y[i] > 0)) {
            return std::nullopt;
        }
        logs.push_back(std::log(x[i]) - std::log(y[i]));
    }
    const Sorted sorted(logs);
    const OrderInterval interval = order_interval(sorted, 0.5, level);
    return PairedRatio{std::exp(median(sorted)),
                       {std::exp(interval.low), std::exp(interval.high)},
                       interval.achieved};
}

}  // namespace kmb::analysis
