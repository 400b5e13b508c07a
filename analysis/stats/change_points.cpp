#include "analysis/stats/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/ranks.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Sums of deviations and of their squares up to each index, about the overall mean so
// that an offset costs no digits.
class PrefixSums {
  public:
    explicit PrefixSums(std::span<const double> x) : sum_{0}, square_{0} {
        const double m = mean(x);
        CompensatedSum sum;
        CompensatedSum square;
        for (double v : x) {
            const double d = v - m;
            sum.add(d);
            square.add(two_prod(d, d));
            sum_.push_back(sum.value());
            square_.push_back(square.value());
        }
    }
    // sum (x - mean)^2 of [from, to)
    [[nodiscard]] double squares(std::size_t from, std::size_t to) const {
        const double s = sum_[to] - sum_[from];
        const double rest = square_[to] - square_[from] - s * s / static_cast<double>(to - from);
        return std::max(rest, 0.0);
    }
    [[nodiscard]] double sum(std::size_t to) const { return sum_[to]; }

  private:
    std::vector<double> sum_;
    std::vector<double> square_;
};

// Dynamic programme over the ends of segments.
template <typename Cost>
Segmentation partition(std::size_t n, double penalty, std::size_t min_segment, Cost cost) {
    Segmentation result;
    result.penalty = penalty;
    result.min_segment = min_segment;
    std::vector<double> best(n + 1, kInfinity);  // without the penalty of the first segment
    std::vector<std::size_t> last(n + 1, 0);
    best[0] = -penalty;
    std::vector<std::size_t> starts{0};  // where the last segment may begin
    std::vector<double> reached;
    for (std::size_t end = min_segment; end <= n; ++end) {
        reached.clear();
        for (std::size_t start : starts) {
            const double without = best[start] + cost(start, end);
            reached.push_back(without);
            if (without + penalty < best[end]) {
                best[end] = without + penalty;
                last[end] = start;
            }
        }
        // A start that cannot win now never will: a longer segment only costs more.
        std::size_t kept = 0;
        for (std::size_t i = 0; i < starts.size(); ++i) {
            if (reached[i] <= best[end]) {
                starts[kept++] = starts[i];
            }
        }
        starts.resize(kept);
        if (end + 1 >= 2 * min_segment) {
            starts.push_back(end + 1 - min_segment);
        }
    }
    result.objective = best[n];
    for (std::size_t at = last[n]; at > 0; at = last[at]) {
        result.points.push_back(at);
    }
    std::reverse(result.points.begin(), result.points.end());
    return result;
}

Segmentation by_squares(std::span<const double> x, double penalty, std::size_t min_segment) {
    const PrefixSums sums(x);
    return partition(x.size(), penalty, min_segment,
                     [&](std::size_t a, std::size_t b) { return sums.squares(a, b); });
}

Segmentation by_likelihood(std::span<const double> x, double penalty, std::size_t min_segment) {
    const PrefixSums sums(x);
    // A segment of equal values has a variance of one step of rounding, not of 0.
    const double floor = 1e-12 * std::max(variance(x, 0), std::numeric_limits<double>::min());
    return partition(x.size(), penalty, min_segment, [&](std::size_t a, std::size_t b) {
        const auto length = static_cast<double>(b - a);
        const double spread = std::max(sums.squares(a, b) / length, floor);
        return length * (std::log(2 * std::numbers::pi * spread) + 1);
    });
}

void split(const PrefixSums& sums, std::size_t from, std::size_t to, double penalty,
           std::size_t min_segment, ChangePoints& points) {
    const double whole = to > from ? sums.squares(from, to) : 0;
    double gain = penalty;
    std::size_t at = 0;
    for (std::size_t t = from + min_segment; t + min_segment <= to; ++t) {
        const double now = whole - sums.squares(from, t) - sums.squares(t, to);
        if (now > gain) {
            gain = now;
            at = t;
        }
    }
    if (at > 0) {
        split(sums, from, at, penalty, min_segment, points);
        points.push_back(at);
        split(sums, at, to, penalty, min_segment, points);
    }
}

}  // namespace

Segmentation optimal_partition(std::span<const double> x, SegmentCost cost, double penalty,
                               std::size_t min_segment) {
    min_segment = std::max<std::size_t>(min_segment, 1);
    Segmentation result;
    result.penalty = penalty;
    result.min_segment = min_segment;
    if (x.size() >= min_segment) {
        result = cost == SegmentCost::normal_meanvar ? by_likelihood(x, penalty, min_segment)
                 : cost == SegmentCost::rank_l2      ? by_squares(midranks(x), penalty, min_segment)
                                                     : by_squares(x, penalty, min_segment);
    }
    std::size_t from = 0;
    for (std::size_t k = 0; k <= result.points.size() && !x.empty(); ++k) {
        const std::size_t to = k < result.points.size() ? result.points[k] : x.size();
        result.segment_means.push_back(mean(x.subspan(from, to - from)));
        from = to;
    }
    return result;
}

double usual_penalty(std::span<const double> x, SegmentCost cost) {
    const double ln_n = std::log(static_cast<double>(x.size()));
    switch (cost) {
        case SegmentCost::l2:
            return 3 * noise_sd(x) * noise_sd(x) * ln_n;
        case SegmentCost::normal_meanvar:
            return 15 * ln_n;
        case SegmentCost::rank_l2:
            return 3 * variance(midranks(x), 0) * ln_n;
    }
    return kInfinity;
}

double noise_sd(std::span<const double> x) {
    std::vector<double> steps;
    for (std::size_t t = 1; t < x.size(); ++t) {
        steps.push_back(x[t] - x[t - 1]);
    }
    return kMadToSd * mad(steps) / std::sqrt(2.0);
}

ChangePoints binary_segmentation_l2(std::span<const double> x, double penalty,
                                    std::size_t min_segment) {
    ChangePoints points;
    split(PrefixSums(x), 0, x.size(), penalty, std::max<std::size_t>(min_segment, 1), points);
    return points;
}

Pettitt pettitt(std::span<const double> x) {
    Pettitt result{0, 0, 1};
    const std::vector<double> ranks = midranks(x);
    const auto n = static_cast<double>(x.size());
    double u = 0;
    for (std::size_t t = 0; t + 1 < x.size(); ++t) {
        u += 2 * ranks[t] - (n + 1);
        if (std::abs(u) > result.k) {
            result.k = std::abs(u);
            result.point = t + 1;
        }
    }
    if (x.size() > 1) {
        result.p = std::min(1.0, 2 * std::exp(-6 * result.k * result.k / (n * n * n + n * n)));
    }
    return result;
}

Cusum cusum(std::span<const double> x) {
    Cusum result{0, 0};
    const PrefixSums sums(x);
    for (std::size_t t = 1; t < x.size(); ++t) {
        if (std::abs(sums.sum(t)) > result.max_abs) {
            result = {std::abs(sums.sum(t)), t};
        }
    }
    return result;
}

EnergySplit energy_split(std::span<const double> x, std::size_t min_segment) {
    const std::size_t n = x.size();
    min_segment = std::max<std::size_t>(min_segment, 2);
    EnergySplit best{0, -kInfinity};
    // Sums of |x_i - x_j| within the left part, within the right part and between them,
    // as one value after the other changes sides.
    double left = 0;
    double right = 0;
    double between = 0;
    const auto distances = [&](std::size_t t, std::size_t from, std::size_t to) {
        double total = 0;
        for (std::size_t i = from; i < to; ++i) {
            total += std::abs(x[i] - x[t]);
        }
        return total;
    };
    for (std::size_t t = 0; t < n; ++t) {
        right += distances(t, 0, t);
    }
    for (std::size_t t = 1; t < n; ++t) {
        const double to_left = distances(t - 1, 0, t - 1);
        const double to_right = distances(t - 1, t, n);
        left += to_left;
        right -= to_right;
        between += to_right - to_left;
        if (t < min_segment || n - t < min_segment) {
            continue;
        }
        const auto a = static_cast<double>(t);
        const auto b = static_cast<double>(n - t);
        const double energy =
            2 * between / (a * b) - 2 * left / (a * (a - 1)) - 2 * right / (b * (b - 1));
        const double q = a * b / (a + b) * energy;
        if (q > best.q) {
            best = {t, q};
        }
    }
    return best;
}

}  // namespace kmb::analysis
