#include <algorithm>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis::evaluators {

Json tukey_fences(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const TukeyFences fences = tukey(x);
    const std::vector<double> kept = without(x, fences.all());
    Json r;
    r["q1"] = number(fences.q1);
    r["q3"] = number(fences.q3);
    r["iqr"] = number(fences.iqr);
    r["fences"] = numbers(fences.fences);
    r["low_severe"] = fences.low_severe;
    r["low_mild"] = fences.low_mild;
    r["high_mild"] = fences.high_mild;
    r["high_severe"] = fences.high_severe;
    r["n_kept"] = kept.size();
    r["mean_kept"] = number(mean(kept));
    r["median_kept"] = number(median(std::span<const double>(kept)));
    return r;
}

Json modified_z(const Inputs& inputs, const Json& params) {
    const std::vector<double> x = inputs.sample("x");
    const double threshold = parameter(params, "threshold", 3.5);
    const ModifiedZ labels = analysis::modified_z(x, threshold);
    double largest = 0;
    for (double z : labels.z) {
        largest = std::max(largest, std::abs(z));
    }
    const double centre = median(std::span<const double>(x));
    Indices far;  // hyperfine's rule, without its trick for a MAD of 0
    for (std::size_t i = 0; i < x.size() && labels.mad > 0; ++i) {
        if (std::abs(x[i] - centre) / labels.mad > 14.826) {
            far.push_back(i);
        }
    }
    Json r;
    r["rule"] = name(labels.rule);
    r["mad_raw"] = number(labels.mad);
    r["mean_ad"] = number(labels.mean_ad);
    r["threshold"] = threshold;
    r["outliers"] = labels.outliers;
    r["max_abs_z"] = number(largest);
    r["z_first5"] = numbers(std::span(labels.z).first(std::min<std::size_t>(5, labels.z.size())));
    r["hyperfine_14.826_set"] = far;
    return r;
}

Json double_mad(const Inputs& inputs, const Json& params) {
    const double k = parameter(params, "k", 3);
    const FencedOutliers labels = double_mad_outliers(inputs.sample("x"), k);
    Json r;
    r["k"] = k;
    r["lower"] = number(labels.low);
    r["upper"] = number(labels.high);
    r["outliers"] = labels.outliers;
    return r;
}

Json adjusted_boxplot(const Inputs& inputs, const Json&) {
    const AdjustedBoxplot box = analysis::adjusted_boxplot(inputs.sample("x"));
    Json r;
    r["medcouple"] = number(box.medcouple);
    r["medcouple_range"] = Json::array({number(box.medcouple_low), number(box.medcouple_high)});
    r["lower"] = number(box.low);
    r["upper"] = number(box.high);
    r["outliers"] = box.outliers;
    return r;
}

constexpr std::size_t kMostOutliers = 10'000;  // each takes a walk over the sample

Json gesd(const Inputs& inputs, const Json& params) {
    const auto most = count_of(params, "max_outliers", 10, kMostOutliers);
    const double alpha = parameter(params, "alpha", 0.05);
    const Gesd test = analysis::gesd(inputs.sample("x"), most, alpha);
    Json r;
    r["max_outliers"] = most;
    r["alpha"] = alpha;
    r["R"] = numbers(test.statistic);
    r["lam"] = numbers(test.critical);
    r["n_outliers"] = test.outliers.size();
    r["outliers_in_order"] = test.outliers;
    return r;
}

Json zsigma_naive(const Inputs& inputs, const Json& params) {
    const std::vector<double> x = inputs.sample("x");
    const double k = parameter(params, "k", 2);
    const int ddof = static_cast<int>(count_of(params, "ddof", 0, 1));
    const Indices removed = sigma_rule(x, k, ddof);
    Json r;
    r["k"] = k;
    r["ddof"] = ddof;
    r["removed"] = removed;
    r["mean_kept"] = number(mean(without(x, removed)));
    return r;
}

}  // namespace kmb::analysis::evaluators
