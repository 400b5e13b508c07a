#include "analysis/stats/theil_sen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "analysis/stats/distributions.h"
#include "analysis/stats/inversions.h"
#include "analysis/stats/random.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewPoints = 512;  // all slopes are written down up to here

double slope_of(double x1, double y1, double x2, double y2) {
    return (y2 - y1) / (x2 - x1);
}

double median_of(std::vector<double>& values) {
    return values.empty() ? kNaN : median(std::span<const double>(values));
}

constexpr std::size_t kSample = 20000;

// Slopes of random pairs, always the same ones: where a bisection starts.
std::vector<double> some_slopes(const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<double> slopes;
    const auto n = static_cast<std::uint32_t>(x.size());
    Random random(n);
    for (std::size_t k = 0; k < 2 * kSample && slopes.size() < kSample; ++k) {
        const std::uint32_t a = random.below(n);
        const std::uint32_t b = random.below(n);
        if (x[a] != x[b]) {
            slopes.push_back(slope_of(x[a], y[a], x[b], y[b]));
        }
    }
    if (slopes.empty()) {  // nearly all x are equal
        slopes.push_back(slope_of(x.front(), y.front(), x.back(), y.back()));
    }
    std::sort(slopes.begin(), slopes.end());
    return slopes;
}

}  // namespace

PairwiseSlopes::PairwiseSlopes(std::span<const double> x, std::span<const double> y) {
    if (x.size() != y.size()) {
        throw std::invalid_argument("slopes: x and y have different lengths");
    }
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto before = [&](std::size_t a, std::size_t b) {
        return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b];
    };
    if (!std::is_sorted(order.begin(), order.end(), before)) {
        std::sort(order.begin(), order.end(), before);
    }
    for (std::size_t i : order) {
        x_.push_back(x[i]);
        y_.push_back(y[i]);
    }
    const auto n = static_cast<std::int64_t>(x_.size());
    count_ = n * (n - 1) / 2 - tied_groups(Sorted::adopt(x_)).pairs;
    if (x_.size() > kFewPoints) {
        return;
    }
    for (std::size_t i = 0; i < x_.size(); ++i) {
        for (std::size_t j = i + 1; j < x_.size(); ++j) {
            if (x_[j] > x_[i]) {
                all_.push_back(slope_of(x_[i], y_[i], x_[j], y_[j]));
            }
        }
    }
    std::sort(all_.begin(), all_.end());
}

std::int64_t PairwiseSlopes::below(double slope) const {
    std::vector<double> keys(x_.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        keys[i] = y_[i] - slope * x_[i];
    }
    return count_inversions(keys);
}

// Narrows [low, high) around a rank until few pairs are left or the doubles are too
// coarse to part them. Starts from quantiles of the sample, then aims by interpolation a
// little beside the rank, on one side and the other, and halves where that fails.
PairwiseSlopes::Bracket PairwiseSlopes::bracket(std::int64_t rank) const {
    const std::vector<double> sample = some_slopes(x_, y_);
    const auto size = static_cast<double>(sample.size());
    const double place = static_cast<double>(rank) / static_cast<double>(count_) * size;
    const auto near = [&](double at) {
        return sample[static_cast<std::size_t>(std::clamp(at, 0.0, size - 1))];
    };
    Bracket b{near(place - 2 * std::sqrt(size)), near(place + 2 * std::sqrt(size)), 0, 0};
    double reach = std::max(b.high - b.low, 1e-6 * std::abs(b.high) + 1e-300);
    b.high = std::max(b.high, std::nextafter(b.low, std::numeric_limits<double>::infinity()));
    while ((b.below_low = below(b.low)) >= rank) {
        b.low -= reach;
        reach *= 8;
    }
    while ((b.below_high = below(b.high)) < rank) {
        b.high += reach;
        reach *= 8;
    }
    const auto enough = static_cast<std::int64_t>(4 * x_.size());
    for (int step = 1; b.below_high - b.below_low > enough; ++step) {
        const double width = b.high - b.low;
        double split = b.low + width / 2;
        if (step % 3 != 0) {
            const double share = static_cast<double>(rank - b.below_low) /
                                 static_cast<double>(b.below_high - b.below_low);
            split = b.low + width * (step % 3 == 1 ? share - 0.02 : share + 0.02);
        }
        const double scale = std::max(std::abs(b.low), std::abs(b.high));
        if (width <= 1e-14 * scale || !(b.low + width / 2 > b.low)) {
            break;
        }
        if (!(split > b.low && split < b.high)) {
            continue;
        }
        const std::int64_t count = below(split);
        if (count < rank) {
            b.low = split;
            b.below_low = count;
        } else {
            b.high = split;
            b.below_high = count;
        }
    }
    return b;
}

// Slopes of pairs whose order differs at both ends of the bracket; stops at the limit.
std::vector<double> PairwiseSlopes::inside(const Bracket& b, std::size_t limit) const {
    const std::size_t n = x_.size();
    const auto order_at = [&](double slope) {
        std::vector<std::pair<double, std::size_t>> keys(n);
        for (std::size_t i = 0; i < n; ++i) {
            keys[i] = {y_[i] - slope * x_[i], i};
        }
        std::sort(keys.begin(), keys.end());
        std::vector<std::size_t> order(n);
        for (std::size_t i = 0; i < n; ++i) {
            order[i] = keys[i].second;
        }
        return order;
    };
    const std::vector<std::size_t> start = order_at(b.low);
    const std::vector<std::size_t> end = order_at(b.high);
    std::vector<std::size_t> place(n);
    for (std::size_t i = 0; i < n; ++i) {
        place[end[i]] = i;
    }
    // Insertion sort from one order into the other meets every such pair once.
    std::vector<double> slopes;
    std::vector<std::size_t> now(start);
    for (std::size_t i = 1; i < n && slopes.size() < limit; ++i) {
        const std::size_t point = now[i];
        std::size_t j = i;
        for (; j > 0 && place[now[j - 1]] > place[point] && slopes.size() < limit; --j) {
            const std::size_t other = now[j - 1];
            if (x_[other] != x_[point]) {
                slopes.push_back(slope_of(x_[other], y_[other], x_[point], y_[point]));
            }
            now[j] = other;
        }
        now[j] = point;
    }
    return slopes;
}

double PairwiseSlopes::at(std::int64_t rank) const {
    return two_at(rank).first;
}

// The slopes of this rank and the next.
std::pair<double, double> PairwiseSlopes::two_at(std::int64_t rank) const {
    if (!all_.empty()) {
        const auto k = static_cast<std::size_t>(rank);
        return {all_[k - 1], all_[std::min(k, all_.size() - 1)]};
    }
    const Bracket b = bracket(rank);
    const std::size_t limit = 8 * x_.size();
    std::vector<double> slopes = inside(b, limit);
    if (slopes.empty()) {
        return {b.high, b.high};
    }
    // Past the limit, all slopes inside agree to the last bits: any of them will do.
    const bool listed = b.below_high - b.below_low <= static_cast<std::int64_t>(limit);
    const auto size = static_cast<std::int64_t>(slopes.size());
    const auto k = std::clamp<std::int64_t>(listed ? rank - b.below_low : 1, 1, size);
    std::nth_element(slopes.begin(), slopes.begin() + (k - 1), slopes.end());
    const double here = slopes[static_cast<std::size_t>(k) - 1];
    if (!listed && rank < b.below_high) {
        return {here, here};
    }
    return {here, k < size        ? *std::min_element(slopes.begin() + k, slopes.end())
                  : rank < count_ ? two_at(rank + 1).first
                                  : here};
}

double PairwiseSlopes::median() const {
    if (count_ == 0) {
        return kNaN;
    }
    const auto [lower, upper] = two_at((count_ + 1) / 2);
    return count_ % 2 == 1 ? lower : lower + (upper - lower) / 2;
}

double theil_sen_slope(std::span<const double> x, std::span<const double> y) {
    return PairwiseSlopes(x, y).median();
}

TheilSen theil_sen(std::span<const double> x, std::span<const double> y, double level) {
    const PairwiseSlopes slopes(x, y);
    TheilSen result;
    result.slopes = slopes.count();
    result.slope = slopes.median();
    result.ci = {kNaN, kNaN};
    if (result.slopes == 0) {
        result.intercept_separate = result.intercept_joint = kNaN;
        return result;
    }
    result.intercept_separate = median(y) - result.slope * median(x);
    std::vector<double> rest;
    for (std::size_t i = 0; i < x.size(); ++i) {
        rest.push_back(y[i] - result.slope * x[i]);
    }
    result.intercept_joint = median_of(rest);
    const auto n = static_cast<double>(x.size());
    const double variance = (n * (n - 1) * (2 * n + 5) - tied_groups(Sorted(x)).mann_kendall -
                             tied_groups(Sorted(y)).mann_kendall) /
                            18;
    const double spread = z_critical(level) * std::sqrt(std::max(variance, 0.0));
    const auto total = static_cast<double>(result.slopes);
    const double low = std::max(std::nearbyint((total - spread) / 2) - 1, 0.0);
    const double high = std::min(std::nearbyint((total + spread) / 2), total - 1);
    result.ci = {slopes.at(static_cast<std::int64_t>(low) + 1),
                 slopes.at(static_cast<std::int64_t>(high) + 1)};
    return result;
}

Siegel siegel(std::span<const double> x, std::span<const double> y) {
    std::vector<double> slopes;
    std::vector<double> intercepts;
    std::vector<double> one;
    std::vector<double> cut;
    for (std::size_t i = 0; i < x.size(); ++i) {
        one.clear();
        cut.clear();
        for (std::size_t j = 0; j < x.size(); ++j) {
            if (x[j] != x[i]) {
                one.push_back((y[j] - y[i]) / (x[j] - x[i]));
                cut.push_back((y[i] * x[j] - y[j] * x[i]) / (x[j] - x[i]));
            }
        }
        if (!one.empty()) {
            slopes.push_back(median_of(one));
            intercepts.push_back(median_of(cut));
        }
    }
    return {median_of(slopes), median_of(intercepts)};
}

double kendall_tau_b(std::span<const double> x, std::span<const double> y) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b];
    });
    std::vector<double> sorted;
    std::int64_t both = 0;  // pairs tied in x and in y
    std::int64_t run = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
        sorted.push_back(y[order[k]]);
        const bool same = k > 0 && x[order[k]] == x[order[k - 1]] && y[order[k]] == y[order[k - 1]];
        run = same ? run + 1 : 0;
        both += run;
    }
    const auto n = static_cast<std::int64_t>(x.size());
    const std::int64_t pairs = n * (n - 1) / 2;
    const std::int64_t tied_x = tied_groups(Sorted(x)).pairs;
    const std::int64_t tied_y = tied_groups(Sorted(y)).pairs;
    const std::int64_t falling = count_inversions(sorted);
    const std::int64_t rising = pairs - tied_x - tied_y + both - falling;
    return static_cast<double>(rising - falling) /
           std::sqrt(static_cast<double>(pairs - tied_x) * static_cast<double>(pairs - tied_y));
}

}  // namespace kmb::analysis
