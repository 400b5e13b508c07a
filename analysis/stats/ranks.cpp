#include "analysis/stats/ranks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kmb::analysis {
namespace {

// Whole numbers in a range not much wider than their count are ranked by counting.
constexpr std::size_t kWorthCounting = 256;
constexpr double kCountsPerValue = 8;

bool countable(std::span<const double> x, double& least, double& most) {
    if (x.size() < kWorthCounting) {
        return false;
    }
    least = most = x.front();
    bool whole = true;
    for (double v : x) {
        least = v < least ? v : least;
        most = v > most ? v : most;
        whole = whole && v == std::nearbyint(v);
    }
    return whole && most - least < kCountsPerValue * static_cast<double>(x.size());
}

std::vector<double> ranks_by_counting(std::span<const double> x, double least, double most) {
    std::vector<std::uint32_t> count(static_cast<std::size_t>(most - least) + 1, 0);
    for (double v : x) {
        ++count[static_cast<std::size_t>(v - least)];
    }
    std::vector<double> rank(count.size());
    double below = 0;
    for (std::size_t k = 0; k < count.size(); ++k) {
        rank[k] = below + (static_cast<double>(count[k]) + 1) / 2;
        below += static_cast<double>(count[k]);
    }
    std::vector<double> ranks(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        ranks[i] = rank[static_cast<std::size_t>(x[i] - least)];
    }
    return ranks;
}

}  // namespace

std::vector<double> midranks(std::span<const double> x) {
    double least = 0;
    double most = 0;
    if (countable(x, least, most)) {
        return ranks_by_counting(x, least, most);
    }
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> ranks(x.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i + 1;
        while (end < order.size() && x[order[end]] == x[order[i]]) {
            ++end;
        }
        const double rank = static_cast<double>(i + 1 + end) / 2;
        for (; i < end; ++i) {
            ranks[order[i]] = rank;
        }
    }
    return ranks;
}

Ties tied_groups(const Sorted& sorted) {
    Ties ties;
    for (std::size_t i = 0; i < sorted.size();) {
        std::size_t end = i + 1;
        while (end < sorted.size() && sorted[end] == sorted[i]) {
            ++end;
        }
        const auto t = static_cast<double>(end - i);
        ++ties.groups;
        ties.pairs +=
            static_cast<std::int64_t>(end - i) * static_cast<std::int64_t>(end - i - 1) / 2;
        ties.cubic += t * t * t - t;
        ties.mann_kendall += t * (t - 1) * (2 * t + 5);
        i = end;
    }
    return ties;
}

Distribution subset_sum_distribution(std::span<const std::int64_t> scores) {
    Distribution p{1};
    for (std::int64_t score : scores) {
        const auto shift = static_cast<std::size_t>(score);
        Distribution next(p.size() + shift, 0.0);
        for (std::size_t s = 0; s < p.size(); ++s) {
            next[s] += p[s] / 2;
            next[s + shift] += p[s] / 2;
        }
        p.swap(next);
    }
    return p;
}

Distribution signed_rank_distribution(std::size_t n) {
    std::vector<std::int64_t> scores(n);
    std::iota(scores.begin(), scores.end(), std::int64_t{1});
    return subset_sum_distribution(scores);
}

Distribution draw_sum_distribution(std::span<const std::int64_t> scores, std::size_t m) {
    std::vector<std::int64_t> sorted(scores.begin(), scores.end());
    std::sort(sorted.begin(), sorted.end());
    // Row k: the number of ways to draw k of the scores seen so far, as a share of all
    // C(seen, k) ways, so that nothing overflows.
    const std::size_t n = sorted.size();
    const auto largest = std::accumulate(sorted.end() - static_cast<std::ptrdiff_t>(m),
                                         sorted.end(), std::int64_t{0});
    std::vector<Distribution> ways(m + 1, Distribution(static_cast<std::size_t>(largest) + 1, 0.0));
    ways[0][0] = 1;
    std::int64_t reached = 0;
    for (std::size_t seen = 1; seen <= n; ++seen) {
        const auto score = static_cast<std::size_t>(sorted[seen - 1]);
        reached = std::min(reached + sorted[seen - 1], largest);
        const auto top = static_cast<std::size_t>(reached);
        for (std::size_t k = std::min(seen, m); k >= 1; --k) {
            // The newest of `seen` scores is among the k drawn with probability k / seen.
            const double in = static_cast<double>(k) / static_cast<double>(seen);
            Distribution& with = ways[k];
            const Distribution& without = ways[k - 1];
            for (std::size_t s = top + 1; s-- > 0;) {
                with[s] = with[s] * (1 - in) + (s >= score ? without[s - score] * in : 0);
            }
        }
    }
    return ways[m];
}

Distribution rank_sum_distribution(std::size_t m, std::size_t n) {
    std::vector<std::int64_t> scores(m + n);
    std::iota(scores.begin(), scores.end(), std::int64_t{1});
    Distribution p = draw_sum_distribution(scores, m);
    p.erase(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(m * (m + 1) / 2));
    return p;
}

double at_most(const Distribution& distribution, std::int64_t s) {
    const auto end =
        std::clamp<std::int64_t>(s + 1, 0, static_cast<std::int64_t>(distribution.size()));
    return std::min(std::accumulate(distribution.begin(), distribution.begin() + end, 0.0), 1.0);
}

double at_least(const Distribution& distribution, std::int64_t s) {
    const auto start =
        std::clamp<std::int64_t>(s, 0, static_cast<std::int64_t>(distribution.size()));
    return std::min(std::accumulate(distribution.rbegin(), distribution.rend() - start, 0.0), 1.0);
}

std::int64_t lower_critical(const Distribution& distribution, double alpha) {
    const double tail = alpha / 2 * (1 - 1e-12);
    double below = 0;
    for (std::size_t s = 0; s < distribution.size(); ++s) {
        below += distribution[s];
        if (below >= tail) {
            return std::max<std::int64_t>(static_cast<std::int64_t>(s), 1);
        }
    }
    return 1;
}

}  // namespace kmb::analysis
