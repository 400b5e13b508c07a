#include "analysis/stats/log_ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/ranks.h"
#include "analysis/stats/t_tests.h"

namespace kmb::analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewForRanks = 6;  // fewer ranks reach no level of 95 %

double critical(double df, double level) {
    return std::isfinite(df) ? t_critical(df, level) : z_critical(level);
}

bool constant(std::span<const double> x) {
    return std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); });
}

// From Welch's or Yuen's test of y - x.
LogRatio of_test(const TTest& test, double level) {
    LogRatio result{test.difference, {-kInfinity, kInfinity}, level, test.df, 0, 0};
    if (test.defined) {
        result.bounds = test.ci;
    }
    return result;
}

// Neither side varies: what they differ by is known exactly.
LogRatio exact_ratio(std::span<const double> x, std::span<const double> y, double level) {
    const double difference = y.front() - x.front();
    return {difference, {difference, difference},      level,
            kInfinity,  static_cast<double>(x.size()), static_cast<double>(y.size())};
}

bool exactly_known(std::span<const double> x, std::span<const double> y) {
    return x.size() > 1 && y.size() > 1 && constant(x) && constant(y);
}

// Distances from an estimate to its bounds of two independent estimates -> of their
// difference y - x.
LogRatio difference_of(double x, const OrderInterval& at_x, double y, const OrderInterval& at_y,
                       double level) {
    LogRatio result{y - x, {}, level, kInfinity, 0, 0};
    result.bounds.low = result.estimate - std::hypot(y - at_y.low, at_x.high - x);
    result.bounds.high = result.estimate + std::hypot(at_y.high - y, x - at_x.low);
    return result;
}

double effective_of_ranks(const std::vector<double>& ranks) {
    const auto n = static_cast<double>(ranks.size());
    const double found = effective_size(ranks);
    // Taking the sample's mean off lowers each autocorrelation by about tau / n.
    const double tau = n / found;
    return std::clamp(n / (tau * (1 + 2 * (tau - 1) / n)), std::min(2.0, n), n);
}

}  // namespace

double LogRatio::error_below() const {
    return (estimate - bounds.low) / critical(df, level);
}

double LogRatio::error_above() const {
    return (bounds.high - estimate) / critical(df, level);
}

std::vector<double> batch_means_of(std::span<const double> x) {
    const auto size = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::sqrt(static_cast<double>(x.size()))));
    std::vector<double> means;
    for (std::size_t at = 0; at + size <= x.size(); at += size) {
        means.push_back(mean(x.subspan(at, size)));
    }
    return means;
}

double effective_ranks(std::span<const double> x) {
    return x.size() < 4 || constant(x) ? static_cast<double>(x.size())
                                       : effective_of_ranks(midranks(x));
}

LogRatio rank_ratio(std::span<const double> x, std::span<const double> y, double level) {
    if (exactly_known(x, y)) {
        return exact_ratio(x, y, level);
    }
    if (std::min(x.size(), y.size()) < kFewForRanks) {
        return mean_ratio(x, y, level);
    }
    const Sorted sorted_x(x);
    const Sorted sorted_y(y);
    const double m = static_cast<double>(x.size());
    const double n = static_cast<double>(y.size());
    const double ex = effective_ranks(x);
    const double ey = effective_ranks(y);
    const double df = ex + ey - 2;
    const double widen = std::sqrt((1 / ex + 1 / ey) / (1 / m + 1 / n)) *
                         std::max(1.0, critical(df, level) / z_critical(level));
    const auto naive = shift_interval(sorted_y, sorted_x, level);
    LogRatio result{shift(sorted_y, sorted_x), {}, level, df, ex, ey};
    result.bounds.low = result.estimate - (result.estimate - naive->bounds.low) * widen;
    result.bounds.high = result.estimate + (naive->bounds.high - result.estimate) * widen;
    return result;
}

LogRatio mean_ratio(std::span<const double> x, std::span<const double> y, double level) {
    if (exactly_known(x, y)) {
        return exact_ratio(x, y, level);
    }
    const double ex = effective_ranks(x);
    const double ey = effective_ranks(y);
    LogRatio result = of_test(
        welch(Group{ey, mean(y), variance(y)}, Group{ex, mean(x), variance(x)}, level), level);
    result.effective_x = ex;
    result.effective_y = ey;
    return result;
}

LogRatio median_ratio(std::span<const double> x, std::span<const double> y, double level) {
    return quantile_ratio(x, y, 0.5, level);
}

LogRatio quantile_ratio(std::span<const double> x, std::span<const double> y, double p,
                        double level) {
    const auto side = [&](std::span<const double> values, double& at, double& effective) {
        const Sorted sorted(values);
        at = quantile(sorted, p);
        std::vector<double> above;
        for (double v : values) {
            above.push_back(v > at ? 1 : 0);
        }
        effective = effective_ranks(above);
        OrderInterval interval = order_interval_effective(sorted, p, effective, level);
        interval.low = std::min(interval.low, at);
        interval.high = std::max(interval.high, at);
        return interval;
    };
    double at_x = 0;
    double at_y = 0;
    double ex = 0;
    double ey = 0;
    const OrderInterval of_x = side(x, at_x, ex);
    const OrderInterval of_y = side(y, at_y, ey);
    LogRatio result = difference_of(at_x, of_x, at_y, of_y, level);
    result.effective_x = ex;
    result.effective_y = ey;
    return result;
}

LogRatio batch_ratio(std::span<const double> x, std::span<const double> y, double level) {
    const auto of_x = batch_means_of(x);
    const auto of_y = batch_means_of(y);
    if (exactly_known(of_x, of_y)) {
        return exact_ratio(of_x, of_y, level);
    }
    return of_test(welch(of_y, of_x, level), level);
}

LogRatio trimmed_batch_ratio(std::span<const double> x, std::span<const double> y, double level) {
    constexpr double kTrim = 0.2;
    const auto of_x = batch_means_of(x);
    const auto of_y = batch_means_of(y);
    if (exactly_known(of_x, of_y)) {
        return exact_ratio(of_x, of_y, level);
    }
    return of_test(yuen(of_y, of_x, kTrim, level), level);
}

LogRatio pair_ratio(std::span<const double> x, std::span<const double> y, double level) {
    if (x.size() != y.size()) {
        throw std::invalid_argument("pairs: the series have different lengths");
    }
    std::vector<double> d;
    for (std::size_t i = 0; i < x.size(); ++i) {
        d.push_back(y[i] - x[i]);
    }
    const auto n = static_cast<double>(d.size());
    if (d.size() > 1 && constant(d)) {
        return {d.front(), {d.front(), d.front()}, level, kInfinity, n, n};
    }
    if (d.size() < kFewForRanks) {
        LogRatio result{mean(d), {-kInfinity, kInfinity}, level, n - 1, n, n};
        if (const auto bounds = t_interval(d, level)) {
            result.bounds = *bounds;
        }
        return result;
    }
    const double effective = effective_ranks(d);
    const double df = effective - 1;
    const double widen =
        std::sqrt(n / effective) *
        (effective < n ? std::max(1.0, critical(df, level) / z_critical(level)) : 1.0);
    const Sorted sorted(d);
    const auto naive = signed_rank_interval(sorted, level);
    LogRatio result{hodges_lehmann(sorted), {}, level, df, effective, effective};
    result.bounds.low = result.estimate - (result.estimate - naive->bounds.low) * widen;
    result.bounds.high = result.estimate + (naive->bounds.high - result.estimate) * widen;
    return result;
}

LogRatio pair_mean(std::span<const double> d, double level) {
    const double effective = effective_ranks(d);
    LogRatio result{mean(d), {-kInfinity, kInfinity}, level, effective - 1, effective, effective};
    if (d.size() > 1) {
        const double half = constant(d) ? 0
                                        : t_critical(std::max(effective - 1, 1.0), level) * sd(d) /
                                              std::sqrt(effective);
        result.bounds = {result.estimate - half, result.estimate + half};
    }
    return result;
}

LogRatio pair_median(std::span<const double> d, double level) {
    const Sorted sorted(d);
    const double effective = effective_ranks(d);
    const OrderInterval interval = order_interval_effective(sorted, 0.5, effective, level);
    return {median(sorted), {interval.low, interval.high}, level, kInfinity, effective, effective};
}

}  // namespace kmb::analysis
