#include "analysis/stats/regimes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr std::size_t kMinSegment = 5;
constexpr double kPenalty = 3.3;         // times ln n and the long-run variance
constexpr double kMedianChi1 = 0.45494;  // median of chi-squared with one degree of freedom

// Mean of (x_{t+lag} - x_t)^2.
double squared_difference(std::span<const double> x, std::size_t lag) {
    double sum = 0;
    for (std::size_t t = lag; t < x.size(); ++t) {
        const double step = x[t] - x[t - lag];
        sum += step * step;
    }
    return sum / static_cast<double>(x.size() - lag);
}

double autoregressive_variance(std::span<const double> x) {
    const double one = squared_difference(x, 1);
    const double two = squared_difference(x, 2);
    if (!(one > 0)) {
        return 0;
    }
    const double rho = std::clamp(two / one - 1, 0.0, 0.99);
    return one / 2 / (1 - rho) * (1 + rho) / (1 - rho);
}

std::vector<double> block_means(std::span<const double> x, std::size_t length) {
    std::vector<double> means;
    for (std::size_t at = 0; at + length <= x.size(); at += length) {
        double sum = 0;
        for (double v : x.subspan(at, length)) {
            sum += v;
        }
        means.push_back(sum / static_cast<double>(length));
    }
    return means;
}

double batch_variance(std::span<const double> x) {
    constexpr std::size_t kFewBatches = 10;
    const auto length = static_cast<std::size_t>(std::sqrt(static_cast<double>(x.size())));
    const std::vector<double> means = block_means(x, length);
    if (means.size() < kFewBatches) {
        return 0;
    }
    std::vector<double> squares;
    for (std::size_t i = 1; i < means.size(); ++i) {
        squares.push_back((means[i] - means[i - 1]) * (means[i] - means[i - 1]));
    }
    return static_cast<double>(length) / 2 * median(squares) / kMedianChi1;
}

// Where between two changes one of them raises the sum of squares between its sides most,
// within `reach` of a first guess.
std::size_t placed(const std::vector<double>& sums, std::size_t from, std::size_t guess,
                   std::size_t to, std::size_t reach) {
    const auto mean_of = [&](std::size_t a, std::size_t b) {
        return (sums[b] - sums[a]) / static_cast<double>(b - a);
    };
    std::size_t best = guess;
    double most = -1;
    const std::size_t first = std::max(from + 1, guess > reach ? guess - reach : 1);
    for (std::size_t at = first; at <= guess + reach && at < to; ++at) {
        const double step = mean_of(from, at) - mean_of(at, to);
        const double between = step * step * static_cast<double>(at - from) *
                               static_cast<double>(to - at) / static_cast<double>(to - from);
        if (between > most) {
            most = between;
            best = at;
        }
    }
    return best;
}

ChangePoints refined(std::span<const double> x, ChangePoints points, std::size_t reach) {
    std::vector<double> sums{0};
    for (double v : x) {
        sums.push_back(sums.back() + v);
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t from = i == 0 ? 0 : points[i - 1];
        const std::size_t to = i + 1 < points.size() ? points[i + 1] : x.size();
        points[i] = placed(sums, from, points[i], to, reach);
    }
    return points;
}

// Of ranks, with the long-run variance given.
ChangePoints changes_of_ranks(std::span<const double> ranks, double variance) {
    const std::size_t block = (ranks.size() + kMostBlocks - 1) / kMostBlocks;
    const double penalty = kPenalty * variance * std::log(static_cast<double>(ranks.size())) /
                           static_cast<double>(block);
    const std::size_t least = (kMinSegment + block - 1) / block;
    if (block == 1) {
        return optimal_partition(ranks, SegmentCost::l2, penalty, least).points;
    }
    ChangePoints points =
        optimal_partition(block_means(ranks, block), SegmentCost::l2, penalty, least).points;
    for (std::size_t& point : points) {
        point *= block;
    }
    return refined(ranks, std::move(points), block);
}

ChangePoints changes(std::span<const double> x) {
    const std::vector<double> ranks = midranks(x);
    const double spread = variance(ranks, 0);
    const double long_run = std::max(long_run_variance(ranks), spread);
    return spread > 0 ? changes_of_ranks(ranks, long_run) : ChangePoints{};
}

// Distance of each value from the median of its segment.
std::vector<double> distances(std::span<const double> x, const ChangePoints& level) {
    std::vector<double> result;
    result.reserve(x.size());
    std::size_t from = 0;
    for (std::size_t k = 0; k <= level.size(); ++k) {
        const std::size_t to = k < level.size() ? level[k] : x.size();
        const double middle = median(x.subspan(from, to - from));
        for (double v : x.subspan(from, to - from)) {
            result.push_back(std::abs(v - middle));
        }
        from = to;
    }
    return result;
}

bool constant(std::span<const double> x) {
    return std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); });
}

}  // namespace

double long_run_variance(std::span<const double> x) {
    return x.size() < 3 ? 0 : std::max(autoregressive_variance(x), batch_variance(x));
}

Regimes find_regimes(std::span<const double> x) {
    Regimes result;
    if (x.size() < kLeastForRegimes || constant(x)) {
        return result;
    }
    result.level = changes(x);
    if (x.size() > 2 * kMostBlocks) {
        const ChangePoints early = changes(x.first(kMostBlocks));
        const bool found = !result.level.empty() && result.level.front() <= kMostBlocks;
        result.level.insert(result.level.begin(), early.begin(),
                            found ? early.begin() : early.end());
    }
    const std::vector<double> apart = distances(x, result.level);
    for (const std::size_t point : changes(apart)) {
        const bool known = std::any_of(result.level.begin(), result.level.end(), [&](auto at) {
            return (at > point ? at - point : point - at) < 2 * kMinSegment;
        });
        if (!known) {
            result.spread.push_back(point);
        }
    }
    return result;
}

}  // namespace kmb::analysis
