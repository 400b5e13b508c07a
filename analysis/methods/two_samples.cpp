#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distribution_tests.h"
#include "analysis/stats/effect_sizes.h"
#include "analysis/stats/paired.h"
#include "analysis/stats/rank_tests.h"
#include "analysis/stats/ranks.h"
#include "analysis/stats/ratio_tests.h"
#include "analysis/stats/t_tests.h"

namespace kmb::analysis::evaluators {

Json t_tests(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const std::vector<double> y = inputs.sample("y");
    const TTest unequal = welch(x, y);
    Json r;
    r["diff"] = number(unequal.difference);
    r["degenerate"] = !unequal.defined;
    if (!unequal.defined) {
        return r;
    }
    Json& w = r["welch"];
    w["t"] = number(unequal.t);
    w["df"] = number(unequal.df);
    w["p_two"] = number(unequal.p_two);
    w["p_less"] = number(unequal.p_less);
    w["p_greater"] = number(unequal.p_greater);
    w["ci95"] = bounds(unequal.ci);
    const TTest equal = student(x, y);
    r["student"]["t"] = number(equal.t);
    r["student"]["df"] = number(equal.df);
    r["student"]["p_two"] = number(equal.p_two);
    const TTest robust = yuen(x, y);
    r["yuen_0.2"]["t"] = number(robust.t);
    r["yuen_0.2"]["p_two"] = number(robust.p_two);
    const double margin = 0.05 * mean(y);
    const Equivalence tost = equivalence(unequal, -margin, margin);
    Json& e = r["tost_welch_5pct_of_mean_y"];
    e["low"] = number(tost.low);
    e["upp"] = number(tost.high);
    e["p"] = number(tost.p);
    e["p_lower"] = number(tost.p_lower);
    e["p_upper"] = number(tost.p_upper);
    return r;
}

Json mann_whitney(const Inputs& inputs, const Json&) {
    const Sorted x(inputs.sample("x"));
    const Sorted y(inputs.sample("y"));
    const MannWhitney test = analysis::mann_whitney(x, y);
    Json r;
    r["U_x"] = test.u_x;
    r["U_y"] = test.u_y;
    r["ties"] = test.tie_term > 0;
    r["tie_term"] = test.tie_term;
    r["p_x_gt_y"] = test.x_greater;
    r["degenerate_all_tied"] = test.all_tied;
    if (test.all_tied) {
        return r;
    }
    r["normal_cc"]["z"] = number(test.corrected.z);
    r["normal_cc"]["p_two"] = number(test.corrected.p);
    r["normal_nocc"]["z"] = number(test.uncorrected.z);
    r["normal_nocc"]["p_two"] = number(test.uncorrected.p);
    r["normal_cc_without_tie_correction_p"] = number(test.p_without_tie_correction);
    if (const auto exact = exact_rank_sum(x, y)) {
        r["exact"]["p_less"] = exact->p_less;
        r["exact"]["p_greater"] = exact->p_greater;
        r["exact"]["p_two"] = exact->p_two;
        r["exact"]["p_two_doubled"] = exact->p_doubled;
    }
    return r;
}

Json brunner_munzel(const Inputs& inputs, const Json&) {
    const BrunnerMunzel test =
        analysis::brunner_munzel(Sorted(inputs.sample("x")), Sorted(inputs.sample("y")));
    Json r;
    r["p_hat_x_lt_y"] = test.p_hat;
    r["Sx2"] = number(test.variance_x);
    r["Sy2"] = number(test.variance_y);
    r["degenerate_zero_variance"] = !test.defined;
    if (test.defined) {
        r["statistic"] = number(test.statistic);
        r["df"] = number(test.df);
        r["p_two"] = number(test.p_two);
        r["ci95_p"] = bounds(test.ci);
    }
    return r;
}

Json effect_sizes(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const std::vector<double> y = inputs.sample("y");
    const Sorted sorted_x(x);
    const Sorted sorted_y(y);
    const PairOrder order = pair_order(sorted_x, sorted_y);
    const MeanEffect effect = mean_effect(x, y);
    Json r;
    r["n_gt"] = order.greater;
    r["n_lt"] = order.less;
    r["n_eq"] = order.equal;
    r["cliffs_delta"] = cliffs_delta(order);
    r["vargha_delaney_A"] = vargha_delaney(order);
    r["cohens_d"] = number(effect.cohens_d);
    r["hedges_g_exact"] = number(effect.hedges_g);
    r["hedges_J"] = number(effect.hedges_j);
    r["glass_delta_sd_of_y"] = number(effect.glass_delta);
    r["wasserstein_1"] = number(wasserstein(sorted_x, sorted_y));
    r["energy_distance_scipy"] = number(energy_distance(sorted_x, sorted_y));
    return r;
}

Json ks_cvm_ad(const Inputs& inputs, const Json&) {
    const Sorted samples[] = {Sorted(inputs.sample("x")), Sorted(inputs.sample("y"))};
    const KolmogorovSmirnov ks = kolmogorov_smirnov(samples[0], samples[1]);
    const CramerVonMises cvm = cramer_von_mises(samples[0], samples[1]);
    Json r;
    r["D"] = number(ks.d);
    r["p_asymp_scipy"] = number(ks.p_finite);
    r["ties"] = ks.ties;
    r["p_kolmogorov_limit"] = number(ks.p_limit);
    if (ks.p_exact) {
        r["p_exact"] = *ks.p_exact;
    }
    r["cvm_T"] = number(cvm.t);
    if (cvm.p_exact) {
        r["cvm_p_exact"] = *cvm.p_exact;
    }
    r["anderson_ksamp_midrank_A2"] = number(anderson_darling(samples));
    return r;
}

Json ratio_ci(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const std::vector<double> y = inputs.sample("y");
    const RatioOfMeans means = ratio_of_means(x, y);
    const auto geometric = ratio_of_geometric_means(x, y);
    Json r;
    r["ratio_of_means"] = number(means.ratio);
    r["ratio_of_medians"] = number(median(Sorted(x)) / median(Sorted(y)));
    r["delta_log_ci95_z"] = bounds(means.delta_log);
    r["fieller_ci95_z"] = means.fieller ? bounds(*means.fieller) : Json("undefined");
    r["fieller_g"] = number(means.fieller_g);
    if (geometric) {
        r["geomean_ratio"] = number(geometric->ratio);
        r["geomean_ratio_ci95_welch"] = bounds(geometric->ci);
    }
    return r;
}

Json paired(const Inputs& inputs, const Json&) {
    const std::vector<double>& x = inputs.column("x", 0);
    const std::vector<double>& y = inputs.column("y", 0);
    const TTest test = paired_t(x, y);
    std::vector<double> differences;
    for (std::size_t i = 0; i < x.size(); ++i) {
        differences.push_back(x[i] - y[i]);
    }
    Json r;
    r["mean_diff"] = number(test.difference);
    r["median_diff"] = number(median(Sorted(differences)));
    r["paired_t"]["t"] = number(test.t);
    r["paired_t"]["df"] = static_cast<std::int64_t>(x.size()) - 1;
    r["paired_t"]["p_two"] = number(test.p_two);
    const SignTest sign = sign_test(differences);
    r["sign_test"]["pos"] = sign.positive;
    r["sign_test"]["neg"] = sign.negative;
    r["sign_test"]["zero"] = sign.zero;
    r["sign_test"]["p_two"] = sign.p;
    const SignedRank rank = signed_rank(differences);
    r["signed_rank"]["V"] = rank.v;
    r["signed_rank"]["n_nonzero"] = rank.nonzero;
    r["signed_rank"]["ties"] = rank.ties;
    if (rank.p_exact) {
        r["signed_rank"]["p_exact_two"] = *rank.p_exact;
    }
    r["signed_rank"]["p_normal_cc"] = number(rank.p_normal);
    if (const auto ratio = paired_ratio(x, y)) {
        r["median_log_ratio_exp"] = number(ratio->ratio);
        r["median_log_ratio_ci95_sign"] = bounds(ratio->ci);
    }
    return r;
}

}  // namespace kmb::analysis::evaluators
