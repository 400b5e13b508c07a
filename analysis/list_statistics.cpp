#include "analysis/list_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/stats/change_points.h"
#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/dip.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/location.h"
#include "analysis/stats/log_ratio.h"
#include "analysis/stats/modes.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/scale.h"
#include "analysis/stats/ticks.h"
#include "analysis/stats/trend.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kThinned = 2000;  // change points of more cost too long

class Describer {
  public:
    explicit Describer(std::span<const double> x)
        : x_(x), sorted_(x), near_(x.first(std::min(x.size(), kNeighbours))) {}

    ListStatistics run() {
        effective_ = effective_ranks(near_) * static_cast<double>(x_.size()) /
                     static_cast<double>(near_.size());
        values();
        middle();
        quantiles();
        spread();
        shape();
        order();
        outliers();
        warn();
        return std::move(result_);
    }

  private:
    void add(std::string name, double value, std::optional<Bounds> bounds = std::nullopt,
             std::string_view note = {}) {
        if (bounds && !(std::isfinite(bounds->low) && std::isfinite(bounds->high))) {
            bounds.reset();
            note = "too few values for an interval";
        }
        result_.statistics.push_back({group_, std::move(name), value, bounds, note});
    }
    void warn(std::string text) { result_.warnings.push_back(std::move(text)); }

    void values();
    void middle();
    void quantiles();
    void spread();
    void shape();
    void order();
    void outliers();
    void warn();
    [[nodiscard]] std::vector<double> thinned() const;
    [[nodiscard]] bool constant() const { return sorted_.min() == sorted_.max(); }

    std::span<const double> x_;
    Sorted sorted_;
    std::span<const double> near_;
    double effective_ = 0;
    std::string_view group_;
    ListStatistics result_;
};

void Describer::values() {
    group_ = "values";
    const Quantization grid = quantization(sorted_);
    const Tick tick = infer_tick(sorted_);
    const auto count = [&](auto predicate) {
        return static_cast<double>(std::count_if(x_.begin(), x_.end(), predicate));
    };
    add("n", static_cast<double>(x_.size()));
    add("distinct", static_cast<double>(grid.distinct));
    add("negative", count([](double v) { return v < 0; }));
    add("zero", count([](double v) { return v == 0; }));
    add("sum", sum(x_));
    add("tick", tick.coarse ? tick.size : kNaN, std::nullopt, "where the values show one");
    add("most_frequent", grid.mode);
    add("share_of_ties", grid.tie_fraction);
}

void Describer::middle() {
    group_ = "middle";
    const auto n = static_cast<double>(x_.size());
    const OrderInterval at = order_interval_effective(sorted_, 0.5, effective_, kLevel);
    add("median", median(sorted_), Bounds{at.low, at.high}, "order statistics, effective n");
    add("hodges_lehmann", hodges_lehmann(sorted_));
    add("huber", huber(x_).mu);
    add("harrell_davis", harrell_davis(sorted_, 0.5).estimate);
    add("trimmed_mean_20", trimmed_mean(sorted_.values(), 0.2));
    std::optional<Bounds> of_mean;
    if (x_.size() > 1 && effective_ > 1) {
        const double half = t_critical(effective_ - 1, kLevel) * sd(x_) / std::sqrt(effective_);
        of_mean = Bounds{mean(x_) - half, mean(x_) + half};
    }
    add("mean", mean(x_), of_mean, "t, effective n; too narrow where the values are skewed");
    add("geometric_mean", geometric_mean(x_));
    add("harmonic_mean", harmonic_mean(x_));
    add("standard_error", n > 1 ? sd(x_) / std::sqrt(effective_) : kNaN, std::nullopt,
        "of the mean, effective n");
}

void Describer::quantiles() {
    group_ = "quantiles";
    add("min", sorted_.min());
    for (const double p : {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999}) {
        const OrderInterval at = order_interval_effective(sorted_, p, effective_, kLevel);
        add(fmt::format("p{:g}", p * 100), quantile(sorted_, p), Bounds{at.low, at.high},
            "order statistics, effective n");
    }
    add("max", sorted_.max());
}

void Describer::spread() {
    group_ = "spread";
    const double deviation = sd(x_);
    const double centre = mean(x_);
    add("sd", deviation);
    add("variance", variance(x_));
    add("coefficient_of_variation", centre != 0 ? deviation / centre : kNaN);
    add("mad", mad(x_, median(sorted_)), std::nullopt, "not scaled");
    add("iqr", quartiles(sorted_).iqr());
    add("sn", sn_scale(sorted_).corrected);
    add("qn", qn_scale(sorted_).corrected);
    add("shamos", shamos(sorted_));
    add("range", sorted_.max() - sorted_.min());
}

void Describer::shape() {
    group_ = "shape";
    const Shape found = kmb::analysis::shape(x_);
    add("skewness", found.skew_G1);
    add("excess_kurtosis", found.exkurt_G2);
    const Tick tick = infer_tick(sorted_);
    const Sorted spread = spread_ticks(sorted_, tick.coarse ? tick.size : 0);
    add("dip", dip(spread).d);
    add("dip_p", dip(spread).p, std::nullopt, "of one mode");
    const auto hills = modes(sorted_, tick.coarse ? tick.size : 0);
    add("modes", static_cast<double>(hills.size()));
    for (std::size_t i = 0; hills.size() > 1 && i < hills.size(); ++i) {
        add(fmt::format("mode_{}", i + 1), hills[i].median, Bounds{hills[i].low, hills[i].high},
            "median of the mode, between its valleys");
        add(fmt::format("mode_{}_share", i + 1), hills[i].share);
    }
}

// Medians of equally long pieces, where there are too many values.
std::vector<double> Describer::thinned() const {
    const std::size_t piece = (near_.size() + kThinned - 1) / kThinned;
    std::vector<double> medians;
    for (std::size_t at = 0; at + piece <= near_.size(); at += piece) {
        medians.push_back(median(near_.subspan(at, piece)));
    }
    return medians;
}

void Describer::order() {
    group_ = "order";
    const auto n = near_.size();
    add("effective_n", effective_, std::nullopt, "independent values that the list is worth");
    add("lag_1", n > 1 ? autocorrelation(near_) : kNaN);
    const std::size_t lags = std::min<std::size_t>(20, n / 5);
    add("ljung_box_p", lags > 0 && !constant() ? ljung_box(near_, lags).p : kNaN, std::nullopt,
        "of independence");
    add("runs_p", n > 1 ? runs_test(near_).p : kNaN, std::nullopt, "of independence");
    add("mann_kendall_p", n > 2 ? mann_kendall(near_).p : kNaN, std::nullopt, "of no trend");
    add("drift", n > 1 ? sen_slope(near_) : kNaN, std::nullopt, "a value, Sen's slope");
    const std::vector<double> pieces = thinned();
    double changes = 0;
    if (pieces.size() >= 10 && !constant()) {
        // What neighbours share looks like a change; the penalty grows with it.
        const double tau = static_cast<double>(pieces.size()) / effective_ranks(pieces);
        const auto found = optimal_partition(pieces, SegmentCost::rank_l2,
                                             usual_penalty(pieces, SegmentCost::rank_l2) * tau);
        changes = static_cast<double>(found.points.size());
    }
    add("changes_of_level", changes);
}

void Describer::outliers() {
    group_ = "outliers";
    const auto count = [&](const char* name, const Indices& found) {
        add(name, static_cast<double>(found.size()), std::nullopt, "labelled, none removed");
    };
    count("tukey", tukey(x_).all());
    count("double_mad", double_mad_outliers(x_).outliers);
    count("modified_z", modified_z(x_).outliers);
    count("adjusted_boxplot", adjusted_boxplot(x_).outliers);
    count("two_sigma", sigma_rule(x_));
}

void Describer::warn() {
    const auto n = x_.size();
    if (n < 6) {
        warn(fmt::format("few: {} values carry no interval of the median; 6 do", n));
    }
    if (n > 1 && constant()) {
        warn(fmt::format("all-equal: every value is {:.17g}; there is no spread and no dependence",
                         sorted_.min()));
    }
    if (effective_ < 0.5 * static_cast<double>(n)) {
        warn(fmt::format("autocorrelated: neighbours are alike; {} values are worth {:.0f}", n,
                         effective_));
    }
    if (sorted_.min() < 0) {
        warn("negative: a time below 0 is none; there is no geometric mean");
    }
    if (n > kNeighbours) {
        warn(fmt::format("first-part: what compares neighbours looks at the first {} values",
                         kNeighbours));
    }
}

}  // namespace

ListStatistics list_statistics(std::span<const double> values) {
    return Describer(values).run();
}

}  // namespace kmb::analysis
