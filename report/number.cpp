#include "report/number.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace kmb::report {
namespace {

std::string with_commas(const std::string& digits) {
    const std::size_t start = digits.starts_with('-') ? 1 : 0;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    std::string out = digits.substr(0, start);
    for (std::size_t i = start; i < point; ++i) {
        if (i > start && (point - i) % 3 == 0) {
            out += ',';
        }
        out += digits[i];
    }
    return out + digits.substr(point);
}

// The decimal place of the first significant digit: 0 for 1 to 9, 2 for hundreds.
int magnitude(double value) {
    return static_cast<int>(std::floor(std::log10(std::abs(value))));
}

// What the digits are counted from: half the interval's width, or its shorter side
// where it is lop-sided, down to a hundredth of the half.
double resolution(double value, const analysis::Interval& interval) {
    const double half = (interval.high - interval.low) / 2;
    double shorter = half;
    for (const double side : {value - interval.low, interval.high - value}) {
        shorter = side > 0 ? std::min(shorter, side) : shorter;
    }
    return std::max(shorter, half / 100);
}

// An interval without width but for the last digits of its computation.
bool is_point(const analysis::Interval& interval) {
    const double size = std::max(std::abs(interval.low), std::abs(interval.high));
    return interval.high - interval.low <= 1e-9 * size;
}

std::string without_trailing_zeros(std::string digits) {
    if (digits.find('.') != std::string::npos) {
        digits.erase(digits.find_last_not_of('0') + 1);
        digits.erase(digits.find_last_not_of('.') + 1);
    }
    return digits;
}

}  // namespace

std::string grouped(double value, int decimals) {
    if (!std::isfinite(value)) {
        return "-";
    }
    if (decimals < 0) {
        const double step = std::pow(10.0, -decimals);
        value = std::nearbyint(value / step) * step;
        decimals = 0;
    }
    std::string digits = fmt::format("{:.{}f}", value, decimals);
    if (digits.find_first_not_of("-0.") == std::string::npos && digits.starts_with('-')) {
        digits.erase(0, 1);
    }
    return with_commas(digits);
}

std::string grouped(std::size_t value) {
    return with_commas(fmt::format("{}", value));
}

Rounded rounded(const analysis::Estimate& estimate, int least) {
    const auto& interval = estimate.interval;
    if (!interval || !std::isfinite(interval->low) || !std::isfinite(interval->high) ||
        interval->low >= interval->high) {
        const bool whole = std::nearbyint(estimate.value) == estimate.value;
        return {grouped(estimate.value, whole ? 0 : least), {}};
    }
    if (is_point(*interval)) {
        return {without_trailing_zeros(grouped(estimate.value, least)), {}};
    }
    const double half = resolution(estimate.value, *interval);
    int decimals = std::min(least, 1 - magnitude(half));
    const auto whole = [](double value) { return std::nearbyint(value) == value; };
    if (decimals > 0 && whole(estimate.value) && whole(interval->low) && whole(interval->high)) {
        decimals = 0;
    }
    return {grouped(estimate.value, decimals),
            fmt::format("[{}, {}]", grouped(interval->low, decimals),
                        grouped(interval->high, decimals))};
}

std::string alike(double value, const analysis::Estimate& estimate, int least) {
    const auto& interval = estimate.interval;
    const double half = interval ? (interval->high - interval->low) / 2 : 0;
    const bool usable = std::isfinite(half) && half > 0;
    return grouped(value, usable ? std::min(least, 1 - magnitude(half)) : least);
}

std::string significant(double value, int digits) {
    if (!std::isfinite(value)) {
        return "-";
    }
    if (value == 0) {
        return "0";
    }
    const int place = magnitude(value);
    if (place < -5 || place >= 15) {
        return fmt::format("{:.{}e}", value, digits - 1);
    }
    const int decimals = digits - 1 - place;
    const bool whole = std::nearbyint(value) == value;
    return grouped(value, whole ? std::min(decimals, 0) : decimals);
}

std::string percent(double share) {
    if (!std::isfinite(share)) {
        return "-";
    }
    const double value = share * 100;
    if (value == 0) {
        return "0 %";
    }
    const int decimals = std::abs(value) < 0.095 ? 3 : std::abs(value) < 9.95 ? 2 : 1;
    const std::string digits = grouped(std::abs(value), decimals);
    if (digits.find_first_not_of("0.") == std::string::npos) {
        return "<0.001 %";
    }
    return (value < 0 ? "-" : "+") + digits + " %";
}

}  // namespace kmb::report
