#include "analysis/stats/quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/stats/integer_sort.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Mean of two values that neither overflows nor leaves their range.
double middle(double a, double b) {
    return a + (b - a) / 2;
}

// Position h of Hyndman and Fan, counted from 1, for the types that interpolate.
double position(double n, double p, QuantileType type) {
    switch (type) {
        case QuantileType::type6:
            return (n + 1) * p;
        case QuantileType::type7:
            return (n - 1) * p + 1;
        case QuantileType::type8:
            return (n + 1.0 / 3) * p + 1.0 / 3;
    }
    return kNaN;
}

}  // namespace

Sorted::Sorted(std::span<const double> values) : values_(values.begin(), values.end()) {
    if (!sort_integers(values_)) {
        std::sort(values_.begin(), values_.end());
    }
}

Sorted Sorted::adopt(std::vector<double> ascending) {
    Sorted result;
    result.values_ = std::move(ascending);
    return result;
}

double quantile(const Sorted& sorted, double p, QuantileType type) {
    if (sorted.empty()) {
        return kNaN;
    }
    const auto n = static_cast<double>(sorted.size());
    const double h = std::clamp(position(n, p, type), 1.0, n);
    // A position that is a whole number but for rounding is that number.
    const double nearest = std::round(h);
    const bool whole = std::abs(h - nearest) <= 4 * std::numeric_limits<double>::epsilon() * n;
    const double base = whole ? nearest : std::floor(h);
    const double low = sorted[static_cast<std::size_t>(base) - 1];
    if (whole) {
        return low;
    }
    const double high = sorted[static_cast<std::size_t>(base)];
    return low + (h - base) * (high - low);
}

double median(const Sorted& sorted) {
    const std::size_t n = sorted.size();
    if (n == 0) {
        return kNaN;
    }
    return n % 2 == 1 ? sorted[n / 2] : middle(sorted[n / 2 - 1], sorted[n / 2]);
}

double median(std::span<const double> x) {
    if (x.empty()) {
        return kNaN;
    }
    std::vector<double> copy(x.begin(), x.end());
    if (sort_integers(copy)) {
        return median(Sorted::adopt(std::move(copy)));
    }
    const auto mid = copy.begin() + static_cast<std::ptrdiff_t>(copy.size() / 2);
    std::nth_element(copy.begin(), mid, copy.end());
    if (copy.size() % 2 == 1) {
        return *mid;
    }
    return middle(*std::max_element(copy.begin(), mid), *mid);
}

Quartiles quartiles(const Sorted& sorted) {
    return {quantile(sorted, 0.25), quantile(sorted, 0.75)};
}

}  // namespace kmb::analysis
