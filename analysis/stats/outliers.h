// Rules that label values as far from the rest. A label is not a verdict: nothing here
// removes a value, and most rules flag several per cent of a clean skewed sample.
// Indices are 0-based positions in the values as given, ascending.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace kmb::analysis {

using Indices = std::vector<std::size_t>;

// Values outside [low, high], limits included in the inside.
Indices outside(std::span<const double> x, double low, double high);

// Values at the other positions.
std::vector<double> without(std::span<const double> x, const Indices& removed);

// Quartile fences (Tukey 1977), type-7 quartiles: beyond 1.5 and beyond 3 times the
// interquartile range. Flags 0.6 % of normal but 6 % of clean lognormal values; with an
// interquartile range of 0 everything unequal to the quartile is severe.
struct TukeyFences {
    double q1;
    double q3;
    double iqr;
    double fences[4];  // low outer, low inner, high inner, high outer
    Indices low_severe;
    Indices low_mild;  // beyond the inner fence only
    Indices high_mild;
    Indices high_severe;
    [[nodiscard]] Indices all() const;
};
TukeyFences tukey(std::span<const double> x);

// |0.6745 (x - median) / MAD| > threshold (Iglewicz and Hoaglin 1993). With a MAD of 0
// the mean absolute deviation takes its place: (x - median) / (1.253314 meanAD); if that
// is 0 too, all values are equal and none is an outlier.
struct ModifiedZ {
    enum class Rule { mad, mean_ad_fallback, constant };
    Rule rule;
    double mad;
    double mean_ad;
    std::vector<double> z;
    Indices outliers;
};
ModifiedZ modified_z(std::span<const double> x, double threshold = 3.5);
std::string_view name(ModifiedZ::Rule rule);  // "mad", "mean_ad_fallback", "constant"

// Fences at k scaled MADs, the lower and the upper half judged each by its own MAD.
struct FencedOutliers {
    double low;
    double high;
    Indices outliers;
};
FencedOutliers double_mad_outliers(std::span<const double> x, double k = 3);

// Quartile fences stretched by the medcouple (Hubert and Vandervieren, CSDA 52, 2008):
// for skewed but clean data it flags about 1 to 3 %.
struct AdjustedBoxplot {
    double medcouple;
    double medcouple_low;  // the two middle kernel values; see medcouple.h
    double medcouple_high;
    double low;
    double high;
    Indices outliers;
};
AdjustedBoxplot adjusted_boxplot(std::span<const double> x);

// The k-sigma filter of many student reports: |x - mean| >= k sd (sd with divisor
// n - ddof). For comparison's sake: large outliers hide themselves and others by
// inflating the sd, and with k = 2 it flags 4 to 5 % of clean data.
Indices sigma_rule(std::span<const double> x, double k = 2, int ddof = 0);

// Values more than 3 (p90 - p10) from the median of a window of values around them:
// separates spikes from a change of level (Barrett et al., OOPSLA 2017).
Indices local_spikes(std::span<const double> x, std::size_t window = 200, double k = 3);

// Generalised extreme studentized deviate test (Rosner, Technometrics 25, 1983) for up
// to max_outliers. Assumes that the rest is normal.
struct Gesd {
    std::vector<double> statistic;
    std::vector<double> critical;
    Indices outliers;  // in order of removal
};
Gesd gesd(std::span<const double> x, std::size_t max_outliers = 10, double alpha = 0.05);

}  // namespace kmb::analysis
