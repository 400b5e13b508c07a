#include "analysis/stats/outliers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/medcouple.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {

Indices outside(std::span<const double> x, double low, double high) {
    Indices found;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] < low || x[i] > high) {
            found.push_back(i);
        }
    }
    return found;
}

std::vector<double> without(std::span<const double> x, const Indices& removed) {
    std::vector<bool> gone(x.size(), false);
    for (std::size_t i : removed) {
        gone[i] = true;
    }
    std::vector<double> kept;
    kept.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!gone[i]) {
            kept.push_back(x[i]);
        }
    }
    return kept;
}

Indices TukeyFences::all() const {
    Indices joined;
    for (const Indices* part : {&low_severe, &low_mild, &high_mild, &high_severe}) {
        joined.insert(joined.end(), part->begin(), part->end());
    }
    std::sort(joined.begin(), joined.end());
    return joined;
}

TukeyFences tukey(std::span<const double> x) {
    const Quartiles quarter = quartiles(Sorted(x));
    TukeyFences result{};
    result.q1 = quarter.q1;
    result.q3 = quarter.q3;
    result.iqr = quarter.iqr();
    result.fences[0] = quarter.q1 - 3 * result.iqr;
    result.fences[1] = quarter.q1 - 1.5 * result.iqr;
    result.fences[2] = quarter.q3 + 1.5 * result.iqr;
    result.fences[3] = quarter.q3 + 3 * result.iqr;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] < result.fences[0]) {
            result.low_severe.push_back(i);
        } else if (x[i] < result.fences[1]) {
            result.low_mild.push_back(i);
        } else if (x[i] > result.fences[3]) {
            result.high_severe.push_back(i);
        } else if (x[i] > result.fences[2]) {
            result.high_mild.push_back(i);
        }
    }
    return result;
}

ModifiedZ modified_z(std::span<const double> x, double threshold) {
    const double centre = median(x);
    ModifiedZ result{
        ModifiedZ::Rule::constant, mad(x, centre), mean_absolute_deviation(x, centre), {}, {}};
    double factor = 0;
    if (result.mad > 0) {
        result.rule = ModifiedZ::Rule::mad;
        factor = 0.6745 / result.mad;
    } else if (result.mean_ad > 0) {
        result.rule = ModifiedZ::Rule::mean_ad_fallback;
        factor = 1 / (1.253314 * result.mean_ad);
    }
    result.z.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        result.z.push_back((x[i] - centre) * factor);
        if (std::abs(result.z.back()) > threshold) {
            result.outliers.push_back(i);
        }
    }
    return result;
}

std::string_view name(ModifiedZ::Rule rule) {
    switch (rule) {
        case ModifiedZ::Rule::mad:
            return "mad";
        case ModifiedZ::Rule::mean_ad_fallback:
            return "mean_ad_fallback";
        case ModifiedZ::Rule::constant:
            return "constant";
    }
    return "";
}

FencedOutliers double_mad_outliers(std::span<const double> x, double k) {
    const DoubleMad spread = double_mad(Sorted(x));
    const double low = spread.median - k * kMadToSd * spread.lower;
    const double high = spread.median + k * kMadToSd * spread.upper;
    return {low, high, outside(x, low, high)};
}

AdjustedBoxplot adjusted_boxplot(std::span<const double> x) {
    const Sorted sorted(x);
    const Quartiles quarter = quartiles(sorted);
    const KernelMedian mc = medcouple(sorted);
    AdjustedBoxplot result{mc.value(), mc.lower, mc.upper, 0, 0, {}};
    const bool right = result.medcouple >= 0;
    const double reach = 1.5 * quarter.iqr();
    result.low = quarter.q1 - reach * std::exp((right ? -4 : -3) * result.medcouple);
    result.high = quarter.q3 + reach * std::exp((right ? 3 : 4) * result.medcouple);
    result.outliers = outside(x, result.low, result.high);
    return result;
}

Indices sigma_rule(std::span<const double> x, double k, int ddof) {
    const double centre = mean(x);
    const double limit = k * sd(x, ddof);
    Indices removed;
    if (!(limit > 0)) {
        return removed;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::abs(x[i] - centre) >= limit) {
            removed.push_back(i);
        }
    }
    return removed;
}

Indices local_spikes(std::span<const double> x, std::size_t window, double k) {
    Indices spikes;
    for (std::size_t start = 0; start < x.size(); start += window) {
        // The last window reaches back so that it is as long as the others.
        const std::size_t end = std::min(start + window, x.size());
        const std::size_t from = end > window ? end - window : 0;
        const Sorted local(x.subspan(from, end - from));
        const double centre = median(local);
        const double reach = k * (quantile(local, 0.9) - quantile(local, 0.1));
        for (std::size_t i = start; i < end && reach > 0; ++i) {
            if (std::abs(x[i] - centre) > reach) {
                spikes.push_back(i);
            }
        }
    }
    return spikes;
}

Gesd gesd(std::span<const double> x, std::size_t max_outliers, double alpha) {
    Gesd result;
    std::vector<double> left(x.begin(), x.end());
    Indices place(x.size());
    std::iota(place.begin(), place.end(), std::size_t{0});
    Indices removed;
    std::size_t significant = 0;
    const auto n = static_cast<double>(x.size());
    for (std::size_t i = 1; i <= max_outliers && left.size() > 2; ++i) {
        const double centre = mean(left);
        const double spread = sd(left);
        if (!(spread > 0)) {
            break;
        }
        const auto far = std::max_element(left.begin(), left.end(), [&](double a, double b) {
            return std::abs(a - centre) < std::abs(b - centre);
        });
        const auto at = far - left.begin();
        const double rank = static_cast<double>(i);
        const double tp = t_critical(n - rank - 1, 1 - alpha / (n - rank + 1));
        result.statistic.push_back(std::abs(*far - centre) / spread);
        result.critical.push_back((n - rank) * tp /
                                  std::sqrt((n - rank - 1 + tp * tp) * (n - rank + 1)));
        removed.push_back(place[static_cast<std::size_t>(at)]);
        left.erase(left.begin() + at);
        place.erase(place.begin() + at);
        if (result.statistic.back() > result.critical.back()) {
            significant = i;
        }
    }
    removed.resize(significant);
    result.outliers = removed;
    return result;
}

}  // namespace kmb::analysis
