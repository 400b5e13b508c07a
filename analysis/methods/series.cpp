#include <fmt/format.h>

#include <algorithm>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/change_points.h"
#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/trend.h"

namespace kmb::analysis::evaluators {
namespace {

constexpr std::size_t kQuadratic = 5000;  // methods of n^2 steps are left out beyond

Json partition(std::span<const double> x, SegmentCost cost, bool means) {
    const Segmentation found = optimal_partition(x, cost, usual_penalty(x, cost));
    Json r;
    r["penalty"] = number(found.penalty);
    r["min_segment"] = found.min_segment;
    r["cps"] = found.points;
    r["objective"] = number(found.objective);
    if (means) {
        r["segment_means"] = numbers(found.segment_means);
    }
    return r;
}

}  // namespace

Json autocorrelation(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const auto n = static_cast<double>(x.size());
    const GeyerTime time = geyer_time(x);
    const BatchMeans batches = batch_means(x);
    const RunsTest runs = runs_test(x);
    Json r;
    r["r1"] = number(analysis::autocorrelation(x));
    r["acf_1_to_10"] = numbers(autocorrelations(x, 10));
    r["ess_ar1"] = number(effective_size_ar1(x));
    r["geyer_ips_tau"] = number(time.positive_tau);
    r["ess_geyer_ips"] = number(n / time.positive_tau);
    r["geyer_ims_tau"] = number(time.monotone_tau);
    r["ess_geyer_ims"] = number(n / time.monotone_tau);
    r["batch_means"]["batch"] = batches.batch;
    r["batch_means"]["k"] = batches.count;
    r["batch_means"]["sem"] = number(batches.sem);
    r["batch_means"]["ess"] = number(batches.effective);
    for (std::size_t lags = 1; lags <= 20 && lags < x.size(); ++lags) {
        const LjungBox test = ljung_box(x, lags);
        Json& one = r["ljung_box"][fmt::format("{}", lags)];
        one["Q"] = number(test.q);
        one["p"] = number(test.p);
        one["box_pierce"] = number(test.box_pierce);
    }
    r["durbin_watson_of_centered"] = number(von_neumann_ratio(x));
    r["von_neumann_ratio"] = number(von_neumann_ratio(x));
    Json& test = r["runs_test_median"];
    test["n_above"] = runs.above;
    test["n_below"] = runs.below;
    test["runs"] = runs.runs;
    test["z"] = number(runs.z);
    test["p_two"] = number(runs.p);
    return r;
}

Json trend_stationarity(const Inputs& inputs, const Json& params) {
    const std::vector<double> x = inputs.sample("x");
    const MannKendall trend = mann_kendall(x);
    const Kpss level = kpss_level(x);
    Json r;
    r["mann_kendall"]["S"] = trend.s;
    r["mann_kendall"]["var_S"] = number(trend.variance);
    r["mann_kendall"]["z"] = number(trend.z);
    r["mann_kendall"]["p_two"] = number(trend.p);
    r["sen_slope_per_index"] = number(sen_slope(x));
    r["kpss_level"]["stat"] = number(level.statistic);
    r["kpss_level"]["nlags"] = level.lags;
    const auto lags = count_of(params, "adf_lags", level.lags, std::max(x.size(), level.lags));
    if (x.size() >= 2 * lags + 5 &&
        *std::min_element(x.begin(), x.end()) != *std::max_element(x.begin(), x.end())) {
        const DickeyFuller root = dickey_fuller(x, lags);
        r["adf_const"]["stat"] = number(root.statistic);
        r["adf_const"]["p_mackinnon"] = number(root.p);
        r["adf_const"]["lags"] = root.lags;
    }
    return r;
}

Json change_points(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const double penalty = usual_penalty(x, SegmentCost::l2);
    Json r;
    r["index_convention"] = "0-based index of the first element of each new segment";
    r["noise_sigma_mad_diff"] = number(noise_sd(x));
    r["l2_optimal_partition"] = partition(x, SegmentCost::l2, true);
    r["normal_meanvar_optimal_partition"] = partition(x, SegmentCost::normal_meanvar, false);
    r["rank_l2_optimal_partition"] = partition(x, SegmentCost::rank_l2, false);
    const Pettitt one = pettitt(x);
    r["pettitt"]["K"] = number(one.k);
    r["pettitt"]["cp"] = one.point;
    r["pettitt"]["p_approx"] = number(one.p);
    const Cusum sums = cusum(x);
    r["cusum"]["max_abs"] = number(sums.max_abs);
    r["cusum"]["cp"] = sums.point;
    r["binary_segmentation_l2"]["penalty"] = number(penalty);
    r["binary_segmentation_l2"]["min_segment"] = 5;
    r["binary_segmentation_l2"]["cps"] = binary_segmentation_l2(x, penalty);
    if (x.size() >= 10 && x.size() <= kQuadratic) {
        const EnergySplit split = energy_split(x);
        r["e_divisive_single_split_alpha1"]["cp"] = split.point;
        r["e_divisive_single_split_alpha1"]["Q"] = number(split.q);
    }
    return r;
}

Json nist_univariate(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    Json r;
    r["mean"] = number(mean(x));
    r["sd"] = number(sd(x));
    r["r1"] = number(analysis::autocorrelation(x));
    return r;
}

}  // namespace kmb::analysis::evaluators
