#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/planning.h"

namespace kmb::analysis::evaluators {

// What can be planned depends on what is given: an effect, a coefficient of variation, or
// a level of confidence alone.
Json power(const Inputs&, const Json& params) {
    const double level = parameter(params, "conf", 0.95);
    Json r;
    if (params.contains("effect_d")) {
        const double effect = parameter(params, "effect_d", 0.5);
        const double alpha = parameter(params, "alpha", 0.05);
        const double power = parameter(params, "power", 0.8);
        const double theta = theta_of_effect(effect);
        r["two_sample_t_n_per_group"] = number(size_two_sample(effect, alpha, power));
        r["paired_t_n"] = number(size_paired(effect, alpha, power));
        r["normal_approx_n_per_group"] = number(size_normal(effect, alpha, power));
        r["noether_mann_whitney_total_N"] = number(size_mann_whitney(theta, alpha, power));
        r["noether_theta"] = number(theta);
        r["power_at_n30_per_group"] = number(power_two_sample(effect, 30, alpha));
    } else if (params.contains("cv")) {
        r["n_normal"] = size_for_halfwidth(parameter(params, "cv", 0.1),
                                           parameter(params, "rel_halfwidth", 0.01), level);
    } else {
        r["n"] = size_for_quantile(0.5, level);
    }
    return r;
}

}  // namespace kmb::analysis::evaluators
