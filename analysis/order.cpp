#include "analysis/order.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/log_ratio.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/ranks.h"
#include "analysis/stats/regimes.h"
#include "analysis/stats/scale.h"
#include "analysis/stats/theil_sen.h"
#include "analysis/stats/trend.h"

namespace kmb::analysis {
namespace {

constexpr double kOneLevel = 0.01;  // relative difference of levels that are one
constexpr double kSure = 0.01;      // p-value below which a drift or rounds count
constexpr std::size_t kRoundsForALevel = 5;
constexpr double kByChance = 2 * 1.645;
constexpr std::size_t kDriftBlocks = 500;
constexpr std::size_t kLeastForDrift = 20;

bool constant(std::span<const double> x) {
    return std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); });
}

std::vector<Regime> regimes_of(std::span<const double> values, const ChangePoints& points) {
    std::vector<Regime> regimes;
    std::size_t from = 0;
    for (std::size_t k = 0; k <= points.size(); ++k) {
        const std::size_t to = k < points.size() ? points[k] : values.size();
        const auto part = values.subspan(from, to - from);
        const double middle = median(part);
        regimes.push_back({from, to, middle, mad(part, middle)});
        from = to;
    }
    return regimes;
}

double same_level(double level, double tick) {
    return std::max(kOneLevel * std::abs(level), tick);
}

// First regime from which on all have one level.
std::size_t settled(const std::vector<Regime>& regimes, double tick) {
    double low = regimes.back().median;
    double high = low;
    std::size_t first = regimes.size() - 1;
    while (first > 0) {
        low = std::min(low, regimes[first - 1].median);
        high = std::max(high, regimes[first - 1].median);
        if (high - low > same_level(low, tick)) {
            break;
        }
        --first;
    }
    return first;
}

std::vector<double> block_medians(std::span<const double> values, std::size_t blocks) {
    const std::size_t length = (values.size() + blocks - 1) / blocks;
    std::vector<double> medians;
    for (std::size_t at = 0; at + length <= values.size(); at += length) {
        medians.push_back(median(values.subspan(at, length)));
    }
    return medians;
}

// Change from begin to end by Sen's slope through block medians, and how likely that is
// without one: Mann and Kendall's z, less by what the neighbours of the rest hang together
// (Hamed and Rao, Journal of Hydrology 204, 1998).
void look_for_drift(std::span<const double> values, Order& order) {
    if (values.size() < kLeastForDrift || constant(values)) {
        return;
    }
    const std::vector<double> medians = block_medians(values, kDriftBlocks);
    const double slope = sen_slope(medians);
    std::vector<double> rest(medians);
    for (std::size_t i = 0; i < rest.size(); ++i) {
        rest[i] -= slope * static_cast<double>(i);
    }
    const double share = effective_ranks(rest) / static_cast<double>(rest.size());
    const MannKendall kendall = mann_kendall(medians);
    const double middle = median(values);
    if (!std::isfinite(kendall.z) || !(middle > 0)) {
        return;
    }
    order.drift = slope * static_cast<double>(medians.size() - 1) / middle;
    order.drift_p = std::min(1.0, normal_tails(kendall.z * std::sqrt(share)).two_sided());
}

// n times the variance of all over that between rounds, on ranks, where rounds
// differ by more than their values' scatter explains (F test); n where they do not.
double effective_of_rounds(std::span<const double> ranks, std::span<const std::size_t> begin) {
    const auto n = static_cast<double>(ranks.size());
    std::vector<double> means;
    double within = 0;
    double between = 0;
    const double grand = mean(ranks);
    for (std::size_t k = 0; k < begin.size(); ++k) {
        const std::size_t end = k + 1 < begin.size() ? begin[k + 1] : ranks.size();
        if (end <= begin[k]) {
            continue;
        }
        const auto part = ranks.subspan(begin[k], end - begin[k]);
        means.push_back(mean(part));
        const double apart = means.back() - grand;
        between += apart * apart * static_cast<double>(part.size());
        for (double v : part) {
            within += (v - means.back()) * (v - means.back());
        }
    }
    const auto groups = static_cast<double>(means.size());
    if (means.size() < kRoundsForALevel || !(n > groups)) {
        return n;
    }
    const double mean_between = between / (groups - 1);
    const double mean_within = within / (n - groups);
    const bool apart = mean_within > 0
                           ? f_upper(mean_between / mean_within, groups - 1, n - groups) < kSure
                           : mean_between > 0;
    const double total = (between + within) / (n - 1);
    // The spread of few rounds is itself uncertain: Student's quantile in place of the normal.
    const double few = z_critical(0.95) / t_critical(groups - 1, 0.95);
    return apart ? std::min(n, n * total / mean_between * few * few) : n;
}

// Sen's slope through block medians, a value.
double slope_of(std::span<const double> values) {
    const std::vector<double> medians = block_medians(values, kDriftBlocks);
    return sen_slope(medians) * static_cast<double>(medians.size()) /
           static_cast<double>(values.size());
}

std::vector<double> less_slope(std::span<const double> values, double slope) {
    std::vector<double> rest(values.begin(), values.end());
    for (std::size_t i = 0; i < rest.size(); ++i) {
        rest[i] -= slope * static_cast<double>(i);
    }
    return rest;
}

// A steady drift looks like stairs to a search for levels: there are none once it is taken off.
bool only_drifts(std::span<const double> values) {
    const double slope = slope_of(values);
    return slope != 0 && find_regimes(less_slope(values, slope)).level.empty();
}

std::string state_of(const Order& order, std::size_t n, std::size_t first, double tick) {
    if (n < kLeastForRegimes) {
        return "short";
    }
    if (first > 0) {
        return 2 * order.regimes[first].from <= n ? "warm-up" : "shifts";
    }
    const double middle = order.regimes.front().median;
    const double change = std::abs(order.drift) * middle;
    return order.drift_p < kSure && change > same_level(middle, tick) ? "drift" : "steady";
}

}  // namespace

double effective_values(std::span<const double> values, std::span<const std::size_t> round_begin) {
    const auto n = static_cast<double>(values.size());
    if (values.size() < kLeastForRegimes || constant(values)) {
        return n;
    }
    if (round_begin.size() >= kRoundsForALevel) {
        const double rounds = effective_of_rounds(midranks(values), round_begin);
        if (rounds < n) {
            return std::max(rounds, 2.0);
        }
    }
    const double effective = effective_ranks(values);
    // Of independent values, Geyer's time exceeds 1 by chance: about twice the standard
    // error of an autocorrelation, 1 / sqrt(n). That much is no sign of dependence.
    return n < effective * (1 + kByChance / std::sqrt(n)) ? n : std::max(effective, 2.0);
}

std::vector<double> without_level(std::span<const double> values, const Order& order) {
    if (order.state == "drift") {
        return less_slope(values, slope_of(values));
    }
    std::vector<double> rest(values.begin(), values.end());
    for (const Regime& regime : order.regimes) {
        for (std::size_t i = regime.from; i < regime.to; ++i) {
            rest[i] -= regime.median;
        }
    }
    return rest;
}

Order examine_order(std::span<const double> values, std::span<const std::size_t> round_begin,
                    double tick) {
    Order order;
    if (values.empty()) {
        return order;
    }
    order.effective = effective_values(values, round_begin);
    order.autocorrelation = autocorrelation(midranks(values));
    Regimes regimes = find_regimes(values);
    if (!regimes.level.empty() && only_drifts(values)) {
        regimes.level.clear();
    }
    order.regimes = regimes_of(values, regimes.level);
    order.spread_changes = regimes.spread;
    const std::size_t first = settled(order.regimes, tick);
    const std::size_t begin = order.regimes[first].from;
    order.warmup = 2 * begin <= values.size() ? begin : 0;
    look_for_drift(values.subspan(order.warmup), order);
    order.state = state_of(order, values.size(), first, tick);
    return order;
}

}  // namespace kmb::analysis
