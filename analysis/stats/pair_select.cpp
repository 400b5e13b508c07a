#include "analysis/stats/pair_select.h"

#include <algorithm>
#include <cmath>

#include "analysis/stats/kernel_select.h"

namespace kmb::analysis {
namespace {

constexpr std::int64_t kThinned = 1024;

// Ordered pairs (i, j) with x_i + y_j <= bound.
std::int64_t count_sums(const Runs& x, const Runs& y, double bound) {
    std::int64_t count = 0;
    std::size_t j = y.size();
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double a = x.value[i];
        while (j > 0 && a + y.value[j - 1] > bound) {
            --j;
        }
        count += x.weight(i) * y.before[j];
    }
    return count;
}

// Ordered pairs (i, j) with x_i - y_j <= bound.
std::int64_t count_differences(const Runs& x, const Runs& y, double bound) {
    std::int64_t count = 0;
    std::size_t j = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double a = x.value[i];
        while (j < y.size() && a - y.value[j] > bound) {
            ++j;
        }
        count += x.weight(i) * (y.total() - y.before[j]);
    }
    return count;
}

// Pairs i <= j with x_i + x_j <= bound: half of the ordered pairs and the diagonal.
std::int64_t count_half_sums(const Runs& x, double bound) {
    const auto diagonal = std::partition_point(x.value.begin(), x.value.end(),
                                               [&](double v) { return v + v <= bound; });
    return (count_sums(x, x, bound) +
            x.before[static_cast<std::size_t>(diagonal - x.value.begin())]) /
           2;
}

// Pairs i < j of sorted values with x_j - x_i <= bound, bound >= 0: of the ordered pairs,
// those the other way round are never positive.
std::int64_t count_distances(const Runs& x, double bound) {
    return count_differences(x, x, bound) - x.total() * (x.total() + 1) / 2;
}

// Smallest bound in [low, high] with count(bound) >= rank.
template <typename Count>
double bisect(double low, double high, std::int64_t rank, bool integral, Count count) {
    if (!integral) {
        return select_kernel(low, high, rank, count);
    }
    auto lo = static_cast<std::int64_t>(low);
    auto hi = static_cast<std::int64_t>(high);
    while (lo < hi) {
        const std::int64_t middle = lo + (hi - lo) / 2;
        if (count(static_cast<double>(middle)) >= rank) {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    return static_cast<double>(lo);
}

// The entry of that rank. `sketch(share)` is an entry near that share of all of them.
template <typename Count, typename Sketch>
double select(double low, double high, std::int64_t rank, std::int64_t total, bool integral,
              bool large, Count count, Sketch sketch) {
    if (large) {
        const double share = static_cast<double>(rank) / static_cast<double>(total);
        const double slack = 4.0 / static_cast<double>(kThinned);
        const double from = sketch(share - slack);
        const double to = sketch(share + slack);
        low = count(from) < rank ? std::max(low, from) : low;
        high = count(to) >= rank ? std::min(high, to) : high;
    }
    return bisect(low, high, rank, integral, count);
}

std::int64_t rank_of(double share, std::int64_t total) {
    return std::clamp(static_cast<std::int64_t>(share * static_cast<double>(total)),
                      std::int64_t{1}, total);
}

bool is_large(const Runs& x) {
    return x.size() > 8 * static_cast<std::size_t>(kThinned);
}

double sum_at(const Runs& x, std::int64_t rank) {
    const double low = x.value.front() + x.value.front();
    const double high = x.value.back() + x.value.back();
    const std::int64_t total = x.total() * (x.total() + 1) / 2;
    return select(
        low, high, rank, total, x.integral, is_large(x),
        [&](double v) { return count_half_sums(x, v); },
        [&](double share) {
            const Runs thin = x.thinned(kThinned);
            return sum_at(thin, rank_of(share, kThinned * (kThinned + 1) / 2));
        });
}

double difference_at(const Runs& x, const Runs& y, std::int64_t rank) {
    return select(
        x.value.front() - y.value.back(), x.value.back() - y.value.front(), rank,
        x.total() * y.total(), x.integral && y.integral, is_large(x) || is_large(y),
        [&](double v) { return count_differences(x, y, v); },
        [&](double share) {
            return difference_at(x.thinned(kThinned), y.thinned(kThinned),
                                 rank_of(share, kThinned * kThinned));
        });
}

double distance_at(const Runs& x, std::int64_t rank) {
    return select(
        0, x.value.back() - x.value.front(), rank, x.total() * (x.total() - 1) / 2, x.integral,
        is_large(x), [&](double v) { return count_distances(x, v); },
        [&](double share) {
            return distance_at(x.thinned(kThinned), rank_of(share, kThinned * (kThinned - 1) / 2));
        });
}

template <typename Pairs>
double median_of(const Pairs& pairs) {
    const std::int64_t total = pairs.count();
    const double lower = pairs.at((total + 1) / 2);
    return total % 2 == 1 ? lower : lower + (pairs.at(total / 2 + 1) - lower) / 2;
}

}  // namespace

Runs::Runs(const Sorted& sorted) : before{0} {
    constexpr double kExact = 1LL << 51;
    for (std::size_t i = 0; i < sorted.size();) {
        const double v = sorted[i];
        while (i < sorted.size() && sorted[i] == v) {
            ++i;
        }
        value.push_back(v);
        before.push_back(static_cast<std::int64_t>(i));
        integral = integral && v == std::floor(v) && std::abs(v) < kExact;
    }
}

// Values in the middle of as many equal shares of the sample.
Runs Runs::thinned(std::int64_t points) const {
    Runs result;
    result.integral = integral;
    result.before.push_back(0);
    std::size_t k = 0;
    for (std::int64_t i = 0; i < points; ++i) {
        const std::int64_t at = (2 * i + 1) * total() / (2 * points);
        while (before[k + 1] <= at) {
            ++k;
        }
        if (result.value.empty() || result.value.back() != value[k]) {
            result.value.push_back(value[k]);
            result.before.push_back(i + 1);
        } else {
            ++result.before.back();
        }
    }
    return result;
}

double PairMeans::at(std::int64_t rank) const {
    return sum_at(x_, rank) / 2;
}
double PairMeans::median() const {
    return median_of(*this);
}

double PairDifferences::at(std::int64_t rank) const {
    return difference_at(x_, y_, rank);
}
double PairDifferences::median() const {
    return median_of(*this);
}

double PairDistances::at(std::int64_t rank) const {
    return distance_at(x_, rank);
}
double PairDistances::median() const {
    return median_of(*this);
}

}  // namespace kmb::analysis
