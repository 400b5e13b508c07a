#include "analysis/stats/modes.h"

#include <algorithm>
#include <cmath>

#include "analysis/stats/density.h"
#include "analysis/stats/dip.h"

namespace kmb::analysis {
namespace {

constexpr std::size_t kGrid = 512;
constexpr std::size_t kThinned = 20000;  // values that bandwidth and density look at

// Every k-th value of a long sample: its shape, at a bounded price.
Sorted thinned(const Sorted& sorted) {
    if (sorted.size() <= kThinned) {
        return sorted;
    }
    std::vector<double> values;
    for (std::size_t i = 0; i < kThinned; ++i) {
        values.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * kThinned)]);
    }
    return Sorted::adopt(std::move(values));
}

// Density of binned values on an even grid, times a constant.
std::vector<double> smooth(const Sorted& sorted, double from, double step, double bandwidth) {
    std::vector<double> count(kGrid, 0.0);
    for (double v : sorted.values()) {
        const double at = std::round((v - from) / step);
        if (at >= 0 && at < static_cast<double>(kGrid)) {
            ++count[static_cast<std::size_t>(at)];
        }
    }
    std::vector<double> height(kGrid, 0.0);
    for (std::size_t i = 0; i < kGrid; ++i) {
        for (std::size_t k = 0; k < kGrid; ++k) {
            const double z = (static_cast<double>(i) - static_cast<double>(k)) * step / bandwidth;
            height[i] += count[k] > 0 && std::abs(z) < 8 ? count[k] * std::exp(-z * z / 2) : 0;
        }
    }
    return height;
}

struct Hill {
    std::size_t top;
    std::size_t end;  // valley to its right
};

std::vector<Hill> hills_of(const std::vector<double>& height) {
    std::vector<Hill> hills;
    std::size_t top = 0;
    bool rising = true;
    for (std::size_t i = 1; i < height.size(); ++i) {
        if (rising && height[i] < height[i - 1]) {
            top = i - 1;
            rising = false;
        } else if (!rising && height[i] > height[i - 1]) {
            hills.push_back({top, i - 1});
            rising = true;
        }
    }
    hills.push_back({rising ? height.size() - 1 : top, height.size() - 1});
    return hills;
}

// Joins hills k and k + 1.
void join(std::vector<Hill>& hills, std::size_t k, const std::vector<double>& height) {
    const bool left = height[hills[k].top] >= height[hills[k + 1].top];
    hills[k] = {left ? hills[k].top : hills[k + 1].top, hills[k + 1].end};
    hills.erase(hills.begin() + static_cast<std::ptrdiff_t>(k) + 1);
}

// Joins neighbours, the shallowest valley first, until all valleys are deep.
void fill_valleys(std::vector<Hill>& hills, const std::vector<double>& height) {
    while (hills.size() > 1) {
        std::size_t shallowest = 0;
        double depth = 0;
        for (std::size_t k = 0; k + 1 < hills.size(); ++k) {
            const double lower = std::min(height[hills[k].top], height[hills[k + 1].top]);
            if (height[hills[k].end] / lower >= depth) {
                depth = height[hills[k].end] / lower;
                shallowest = k;
            }
        }
        if (depth < 0.5) {
            return;
        }
        join(hills, shallowest, height);
    }
}

Mode mode_between(const Sorted& sorted, double location, double low, double high) {
    const auto values = sorted.values();
    const auto from = std::lower_bound(values.begin(), values.end(), low);
    const auto to = std::upper_bound(from, values.end(), high);
    const Sorted own = Sorted::adopt({from, to});
    const double share = static_cast<double>(own.size()) / static_cast<double>(sorted.size());
    return {location, median(own), share, low, high};
}

std::vector<Mode> modes_of(const Sorted& sorted, const std::vector<Hill>& hills, double from,
                           double step) {
    std::vector<Mode> result;
    double low = sorted.min();
    for (std::size_t k = 0; k < hills.size(); ++k) {
        const double high =
            k + 1 == hills.size() ? sorted.max() : from + static_cast<double>(hills[k].end) * step;
        result.push_back(
            mode_between(sorted, from + static_cast<double>(hills[k].top) * step, low, high));
        low = std::nextafter(high, sorted.max());
    }
    return result;
}

}  // namespace

Sorted spread_ticks(const Sorted& sorted, double tick) {
    std::vector<double> values(sorted.values().begin(), sorted.values().end());
    for (std::size_t i = 0; i < values.size() && tick > 0;) {
        std::size_t end = i + 1;
        while (end < values.size() && sorted[end] == sorted[i]) {
            ++end;
        }
        const auto count = static_cast<double>(end - i);
        for (std::size_t k = i; k < end; ++k) {
            values[k] += tick * ((static_cast<double>(k - i) + 0.5) / count - 0.5);
        }
        i = end;
    }
    return Sorted(values);
}

std::vector<Mode> modes(const Sorted& sorted, double tick, double min_share) {
    if (sorted.empty()) {
        return {};
    }
    const Sorted sample = spread_ticks(thinned(sorted), tick);
    const double from = quantile(sample, 0.005);
    const double to = quantile(sample, 0.995);
    const Mode all{median(sorted), median(sorted), 1, sorted.min(), sorted.max()};
    if (!(to > from) || !(dip(sample).p < 0.05)) {
        return {all};
    }
    double bandwidth = bandwidth_sheather_jones(sample);
    bandwidth = std::isfinite(bandwidth) ? bandwidth : bandwidth_nrd0(sample);
    const double step = (to - from) / static_cast<double>(kGrid - 1);
    bandwidth = std::max({bandwidth, tick, step});
    const std::vector<double> height = smooth(sample, from, step, bandwidth);
    std::vector<Hill> hills = hills_of(height);
    fill_valleys(hills, height);
    std::vector<Mode> found = modes_of(sorted, hills, from, step);
    while (hills.size() > 1) {
        const auto smallest =
            std::min_element(found.begin(), found.end(),
                             [](const Mode& a, const Mode& b) { return a.share < b.share; });
        if (smallest->share >= min_share) {
            break;
        }
        const auto k = static_cast<std::size_t>(smallest - found.begin());
        join(hills, k + 1 == hills.size() ? k - 1 : k, height);
        found = modes_of(sorted, hills, from, step);
    }
    return found;
}

}  // namespace kmb::analysis
