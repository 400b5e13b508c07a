// Does a series drift or wander? Values in order of time, finite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kmb::analysis {

// Mann 1945, Kendall 1975: pairs that rise minus pairs that fall, normal approximation
// with continuity correction and the variance of tied values. O(n log n). z and p are
// NaN where all values are equal.
struct MannKendall {
    std::int64_t s;
    double variance;
    double z;
    double p;  // two-sided
};
MannKendall mann_kendall(std::span<const double> x);

// Median of (x_j - x_i) / (j - i), i < j: drift per value (Sen 1968). NaN for n < 2.
double sen_slope(std::span<const double> x);

// Kwiatkowski, Phillips, Schmidt and Shin 1992, about a level: large means not
// stationary (0.463 at 5 %). Bartlett weights over `lags` autocovariances.
struct Kpss {
    double statistic;
    std::size_t lags;
};
Kpss kpss_level(std::span<const double> x, std::size_t lags);
Kpss kpss_level(std::span<const double> x);  // lags = floor(4 (n / 100)^(1/4))

// Augmented Dickey-Fuller test with a constant: strongly negative means no unit root.
// p by MacKinnon's response surface (Journal of Business & Economic Statistics 12, 1994).
// Throws std::invalid_argument for fewer than 2 lags + 5 values.
struct DickeyFuller {
    double statistic;
    double p;
    std::size_t lags;
};
DickeyFuller dickey_fuller(std::span<const double> x, std::size_t lags);
DickeyFuller dickey_fuller(std::span<const double> x);  // lags as kpss_level()

}  // namespace kmb::analysis
