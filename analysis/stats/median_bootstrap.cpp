#include "analysis/stats/median_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "analysis/stats/distributions.h"
#include "analysis/stats/double_double.h"

namespace kmb::analysis {
namespace {

// Places between the two middle values of a resample: each more is e times less likely.
constexpr std::size_t kNear = 45;

}  // namespace

MedianBootstrap::MedianBootstrap(const Sorted& sorted) : sorted_(sorted), n_(sorted.size()) {}

// P*(X_(order) <= x_(k)), k from 0 to n.
double MedianBootstrap::order_at_most(std::size_t order, std::size_t k) const {
    const auto m = static_cast<double>(order);
    const auto n = static_cast<double>(n_);
    return k == 0 ? 0 : k == n_ ? 1 : beta_lower(m, n - m + 1, static_cast<double>(k) / n);
}

double MedianBootstrap::cdf(double v, bool with_equal) const {
    const auto values = sorted_.values();
    // Places below v, or up to it.
    const auto split = with_equal ? std::upper_bound(values.begin(), values.end(), v)
                                  : std::lower_bound(values.begin(), values.end(), v);
    const auto k = static_cast<std::size_t>(split - values.begin());
    if (n_ % 2 == 1) {
        return order_at_most(n_ / 2 + 1, k);
    }
    // Both middle values at or below v, or one below and one above with a mean at or below
    // v: n / 2 draws up to place i with one at i, all others past place j. The probability
    // falls by e with each place between.
    const auto n = static_cast<double>(n_);
    const double half = n / 2;
    double total = order_at_most(n_ / 2 + 1, k);
    if (k == 0 || k == n_) {
        return total;
    }
    // C(n, n/2) (i/n)^(n/2) ((n-j)/n)^(n/2) by logarithms.
    const double ways = std::lgamma(n + 1) - 2 * std::lgamma(half + 1);
    const auto weight = [&](double i, double beyond) {
        return i <= 0 || beyond <= 0
                   ? 0
                   : std::exp(ways + half * (std::log(i / n) + std::log(beyond / n)));
    };
    std::size_t j = k;  // places [k, j) may be the upper value
    for (std::size_t i = k; i-- > 0 && k - i < kNear;) {
        while (j < n_ && j - k < kNear &&
               (with_equal ? sorted_[i] + (sorted_[j] - sorted_[i]) / 2 <= v
                           : sorted_[i] + (sorted_[j] - sorted_[i]) / 2 < v)) {
            ++j;
        }
        const auto up_to = static_cast<double>(i + 1);
        const double from = n - static_cast<double>(k);
        const double past = n - static_cast<double>(j);
        const double most = weight(up_to, from);
        if (most < 1e-18) {
            break;
        }
        total += most - weight(up_to - 1, from) - weight(up_to, past) + weight(up_to - 1, past);
    }
    return std::min(total, 1.0);
}

double MedianBootstrap::at_most(double v) const {
    return cdf(v, true);
}

double MedianBootstrap::below(double v) const {
    return cdf(v, false);
}

double MedianBootstrap::quantile(double p) const {
    // The place first, then the mean of two places just below it.
    std::size_t low = 0;
    std::size_t high = n_ - 1;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (at_most(sorted_[middle]) >= p) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (n_ % 2 == 1 || low == 0) {
        return sorted_[low];
    }
    std::vector<double> candidates{sorted_[low]};
    for (std::size_t i = low; i-- > 0 && low - i < kNear;) {
        for (std::size_t j = low; j < n_ && j - low < kNear; ++j) {
            const double v = sorted_[i] + (sorted_[j] - sorted_[i]) / 2;
            if (v >= sorted_[low]) {
                break;
            }
            if (v > sorted_[low - 1]) {
                candidates.push_back(v);
            }
        }
    }
    std::sort(candidates.begin(), candidates.end());
    return *std::partition_point(candidates.begin(), candidates.end() - 1,
                                 [&](double v) { return at_most(v) < p; });
}

double MedianBootstrap::se() const {
    const auto n = static_cast<double>(n_);
    const double origin = median(sorted_);
    CompensatedSum first;
    CompensatedSum second;
    const auto add = [&](double probability, double v) {
        first.add(probability * (v - origin));
        second.add(probability * (v - origin) * (v - origin));
    };
    // Places the middle may fall on with any probability that a double sees.
    const double reach = 20 * std::sqrt(n) + 40;
    const auto from = static_cast<std::size_t>(std::max(0.0, n / 2 - reach));
    const auto to = static_cast<std::size_t>(std::min(n, n / 2 + reach));
    const std::size_t order = (n_ + 1) / 2;
    const double half = n / 2;
    const double ways = std::lgamma(n + 1) - 2 * std::lgamma(half + 1);
    const auto power = [&](double share) {
        return share <= 0 ? 0 : std::exp(half * std::log(share) + ways / 2);
    };
    for (std::size_t i = from; i < to; ++i) {
        double same = order_at_most(order, i + 1) - order_at_most(order, i);
        if (n_ % 2 == 0) {
            const auto place = static_cast<double>(i);
            const double lower = power((place + 1) / n) - power(place / n);
            for (std::size_t j = i + 1; j < n_ && j - i < kNear; ++j) {
                const auto other = static_cast<double>(j);
                const double both = lower * (power((n - other) / n) - power((n - other - 1) / n));
                add(both, sorted_[i] + (sorted_[j] - sorted_[i]) / 2);
                same -= both;
            }
        }
        add(same, sorted_[i]);
    }
    return std::sqrt(std::max(second.value() - first.value() * first.value(), 0.0));
}

BootstrapIntervals MedianBootstrap::intervals(double level) const {
    BootstrapIntervals result;
    result.estimate = median(sorted_);
    result.se = se();
    result.acceleration = acceleration_of_median(sorted_);
    const double tail = (1 - level) / 2;
    result.percentile = {quantile(tail), quantile(1 - tail)};
    result.basic = {2 * result.estimate - result.percentile.high,
                    2 * result.estimate - result.percentile.low};
    const double lower = below(result.estimate);
    const auto at_levels = [&](std::optional<Bounds> levels) -> std::optional<Bounds> {
        if (!levels) {
            return std::nullopt;
        }
        return Bounds{quantile(levels->low), quantile(levels->high)};
    };
    result.bca_midp =
        at_levels(bca_levels((lower + at_most(result.estimate)) / 2, result.acceleration, level));
    result.bca_below = at_levels(bca_levels(lower, result.acceleration, level));
    return result;
}

IdealMedian ideal_median_interval(const Sorted& sorted, double level) {
    if (sorted.size() % 2 == 0) {
        throw std::invalid_argument("ideal median: the number of values must be odd");
    }
    const auto n = static_cast<double>(sorted.size());
    const double m = (n + 1) / 2;
    const double tail = (1 - level) / 2;
    const auto rank = [&](double p) {
        std::size_t k = 1;
        while (k < sorted.size() && beta_lower(m, n - m + 1, static_cast<double>(k) / n) < p) {
            ++k;
        }
        return k;
    };
    return {rank(tail), rank(1 - tail), MedianBootstrap(sorted).se()};
}

std::optional<Bounds> ideal_mean_interval(const Sorted& sorted, double level) {
    const std::size_t n = sorted.size();
    if (n == 0 || n > 8) {
        return std::nullopt;
    }
    struct Atom {
        double mean;
        double probability;
    };
    std::vector<Atom> atoms;
    // All ways to draw place after place k, k + 1, .. the `left` draws not yet made.
    const auto count = static_cast<double>(n);
    std::function<void(std::size_t, std::size_t, double, double)> choose =
        [&](std::size_t place, std::size_t left, double sum, double probability) {
            if (place + 1 == n) {
                const double rest = static_cast<double>(left);
                atoms.push_back(
                    {(sum + rest * sorted[place]) / count, probability / std::tgamma(rest + 1)});
                return;
            }
            for (std::size_t times = 0; times <= left; ++times) {
                const auto t = static_cast<double>(times);
                choose(place + 1, left - times, sum + t * sorted[place],
                       probability / std::tgamma(t + 1));
            }
        };
    choose(0, n, 0, std::tgamma(count + 1) / std::pow(count, count));
    std::sort(atoms.begin(), atoms.end(),
              [](const Atom& a, const Atom& b) { return a.mean < b.mean; });
    const auto at = [&](double p) {
        double total = 0;
        for (const Atom& atom : atoms) {
            total += atom.probability;
            if (total >= p * (1 - 1e-12)) {
                return atom.mean;
            }
        }
        return atoms.back().mean;
    };
    const double tail = (1 - level) / 2;
    return Bounds{at(tail), at(1 - tail)};
}

}  // namespace kmb::analysis
