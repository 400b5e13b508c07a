#include "analysis/stats/distribution_tests.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Sorted pooled(std::span<const Sorted> samples) {
    std::vector<double> all;
    for (const Sorted& sample : samples) {
        all.insert(all.end(), sample.values().begin(), sample.values().end());
    }
    return Sorted(all);
}

std::size_t at_or_below(const Sorted& sorted, double v) {
    const auto values = sorted.values();
    return static_cast<std::size_t>(std::upper_bound(values.begin(), values.end(), v) -
                                    values.begin());
}

// Largest |i n - j m| over the distinct values, i and j being how many of x and y are at
// or below: the distance of both distribution functions times m n.
std::int64_t largest_distance(const Sorted& x, const Sorted& y) {
    const auto m = static_cast<std::int64_t>(x.size());
    const auto n = static_cast<std::int64_t>(y.size());
    std::int64_t most = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < x.size() && j < y.size()) {
        const double value = std::min(x[i], y[j]);
        while (i < x.size() && x[i] == value) {
            ++i;
        }
        while (j < y.size() && y[j] == value) {
            ++j;
        }
        most = std::max(
            most, std::abs(static_cast<std::int64_t>(i) * n - static_cast<std::int64_t>(j) * m));
    }
    return most;
}

// Share of all orders of m and n values that reach |i n - j m| >= distance somewhere: a
// walk that draws the next value from those left, and stops where it gets that far.
double share_reaching(std::int64_t m, std::int64_t n, std::int64_t distance) {
    std::vector<double> inside(static_cast<std::size_t>(n) + 1, 0.0);
    double reached = 0;
    inside[0] = 1;
    for (std::int64_t i = 0; i <= m; ++i) {
        std::vector<double> next(static_cast<std::size_t>(n) + 1, 0.0);
        for (std::int64_t j = 0; j <= n; ++j) {
            const double here = inside[static_cast<std::size_t>(j)];
            const auto left = static_cast<double>(m + n - i - j);
            if (here == 0 || left == 0) {
                continue;
            }
            const double by_x = here * static_cast<double>(m - i) / left;
            const double by_y = here * static_cast<double>(n - j) / left;
            if (i < m) {
                (std::abs((i + 1) * n - j * m) >= distance ? reached
                                                           : next[static_cast<std::size_t>(j)]) +=
                    by_x;
            }
            if (j < n) {
                (std::abs(i * n - (j + 1) * m) >= distance
                     ? reached
                     : inside[static_cast<std::size_t>(j) + 1]) += by_y;
            }
        }
        inside.swap(next);
    }
    return std::min(reached, 1.0);
}

// Share of all orders with sum (i n - j m)^2 over the pooled values at least `sum`.
double share_of_squares(std::int64_t m, std::int64_t n, std::int64_t sum) {
    std::vector<std::map<std::int64_t, double>> row(static_cast<std::size_t>(n) + 1);
    for (std::int64_t i = 0; i <= m; ++i) {
        for (std::int64_t j = 0; j <= n; ++j) {
            // Orders that end here: by one of x (row above) or one of y (cell before).
            std::map<std::int64_t, double> now;
            const std::int64_t step = (i * n - j * m) * (i * n - j * m);
            const auto total = static_cast<double>(i + j);
            if (i + j == 0) {
                now[0] = 1;
            }
            for (const auto& [s, share] :
                 i > 0 ? row[static_cast<std::size_t>(j)] : std::map<std::int64_t, double>{}) {
                now[s + step] += share * static_cast<double>(i) / total;
            }
            if (j > 0) {
                for (const auto& [s, share] : row[static_cast<std::size_t>(j) - 1]) {
                    now[s + step] += share * static_cast<double>(j) / total;
                }
            }
            row[static_cast<std::size_t>(j)].swap(now);
        }
    }
    double share = 0;
    const auto& last = row[static_cast<std::size_t>(n)];
    for (auto it = last.lower_bound(sum); it != last.end(); ++it) {
        share += it->second;
    }
    return std::min(share, 1.0);
}

}  // namespace

KolmogorovSmirnov kolmogorov_smirnov(const Sorted& x, const Sorted& y) {
    const auto m = static_cast<std::int64_t>(x.size());
    const auto n = static_cast<std::int64_t>(y.size());
    if (m == 0 || n == 0) {
        return {kNaN, false, kNaN, kNaN, std::nullopt};
    }
    const std::int64_t distance = largest_distance(x, y);
    const auto pairs = static_cast<double>(m) * static_cast<double>(n);
    const double effective = pairs / static_cast<double>(m + n);
    KolmogorovSmirnov result{};
    result.d = static_cast<double>(distance) / pairs;
    const Sorted both[] = {x, y};
    result.ties = tied_groups(pooled(both)).any();
    result.p_finite =
        kolmogorov_upper(static_cast<std::int64_t>(std::nearbyint(effective)), result.d);
    result.p_limit = kolmogorov_limit_upper(std::sqrt(effective) * result.d);
    if (!result.ties && pairs <= 1e7) {
        result.p_exact = distance == 0 ? 1 : share_reaching(m, n, distance);
    }
    return result;
}

CramerVonMises cramer_von_mises(const Sorted& x, const Sorted& y) {
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    std::vector<double> all(x.values().begin(), x.values().end());
    all.insert(all.end(), y.values().begin(), y.values().end());
    const std::vector<double> ranks = midranks(all);
    double of_x = 0;
    double of_y = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::size_t own = i < x.size() ? i : i - x.size();
        const double d = ranks[i] - static_cast<double>(own + 1);
        (i < x.size() ? of_x : of_y) += d * d;
    }
    const double total = m + n;
    const double u = m * of_x + n * of_y;
    CramerVonMises result{u / (m * n * total) - (4 * m * n - 1) / (6 * total), std::nullopt};
    if (!x.empty() && !y.empty() && x.size() <= 20 && y.size() <= 20 &&
        !tied_groups(Sorted(all)).any()) {
        // T = sum (i n - j m)^2 / (m n (m + n)^2) over the pooled values.
        const auto sum = std::llround(result.t * m * n * total * total);
        result.p_exact = share_of_squares(static_cast<std::int64_t>(x.size()),
                                          static_cast<std::int64_t>(y.size()), sum);
    }
    return result;
}

double anderson_darling(std::span<const Sorted> samples) {
    const Sorted all = pooled(samples);
    const auto total = static_cast<double>(all.size());
    const auto k = static_cast<double>(samples.size());
    if (all.size() < 4 || all.min() == all.max()) {
        return kNaN;
    }
    double statistic = 0;
    double reciprocal = 0;
    for (const Sorted& sample : samples) {
        const auto n = static_cast<double>(sample.size());
        reciprocal += 1 / n;
        double own = 0;
        std::size_t before = 0;
        for (std::size_t i = 0; i < all.size();) {
            const std::size_t end = at_or_below(all, all[i]);
            const std::size_t here = at_or_below(sample, all[i]);
            const auto ties = static_cast<double>(end - i);
            const double pooled_rank = static_cast<double>(i) + ties / 2;
            const double rank = static_cast<double>(before + here) / 2;
            const double d = total * rank - n * pooled_rank;
            own += ties / total * d * d / (pooled_rank * (total - pooled_rank) - total * ties / 4);
            before = here;
            i = end;
        }
        statistic += own / n;
    }
    statistic *= (total - 1) / total;
    double h = 0;
    double g = 0;
    double partial = 0;
    for (double j = total - 1; j > 1; --j) {  // sum over i < j of 1 / ((total - i) j)
        partial += 1 / j;
        g += partial / (total - j + 1);
    }
    h = partial + 1;
    const double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * reciprocal;
    const double b =
        (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * reciprocal - 8 * h + 4 * g - 6;
    const double c =
        (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * reciprocal + 4 * h;
    const double d = (2 * h + 6) * k * k - 4 * h * k;
    const double variance =
        (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
    return (statistic - (k - 1)) / std::sqrt(variance);
}

}  // namespace kmb::analysis
