// What is said of samples that most methods are not made for, and of whole situations.
#include <algorithm>
#include <stdexcept>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/dip.h"
#include "analysis/stats/effect_sizes.h"
#include "analysis/stats/finite.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/rank_tests.h"
#include "analysis/stats/scale.h"
#include "analysis/stats/t_tests.h"

namespace kmb::analysis::evaluators {
namespace {

Json or_undefined(double value) {
    return std::isnan(value) ? Json("undefined") : number(value);
}

Json one_sample(const std::vector<double>& x) {
    Json r;
    r["no_crash"] = true;
    if (x.empty()) {
        r["summary"] = "error:empty";
        return r;
    }
    const Sorted sorted(x);
    const double m = mean(x);
    const bool constant = sorted.min() == sorted.max();
    const TukeyFences fences = tukey(x);
    const ModifiedZ z = analysis::modified_z(x);
    const OrderInterval interval = order_interval(sorted, 0.5);
    const Bounds ends{interval.low, interval.high};
    const auto student = t_interval(x);
    r["mean"] = number(m);
    r["median"] = number(median(sorted));
    r["var"] = number(variance(x));
    r["sd"] = number(sd(x));
    r["cv"] = number(m == 0 ? std::nan("") : sd(x) / m);
    r["mad_raw"] = number(analysis::mad(x));
    r["iqr"] = number(quartiles(sorted).iqr());
    r["hl"] = number(hodges_lehmann(sorted));
    r["geomean"] = or_undefined(geometric_mean(x));
    r["tukey_outliers"] = fences.all();
    r["tukey_high_severe"] = fences.high_severe;
    r["modified_z_rule"] = name(z.rule);
    r["modified_z_outliers"] = z.outliers;
    r["t_ci"] = student ? bounds(*student) : Json("undefined");
    r["order_ci_median"] = bounds(ends);
    r["order_ci_median_95"] = bounds(ends);
    r["r1"] = number(analysis::autocorrelation(x));
    r["ess"] = constant ? Json("undefined") : number(effective_size(x));
    r["dip_defined"] = !std::isnan(analysis::dip(sorted).d);
    if (constant && m == 0) {
        r["verdict"] = "timer too coarse";
    }
    return r;
}

Json two_samples(const std::vector<double>& x, const std::vector<double>& y) {
    const Sorted sorted_x(x);
    const Sorted sorted_y(y);
    const MannWhitney ranks = analysis::mann_whitney(sorted_x, sorted_y);
    const TTest test = welch(x, y);
    Json r;
    r["mann_whitney_p"] = ranks.all_tied ? Json(1) : number(ranks.corrected.p);
    r["cliffs_delta"] = cliffs_delta(pair_order(sorted_x, sorted_y));
    const double difference = shift(sorted_x, sorted_y);
    r["shift"] = number(difference);
    r["welch"] = test.defined ? number(test.p_two) : Json("undefined (zero variance)");
    // Without any spread the clock hides it: one tick may be all the difference there is.
    if (!test.defined) {
        r["verdict"] = difference == 0
                           ? "indistinguishable"
                           : "different; quantized: difference is below/at one tick unless tick<1";
    }
    r["no_nan"] = std::none_of(r.begin(), r.end(), [](const Json& v) { return v == "NaN"; });
    return r;
}

}  // namespace

Json degenerate(const Inputs& inputs, const Json&) {
    if (inputs.has("values")) {
        return one_sample(inputs.sample("values"));
    }
    const std::vector<double> x = inputs.sample("x");
    const std::vector<double> y = inputs.sample("y");
    if (x.empty() || y.empty()) {
        throw std::invalid_argument("two samples: one has no finite value");
    }
    return two_samples(x, y);
}

Json nonfinite(const Inputs& inputs, const Json& params) {
    const FiniteValues finite = keep_finite(inputs.column("x", 0));
    Json r;
    r["n_total"] = finite.total;
    r["n_nan"] = finite.nan;
    r["n_inf"] = finite.infinite;
    r["finite_summary"] = summary(inputs, params);
    return r;
}

Json ktime_int64(const Inputs& inputs, const Json&) {
    const Table& table = inputs.table("pairs");
    if (table.columns.size() < 2 || table.columns[0].integers.empty() ||
        table.columns[1].integers.empty()) {
        throw std::invalid_argument("pairs: two columns of integers are needed");
    }
    const std::vector<std::int64_t>& start = table.columns[0].integers;
    const std::vector<std::int64_t>& end = table.columns[1].integers;
    std::vector<std::int64_t> deltas;
    std::vector<std::size_t> negative;
    std::vector<std::size_t> lossy;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
        std::int64_t delta = 0;
        if (__builtin_sub_overflow(end[i], start[i], &delta) ||
            __builtin_add_overflow(sum, delta, &sum)) {
            throw std::invalid_argument("pairs: times too far apart for 64 bits");
        }
        deltas.push_back(delta);
        if (delta < 0) {
            negative.push_back(i);
        }
        if (static_cast<double>(end[i]) - static_cast<double>(start[i]) !=
            static_cast<double>(delta)) {
            lossy.push_back(i);
        }
    }
    Json r;
    r["deltas"] = deltas;
    r["sum"] = sum;
    r["min"] = *std::min_element(deltas.begin(), deltas.end());
    r["max"] = *std::max_element(deltas.begin(), deltas.end());
    r["negative_indices"] = negative;
    r["deltas_if_parsed_as_double_before_subtracting_differ_at"] = lossy;
    return r;
}

}  // namespace kmb::analysis::evaluators
