// Axes, colours and words that figures share.
#pragma once

#include <string>
#include <string_view>

#include "analysis/result.h"
#include "plots/script.h"

namespace kmb::plots {

// Colours of Okabe and Ito, told apart with any colour vision and in grey by their order;
// yellow is left out, it vanishes on white. Any index; they repeat.
std::string colour(std::size_t index);
inline constexpr std::size_t kColours = 7;  // before they repeat
// Filled and open signs that match by index.
int filled_sign(std::size_t index);
int open_sign(std::size_t index);

// 1, 20, 500, 1k, 20k, 1M, 5G; 0.02 below one.
std::string short_number(double value);
// 1, 16, 4Ki, 1Mi.
std::string short_bytes(double value);
// Three significant digits, thousands as short_number().
std::string rounded(double value);

// A whole number in groups of three digits: 1 000 000.
std::string grouped(double value);

// Values from the smallest to the largest that an axis must show.
struct Range {
    double low;
    double high;
    bool any = false;
    void add(double value);
};

// Logarithmic axis "x" or "y" over the positive part of a range with explicit tics that
// never overlap: decades, or 1-2-5 where there are few. For bytes, powers of two.
void log_axis(Script& script, char axis, const Range& range, bool bytes = false);

// "median cost of a call [ns]": the unit is the run's.
std::string with_unit(const analysis::RunResult& run, std::string_view what,
                      std::string_view per = "");

// "target sim, instructions (not time)"
std::string describe_target(const analysis::RunResult& run);

// Grid, borders and a key, the same for all figures.
void common_style(Script& script);
// Key at the right, outside; below, outside, in as many columns as fit.
inline constexpr const char* kKeyRight =
    "set key outside right top vertical Left reverse samplen 2.5";
inline constexpr const char* kKeyBelow =
    "set key outside bottom center horizontal Left reverse samplen 2.5";

}  // namespace kmb::plots
