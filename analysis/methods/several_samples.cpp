#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/hierarchy.h"
#include "analysis/stats/k_samples.h"
#include "analysis/stats/multiplicity.h"

namespace kmb::analysis::evaluators {
namespace {

// How often each level repeats, from the columns l0, l1, .. of a balanced table: the
// values a level takes under the first of the levels above.
std::vector<std::size_t> repetitions_of(const Table& table) {
    std::vector<std::size_t> repetitions;
    std::size_t below = table.rows();
    for (std::size_t level = 0; level + 1 < table.columns.size(); ++level) {
        const std::vector<double>& number = table.columns[level].values;
        std::size_t groups = 1;
        for (std::size_t row = 1; row < below; ++row) {
            groups += number[row] != number[row - 1] ? 1U : 0U;
        }
        repetitions.push_back(groups);
        below /= groups;
    }
    if (below > 1) {  // the last column does not number the single values
        repetitions.push_back(below);
    }
    return repetitions;
}

}  // namespace

Json k_samples(const Inputs& inputs, const Json&) {
    Samples samples;
    for (std::size_t i = 0; inputs.has(fmt::format("g{}", i)); ++i) {
        samples.push_back(inputs.sample(fmt::format("g{}", i)));
    }
    const KruskalWallis ranks = kruskal_wallis(samples);
    const AnalysisOfVariance unequal = welch_anova(samples);
    const AnalysisOfVariance equal = anova(samples);
    const AnalysisOfVariance spread = brown_forsythe(samples);
    const ChiSquaredTest scores = fligner_killeen(samples);
    Json r;
    r["kruskal"]["H"] = number(ranks.h);
    r["kruskal"]["df"] = ranks.df;
    r["kruskal"]["p"] = number(ranks.p);
    r["welch_anova"]["F"] = number(unequal.f);
    r["welch_anova"]["df1"] = number(unequal.df1);
    r["welch_anova"]["df2"] = number(unequal.df2);
    r["welch_anova"]["p"] = number(unequal.p);
    r["anova"]["F"] = number(equal.f);
    r["anova"]["p"] = number(equal.p);
    r["brown_forsythe"]["W"] = number(spread.f);
    r["brown_forsythe"]["p"] = number(spread.p);
    r["fligner"]["stat"] = number(scores.statistic);
    r["fligner"]["p"] = number(scores.p);
    if (const auto blocks = friedman(samples)) {
        r["friedman"]["chi2"] = number(blocks->statistic);
        r["friedman"]["p"] = number(blocks->p);
    }
    r["pairwise_brunner_munzel_holm"] = Json::array();
    for (const PairwiseTest& test : pairwise(samples)) {
        Json one;
        one["first"] = test.first;
        one["second"] = test.second;
        one["p_hat"] = number(test.p_hat);
        one["p"] = number(test.p);
        r["pairwise_brunner_munzel_holm"].push_back(one);
    }
    return r;
}

Json multiple_testing(const Inputs& inputs, const Json&) {
    const std::vector<double> p = inputs.sample("x");
    Json r;
    r["benjamini_hochberg"] = numbers(benjamini_hochberg(p));
    r["benjamini_yekutieli"] = numbers(benjamini_yekutieli(p));
    r["holm"] = numbers(holm(p));
    r["bonferroni"] = numbers(bonferroni(p));
    r["hochberg"] = numbers(hochberg(p));
    return r;
}

Json hierarchical_kalibera(const Inputs& inputs, const Json& params) {
    const Table& table = inputs.table("table");
    const Hierarchy levels = hierarchy(table.columns.back().values, repetitions_of(table));
    Json r;
    r["reps_high_to_low"] = levels.repetitions;
    r["mean"] = number(levels.mean);
    r["S2"] = numbers(levels.s2);
    r["T2"] = numbers(levels.t2);
    r["ci95_halfwidth"] = number(levels.half_width);
    if (params.contains("costs_high_to_low")) {
        const auto costs = params["costs_high_to_low"].get<std::vector<double>>();
        const std::vector<double> best = optimal_repetitions(levels, costs);
        for (std::size_t i = 0; i < best.size(); ++i) {
            Json& one = r["optimal_reps"][fmt::format("level{}", i + 1)];
            one["real"] = number(best[i]);
            one["ceil"] = number(std::ceil(best[i]));
        }
    }
    return r;
}

}  // namespace kmb::analysis::evaluators
