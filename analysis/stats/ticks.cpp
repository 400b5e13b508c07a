#include "analysis/stats/ticks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "analysis/stats/descriptive.h"

namespace kmb::analysis {
namespace {

struct Level {
    double value;
    std::size_t count;
};

std::vector<Level> levels_of(const Sorted& sorted) {
    std::vector<Level> levels;
    for (double v : sorted.values()) {
        if (levels.empty() || levels.back().value != v) {
            levels.push_back({v, 0});
        }
        ++levels.back().count;
    }
    return levels;
}

// 0 where the values are not whole units.
std::int64_t gcd_of_differences(const std::vector<Level>& levels) {
    std::int64_t gcd = 0;
    for (std::size_t k = 1; k < levels.size() && gcd != 1; ++k) {
        const double difference = levels[k].value - levels[k - 1].value;
        if (!(difference < 0x1p62) || difference != std::floor(difference)) {
            return 0;
        }
        gcd = std::gcd(gcd, static_cast<std::int64_t>(difference));
    }
    return gcd;
}

double smallest_gap(const std::vector<Level>& levels) {
    double gap = std::numeric_limits<double>::infinity();
    for (std::size_t k = 1; k < levels.size(); ++k) {
        gap = std::min(gap, levels[k].value - levels[k - 1].value);
    }
    return gap;
}

// Share of the values within one unit of start + a multiple of the period, or within half
// of one where the rounding is to nearest.
double share_on_grid(const std::vector<Level>& levels, double start, double period) {
    std::size_t on = 0;
    std::size_t all = 0;
    for (const Level& level : levels) {
        const double rest = std::remainder(level.value - start, period);
        on += std::abs(rest) <= 1.0 + 1e-9 ? level.count : 0;
        all += level.count;
    }
    return static_cast<double>(on) / static_cast<double>(all);
}

// Least-squares period through the levels, numbered by a first guess that gets better
// the farther it has been followed.
double fit_period(const std::vector<Level>& levels, double guess) {
    double period = guess;
    double number = 0;
    double product = 0;
    double square = 0;
    double last = levels.front().value;
    for (std::size_t k = 1; k < levels.size(); ++k) {
        number += std::round((levels[k].value - last) / period);
        last = levels[k].value;
        product += number * (levels[k].value - levels.front().value);
        square += number * number;
        period = square > 0 ? product / square : guess;
    }
    return period;
}

}  // namespace

Quantization quantization(const Sorted& sorted) {
    Quantization result;
    const std::vector<Level> levels = levels_of(sorted);
    const auto n = static_cast<double>(sorted.size());
    result.distinct = levels.size();
    result.gcd = gcd_of_differences(levels);
    result.min_difference =
        levels.size() > 1 ? smallest_gap(levels) : std::numeric_limits<double>::quiet_NaN();
    std::size_t tied = 0;
    for (const Level& level : levels) {
        if (level.count > result.mode_count) {
            result.mode = level.value;
            result.mode_count = level.count;
        }
        tied += level.count > 1 ? level.count : 0;
        const double share = static_cast<double>(level.count) / n;
        result.entropy_bits -= share * std::log2(share);
        result.zeros += level.value == 0 ? level.count : 0;
    }
    result.tie_fraction = static_cast<double>(tied) / n;
    const auto step = static_cast<double>(result.gcd);
    result.sheppard_variance = variance(sorted.values()) - step * step / 12;
    return result;
}

Tick infer_tick(const Sorted& sorted) {
    Tick result;
    std::vector<Level> levels = levels_of(sorted);
    const std::int64_t gcd = gcd_of_differences(levels);
    if (levels.size() < 2) {
        return result;
    }
    result.explained = 1;
    // A grid is seen only where values fall on the same place again and again.
    if (2 * levels.size() > sorted.size()) {
        return result;
    }
    if (gcd > 1) {
        result.size = static_cast<double>(gcd);
        result.coarse = true;
        return result;
    }
    std::erase_if(levels, [](const Level& level) { return level.count < 2; });
    if (levels.size() < 3) {
        return result;
    }
    // Neighbours one unit apart are one tick read with and without a carry.
    double gap = std::numeric_limits<double>::infinity();
    for (std::size_t k = 1; k < levels.size(); ++k) {
        const double step = levels[k].value - levels[k - 1].value;
        gap = step > 2 ? std::min(gap, step) : gap;
    }
    if (!std::isfinite(gap)) {
        return result;
    }
    const double period = fit_period(levels, gap);
    // Below 5 units, too much of the line lies within one unit of the grid to tell.
    if (period < 5) {
        return result;
    }
    double explained = 0;
    for (double start : {-0.5, 0.0, 0.5}) {
        explained = std::max(
            explained, share_on_grid(levels_of(sorted), levels.front().value + start, period));
    }
    if (explained >= 0.99) {
        result = {period, explained, true};
    }
    return result;
}

}  // namespace kmb::analysis
