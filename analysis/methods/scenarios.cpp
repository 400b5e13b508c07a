// Whole situations: one series to be described, or two to be compared.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/change_points.h"
#include "analysis/stats/dependence.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/modes.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/rank_tests.h"
#include "analysis/stats/ticks.h"

namespace kmb::analysis::evaluators {
namespace {

std::vector<double> not_empty(const Inputs& inputs, const char* name) {
    std::vector<double> sample = inputs.sample(name);
    if (sample.empty()) {
        throw std::invalid_argument(std::string("scenario: input '") + name +
                                    "' has no finite value");
    }
    return sample;
}

// Steady from the last change of level on, outliers labelled, modes kept.
Json describe(const std::vector<double>& x) {
    const Tick tick = infer_tick(Sorted(x));
    const Segmentation levels =
        optimal_partition(x, SegmentCost::rank_l2, usual_penalty(x, SegmentCost::rank_l2));
    const std::size_t from = levels.points.empty() ? 0 : levels.points.back();
    const std::vector<double> steady(x.begin() + static_cast<std::ptrdiff_t>(from), x.end());
    const Sorted sorted(steady);
    const Indices outliers = double_mad_outliers(steady, 10 / 1.4826).outliers;
    Json r;
    r["tick"] = tick.size;
    r["steady_from"] = from;
    r["steady_median"] = number(median(sorted));
    r["outlier_rate"] = static_cast<double>(outliers.size()) / static_cast<double>(steady.size());
    r["modes"] = Json::array();
    for (const Mode& mode : modes(sorted, tick.coarse ? tick.size : 0)) {
        Json one;
        one["location"] = number(mode.median);
        one["share"] = mode.share;
        r["modes"].push_back(one);
    }
    r["n_modes"] = r["modes"].size();
    r["labelled_only"] = true;  // nothing is removed, no mode is called an outlier
    return r;
}

// The shift b - a and its interval, from the normal approximation of U widened to the
// number of independent values.
struct Shift {
    double estimate;
    Bounds ci;
    double effective_a;
    double effective_b;
};
Shift shift_of(const std::vector<double>& a, const std::vector<double>& b) {
    const Sorted sorted_a(a);
    const Sorted sorted_b(b);
    const double na = effective_size(a);
    const double nb = effective_size(b);
    const auto naive = shift_interval(sorted_b, sorted_a);
    const double estimate = shift(sorted_b, sorted_a);
    const double size = static_cast<double>(a.size()) * static_cast<double>(b.size()) /
                        static_cast<double>(a.size() + b.size());
    const double widen = std::sqrt(size / (na * nb / (na + nb)));
    return {estimate,
            {estimate - (estimate - naive->bounds.low) * widen,
             estimate + (naive->bounds.high - estimate) * widen},
            na,
            nb};
}

Json compare(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> both(a);
    both.insert(both.end(), b.begin(), b.end());
    const Tick tick = infer_tick(Sorted(both));
    const Shift found = shift_of(a, b);
    const bool apart = found.ci.low > 0 || found.ci.high < 0;
    const bool dependent = found.effective_a < 0.7 * static_cast<double>(a.size()) ||
                           found.effective_b < 0.7 * static_cast<double>(b.size());
    // Where neither sample varies, the clock hides whatever they differ by.
    const bool frozen = Sorted(both).min() == Sorted(both).max();
    const bool below_clock = frozen || (tick.coarse && std::abs(found.estimate) < tick.size);
    Json r;
    r["shift"] = number(found.estimate);
    r["shift_ci"] = bounds(found.ci);
    r["ratio"] = number(ratio(Sorted(b), Sorted(a)));
    r["ess_a"] = number(found.effective_a);
    r["ess_b"] = number(found.effective_b);
    r["tick"] = tick.size;
    r["verdict"] = below_clock ? "indistinguishable at clock resolution"
                   : apart     ? found.estimate > 0 ? "b slower" : "b faster"
                   : dependent ? "no difference once autocorrelation is accounted for"
                               : "no difference found";
    r["no_nan"] = std::none_of(r.begin(), r.end(), [](const Json& v) { return v == "NaN"; });
    return r;
}

}  // namespace

Json scenarios(const Inputs& inputs, const Json&) {
    if (inputs.has("a")) {
        return compare(not_empty(inputs, "a"), not_empty(inputs, "b"));
    }
    return describe(not_empty(inputs, "x"));
}

}  // namespace kmb::analysis::evaluators
