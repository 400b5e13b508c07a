#include "analysis/stats/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/double_double.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// One group of values that are equal across both samples.
struct Group {
    std::int64_t x;  // how many of x
    std::int64_t y;
    std::int64_t x_before;  // how many of x are smaller
    std::int64_t y_before;
};

// Calls visit(group) for each distinct value in ascending order.
template <typename Visit>
void merge_groups(const Sorted& x, const Sorted& y, Visit visit) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < x.size() || j < y.size()) {
        const double value = j == y.size() || (i < x.size() && x[i] < y[j]) ? x[i] : y[j];
        const std::size_t from_i = i;
        const std::size_t from_j = j;
        while (i < x.size() && x[i] == value) {
            ++i;
        }
        while (j < y.size() && y[j] == value) {
            ++j;
        }
        visit(Group{static_cast<std::int64_t>(i - from_i), static_cast<std::int64_t>(j - from_j),
                    static_cast<std::int64_t>(from_i), static_cast<std::int64_t>(from_j)});
    }
}

// Sum of squared deviations of placements, which are integers or halves: sums of their
// doubles fit, so nothing is lost before the last subtraction.
class PlacementSpread {
  public:
    void add(std::int64_t times, std::int64_t twice_placement) {
        const auto weight = static_cast<double>(times);
        const auto value = static_cast<double>(twice_placement);
        count_ += times;
        sum_.add(weight * value);
        square_.add(two_prod(weight * value, value));
    }
    [[nodiscard]] double variance() const {
        const auto n = static_cast<double>(count_);
        const DoubleDouble total = sum_.total();
        const DoubleDouble rest = square_.total() - total * total / DoubleDouble{n, 0};
        return rest.value() / 4 / (n - 1);
    }

  private:
    std::int64_t count_ = 0;
    CompensatedSum sum_;
    CompensatedSum square_;
};

}  // namespace

PairOrder pair_order(const Sorted& x, const Sorted& y) {
    PairOrder order;
    merge_groups(x, y, [&](const Group& g) {
        order.greater += g.x * g.y_before;
        order.equal += g.x * g.y;
    });
    order.less = static_cast<std::int64_t>(x.size()) * static_cast<std::int64_t>(y.size()) -
                 order.greater - order.equal;
    return order;
}

MannWhitney mann_whitney(const Sorted& x, const Sorted& y) {
    MannWhitney result;
    std::int64_t greater = 0;
    std::int64_t equal = 0;
    merge_groups(x, y, [&](const Group& g) {
        greater += g.x * g.y_before;
        equal += g.x * g.y;
        const auto t = static_cast<double>(g.x + g.y);
        result.tie_term += t * t * t - t;
    });
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    const double total = m + n;
    result.u_x = static_cast<double>(greater) + static_cast<double>(equal) / 2;
    result.u_y = m * n - result.u_x;
    result.x_greater = result.u_x / (m * n);
    const double untied = m * n / 12 * (total + 1);
    const double variance = untied - m * n / 12 * result.tie_term / (total * (total - 1));
    result.all_tied = !(variance > 1e-12 * untied);
    const double distance = result.u_x - m * n / 2;
    const double kept = std::copysign(std::max(std::abs(distance) - 0.5, 0.0), distance);
    const auto normal = [&](double d, double var) {
        const double z = result.all_tied ? kNaN : d / std::sqrt(var);
        return MannWhitney::Normal{z, normal_tails(z).two_sided()};
    };
    result.corrected = normal(kept, variance);
    result.uncorrected = normal(distance, variance);
    result.p_without_tie_correction = normal(kept, untied).p;
    return result;
}

std::optional<ExactRankSum> exact_rank_sum(const Sorted& x, const Sorted& y) {
    if (x.empty() || y.empty() || x.size() > kExactRankSum || y.size() > kExactRankSum) {
        return std::nullopt;
    }
    // Twice the midranks are integers. The smaller sample is drawn.
    const bool swap = y.size() < x.size();
    std::vector<std::int64_t> scores;
    std::int64_t sum = 0;
    std::size_t groups = 0;
    merge_groups(x, y, [&](const Group& g) {
        const std::int64_t score = 2 * (g.x_before + g.y_before) + g.x + g.y + 1;
        scores.insert(scores.end(), static_cast<std::size_t>(g.x + g.y), score);
        sum += score * (swap ? g.y : g.x);
        ++groups;
    });
    if (groups < 2) {
        return std::nullopt;
    }
    const std::size_t drawn = std::min(x.size(), y.size());
    const Distribution distribution = draw_sum_distribution(scores, drawn);
    const double low = at_most(distribution, sum);
    const double high = at_least(distribution, sum);
    // Mean of the doubled rank sum of `drawn` values.
    const auto centre = static_cast<std::int64_t>(drawn * (scores.size() + 1));
    const std::int64_t distance = std::abs(sum - centre);
    ExactRankSum result{swap ? high : low, swap ? low : high, 0, 0};
    result.p_two = distance == 0 ? 1
                                 : std::min(1.0, at_most(distribution, centre - distance) +
                                                     at_least(distribution, centre + distance));
    result.p_doubled = std::min(1.0, 2 * std::min(low, high));
    return result;
}

BrunnerMunzel brunner_munzel(const Sorted& x, const Sorted& y, double level) {
    BrunnerMunzel result;
    result.statistic = result.df = result.p_two = kNaN;
    result.ci = {kNaN, kNaN};
    PlacementSpread of_x;
    PlacementSpread of_y;
    std::int64_t twice_less = 0;  // pairs with x < y, twice, ties once
    merge_groups(x, y, [&](const Group& g) {
        of_x.add(g.x, 2 * g.y_before + g.y);
        of_y.add(g.y, 2 * g.x_before + g.x);
        twice_less += g.y * (2 * g.x_before + g.x);
    });
    const auto m = static_cast<double>(x.size());
    const auto n = static_cast<double>(y.size());
    result.p_hat = static_cast<double>(twice_less) / 2 / (m * n);
    result.variance_x = of_x.variance();
    result.variance_y = of_y.variance();
    const double a = m * result.variance_x;
    const double b = n * result.variance_y;
    result.defined = a + b > 0;
    if (!result.defined) {
        return result;
    }
    // In units of p_hat: se^2 = variance_x / (m n^2) + variance_y / (n m^2).
    const double se = std::sqrt(result.variance_x / m / (n * n) + result.variance_y / n / (m * m));
    result.statistic = (result.p_hat - 0.5) / se;
    result.df = (a + b) * (a + b) / (a * a / (m - 1) + b * b / (n - 1));
    result.p_two = t_tails(result.statistic, result.df).two_sided();
    const double half = t_critical(result.df, level) * se;
    result.ci = {result.p_hat - half, result.p_hat + half};
    return result;
}

}  // namespace kmb::analysis
