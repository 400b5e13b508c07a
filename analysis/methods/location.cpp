#include "analysis/stats/location.h"

#include <fmt/format.h>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/density.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/medcouple.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis::evaluators {
namespace {

Json quantiles_of(const Sorted& sorted, QuantileType type) {
    Json result;
    for (double p : {0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        result[fmt::format("{}", p)] = number(quantile(sorted, p, type));
    }
    return result;
}

}  // namespace

Json summary(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    if (x.empty()) {
        throw std::invalid_argument("summary: no finite values");
    }
    const Sorted sorted(x);
    const Shape form = shape(x);
    const double m = mean(x);
    Json r;
    r["n"] = x.size();
    r["sum"] = number(sum(x));
    r["mean"] = number(m);
    r["min"] = number(sorted.min());
    r["max"] = number(sorted.max());
    r["median"] = number(median(sorted));
    r["var"] = number(variance(x));
    r["sd"] = number(sd(x));
    r["sem"] = number(sem(x));
    r["cv"] = number(m == 0 ? std::nan("") : sd(x) / m);
    r["quantile_type6"] = quantiles_of(sorted, QuantileType::type6);
    r["quantile_type7"] = quantiles_of(sorted, QuantileType::type7);
    r["quantile_type8"] = quantiles_of(sorted, QuantileType::type8);
    r["iqr_type7"] = number(quartiles(sorted).iqr());
    r["skew_g1"] = number(form.skew_g1);
    r["exkurt_g2"] = number(form.exkurt_g2);
    r["skew_G1"] = number(form.skew_G1);
    r["exkurt_G2"] = number(form.exkurt_G2);
    r["geomean"] = number(geometric_mean(x));
    r["harmean"] = number(harmonic_mean(x));
    for (const auto& [name, fraction] : {std::pair{"trimmed_mean_0.1", 0.1},
                                         {"trimmed_mean_0.2", 0.2},
                                         {"trimmed_mean_0.25", 0.25}}) {
        r[name] = number(trimmed_mean(sorted.values(), fraction));
    }
    const Winsorized pulled = winsorized(sorted.values(), 0.2);
    r["winsor_mean_0.2"] = number(pulled.mean);
    r["winsor_var_0.2"] = number(pulled.variance);
    return r;
}

Json mad(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const Sorted sorted(x);
    const DoubleMad halves = analysis::double_mad(sorted);
    const double raw = analysis::mad(x, halves.median);
    Json r;
    r["median"] = number(halves.median);
    r["mad_raw"] = number(raw);
    r["mad_scaled"] = number(kMadToSd * raw);
    r["mad_scale_constant"] = kMadToSd;
    r["lower_mad_raw"] = number(halves.lower);
    r["upper_mad_raw"] = number(halves.upper);
    r["mean_abs_dev_from_median"] = number(mean_absolute_deviation(x, halves.median));
    r["shamos_raw"] = number(shamos(sorted));
    r["mdape"] = number(median_relative_deviation(x, halves.median));
    return r;
}

Json huber(const Inputs& inputs, const Json& params) {
    const Huber estimate = analysis::huber(inputs.sample("x"), parameter(params, "k", 1.5));
    Json r;
    r["k"] = estimate.k;
    r["scale_mad_1_4826"] = number(estimate.scale);
    r["mu"] = number(estimate.mu);
    r["degenerate_mad_zero"] = !(estimate.scale > 0);
    return r;
}

Json harrell_davis(const Inputs& inputs, const Json&) {
    const Sorted sorted(inputs.sample("x"));
    Json r;
    for (double p : {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99}) {
        const HarrellDavis estimate = analysis::harrell_davis(sorted, p);
        Json& one = r[fmt::format("{}", p)];
        one["estimate"] = number(estimate.estimate);
        one["order_m"] = estimate.order;
        one["mj_se_exact_bootstrap"] = number(estimate.se_bootstrap);
        one["mj_se_wilcox_scipy"] = number(estimate.se_wilcox);
        one["hd_weight_sd"] = number(estimate.weight_sd);
    }
    return r;
}

Json robust_scale(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const Sorted sorted(x);
    const PairScale sn = sn_scale(sorted);
    const PairScale qn = qn_scale(sorted);
    Json r;
    r["Sn"] = number(sn.corrected);
    r["Sn_nocorr"] = number(sn.raw);
    r["Qn"] = number(qn.corrected);
    r["Qn_nocorr"] = number(qn.raw);
    r["mad_R"] = number(1.4826 * analysis::mad(x));
    r["IQR"] = number(quartiles(sorted).iqr());
    r["bw_SJ_ste"] = number(bandwidth_sheather_jones(sorted));
    // robustbase takes the lower of two middle values, and the mean with the mirrored
    // sample's up to 100 values.
    const KernelMedian mc = medcouple(sorted);
    r["medcouple_robustbase"] = number(sorted.size() <= 100 ? mc.value() : mc.lower);
    return r;
}

}  // namespace kmb::analysis::evaluators
