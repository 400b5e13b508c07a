#include "analysis/stats/scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/double_double.h"
#include "analysis/stats/pair_select.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double mad(std::span<const double> x, double centre) {
    std::vector<double> deviations;
    deviations.reserve(x.size());
    for (double v : x) {
        deviations.push_back(std::abs(v - centre));
    }
    return median(std::span<const double>(deviations));
}

double mad(std::span<const double> x) {
    return mad(x, median(x));
}

// Each side of the centre is in order of its distance: both are merged up to the middle.
double mad(const Sorted& sorted, double centre) {
    const auto x = sorted.values();
    auto right = static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), centre) - x.begin());
    std::size_t left = right;
    std::array<double, 2> last = {kNaN, kNaN};
    for (std::size_t k = 0; k <= x.size() / 2 && k < x.size(); ++k) {
        const bool below =
            left > 0 && (right == x.size() || centre - x[left - 1] <= x[right] - centre);
        last = {last[1], std::abs((below ? x[--left] : x[right++]) - centre)};
    }
    return x.size() % 2 == 1 ? last[1] : median(std::span<const double>(last));
}

DoubleMad double_mad(const Sorted& sorted) {
    const double centre = median(sorted);
    std::vector<double> lower;
    std::vector<double> upper;
    for (double v : sorted.values()) {
        if (v <= centre) {
            lower.push_back(v);
        }
        if (v >= centre) {
            upper.push_back(v);
        }
    }
    return {centre, mad(lower, centre), mad(upper, centre)};
}

double mean_absolute_deviation(std::span<const double> x, double centre) {
    if (x.empty()) {
        return kNaN;
    }
    CompensatedSum total;
    for (double v : x) {
        total.add(std::abs(v - centre));
    }
    return total.value() / static_cast<double>(x.size());
}

double median_relative_deviation(std::span<const double> x, double centre) {
    std::vector<double> relative;
    relative.reserve(x.size());
    for (double v : x) {
        if (v == 0) {
            return kNaN;
        }
        relative.push_back(std::abs((v - centre) / v));
    }
    return median(std::span<const double>(relative));
}

PairScale sn_scale(const Sorted& sorted) {
    const std::size_t n = sorted.size();
    if (n < 2) {
        return {kNaN, kNaN};
    }
    // Distance to the h-th nearest value, the value itself being the first: both ends of
    // the narrowest window of h values around it.
    const std::size_t h = n / 2 + 1;
    std::vector<double> distances;
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t low = i + 1 > h ? i + 1 - h : 0;  // first place of the window
        std::size_t high = std::min(i, n - h);
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (sorted[i] - sorted[middle] > sorted[middle + h - 1] - sorted[i]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        const auto reach = [&](std::size_t start) {
            return std::max(sorted[i] - sorted[start], sorted[start + h - 1] - sorted[i]);
        };
        const bool earlier = low > 0 && low + h > i + 1 && low - 1 + h > i;
        distances.push_back(earlier ? std::min(reach(low), reach(low - 1)) : reach(low));
    }
    const auto lomed = distances.begin() + static_cast<std::ptrdiff_t>((n + 1) / 2 - 1);
    std::nth_element(distances.begin(), lomed, distances.end());
    constexpr double kSmall[] = {0.743, 1.851, 0.954, 1.351, 0.993, 1.198, 1.005, 1.131};
    const auto count = static_cast<double>(n);
    const double correction = n <= 9 ? kSmall[n - 2] : n % 2 == 1 ? count / (count - 0.9) : 1;
    const double raw = 1.1926 * *lomed;
    return {raw, raw * correction};
}

PairScale qn_scale(const Sorted& sorted) {
    const std::size_t n = sorted.size();
    if (n < 2) {
        return {kNaN, kNaN};
    }
    const auto h = static_cast<std::int64_t>(n / 2 + 1);
    constexpr double kSmall[] = {0.399356, 0.99365, 0.51321, 0.84401, 0.61220, 0.85877,
                                 0.66993,  0.87344, 0.72014, 0.88906, 0.75743};
    const auto count = static_cast<double>(n);
    const double series = n % 2 == 1 ? 1.60188 + (-2.1284 - 5.172 / count) / count
                                     : 3.67561 + (1.9654 + (6.987 - 77 / count) / count) / count;
    const double correction = n <= 12 ? kSmall[n - 2] : 1 / (1 + series / count);
    const double raw = 2.21914 * PairDistances(sorted).at(h * (h - 1) / 2);
    return {raw, raw * correction};
}

}  // namespace kmb::analysis
