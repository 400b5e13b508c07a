#include "plots/axes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace kmb::plots {
namespace {

constexpr std::array<const char*, kColours> kPalette = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                        "#E69F00", "#56B4E9", "#000000"};
constexpr std::array<int, 6> kFilled = {7, 5, 9, 13, 11, 15};
constexpr std::array<int, 6> kOpen = {6, 4, 8, 12, 10, 14};

std::string scaled(double value, const char* format, double base, const char* const* suffixes,
                   std::size_t count) {
    std::size_t step = 0;
    while (step + 1 < count && std::abs(value) >= base * 0.9999999) {
        value /= base;
        ++step;
    }
    return fmt::format(fmt::runtime(format), value) + suffixes[step];
}

constexpr const char* kThousands[] = {"", "k", "M", "G", "T"};
constexpr const char* kBinary[] = {"", "Ki", "Mi", "Gi"};

void add_tic(std::string& tics, const std::string& text, double at, bool major) {
    tics += fmt::format("{}{} {} {}", tics.empty() ? "" : ", ", quote(major ? text : ""),
                        number(at), major ? 0 : 1);
}

std::string byte_tics(double low, double high) {
    const int from = static_cast<int>(std::ceil(std::log2(low)));
    const int to = static_cast<int>(std::floor(std::log2(high)));
    const int step = std::max(1, (to - from + 6) / 7);
    std::string tics;
    for (int i = std::max(from, 0); i <= to; ++i) {
        add_tic(tics, short_bytes(std::exp2(i)), std::exp2(i), i % step == 0);
    }
    return tics;
}

std::string decade_tics(double low, double high) {
    const double decades = std::log10(high / low);
    const int every = std::max(1, static_cast<int>(std::ceil(decades / 9)));
    const bool fine = decades < 3.1;
    std::string tics;
    for (int i = static_cast<int>(std::floor(std::log10(low))); i <= std::ceil(std::log10(high));
         ++i) {
        for (int digit = 1; digit <= 9; ++digit) {
            const double at = digit * std::pow(10.0, i);
            const bool major =
                fine ? digit == 1 || digit == 2 || digit == 5 : digit == 1 && i % every == 0;
            if (at >= low && at <= high) {
                add_tic(tics, short_number(at), at, major);
            }
        }
    }
    return tics;
}

}  // namespace

std::string colour(std::size_t index) {
    return kPalette[index % kPalette.size()];
}
int filled_sign(std::size_t index) {
    return kFilled[index % kFilled.size()];
}
int open_sign(std::size_t index) {
    return kOpen[index % kOpen.size()];
}

std::string short_number(double value) {
    return scaled(value, "{:.6g}", 1000, kThousands, std::size(kThousands));
}

std::string short_bytes(double value) {
    return scaled(value, "{:.6g}", 1024, kBinary, std::size(kBinary));
}

std::string rounded(double value) {
    return scaled(value, "{:.3g}", 1000, kThousands, std::size(kThousands));
}

std::string grouped(double value) {
    const std::string digits = fmt::format("{:.0f}", value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            text += ' ';
        }
        text += digits[i];
    }
    return text;
}

void Range::add(double value) {
    if (std::isfinite(value)) {
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
}

void log_axis(Script& script, char axis, const Range& range, bool bytes) {
    const double pad = axis == 'x' ? 1.3 : 1.6;
    const double low = range.low / pad;
    const double high = range.high * pad;
    script.command(fmt::format("set logscale {} {}", axis, bytes ? 2 : 10));
    script.command(fmt::format("set {}range [{}:{}]", axis, number(low), number(high)));
    script.command(fmt::format("set {}tics ({})", axis,
                               bytes ? byte_tics(low, high) : decade_tics(low, high)));
}

std::string with_unit(const analysis::RunResult& run, std::string_view what, std::string_view per) {
    return fmt::format("{} [{}{}{}]", what, run.time_unit, per.empty() ? "" : "/", per);
}

std::string describe_target(const analysis::RunResult& run) {
    return run.time_unit == "ns"
               ? fmt::format("target {}", run.target)
               : fmt::format("target {}: {}, not time", run.target, run.time_unit);
}

void common_style(Script& script) {
    script.command("set border 3 linecolor rgb '#444444'");
    script.command("set tics nomirror out");
    script.command("set grid xtics ytics linetype 1 linecolor rgb '#e4e4e4' linewidth 0.7");
}

}  // namespace kmb::plots
