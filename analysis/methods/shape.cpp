
#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/density.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/dip.h"
#include "analysis/stats/ticks.h"

namespace kmb::analysis::evaluators {

Json dip(const Inputs& inputs, const Json&) {
    const Sorted sorted(inputs.sample("x"));
    const Dip test = analysis::dip(sorted);
    Json r;
    r["n"] = sorted.size();
    r["D"] = number(test.d);
    r["p_interpolated"] = number(test.p);
    return r;
}

Json kde(const Inputs& inputs, const Json&) {
    const Sorted sorted(inputs.sample("x"));
    const double h = bandwidth_nrd0(sorted);
    const double silverman = bandwidth_normal(sorted);
    constexpr int kPoints = 7;
    std::vector<double> grid;
    const double from = sorted.min() - 3 * h;
    const double to = sorted.max() + 3 * h;
    for (int i = 0; i < kPoints; ++i) {
        grid.push_back(from + (to - from) * i / (kPoints - 1));
    }
    Json r;
    r["bw_nrd0"] = number(h);
    r["bw_silverman_4_3"] = number(silverman);
    r["bw_nrd"] = number(bandwidth_nrd(sorted));
    r["grid"] = numbers(grid);
    r["density_nrd0"] = numbers(density(sorted.values(), grid, h));
    r["density_silverman"] = numbers(density(sorted.values(), grid, silverman));
    return r;
}

Json quantization(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    const Sorted sorted(x);
    const Quantization q = analysis::quantization(sorted);
    const Tick tick = infer_tick(sorted);
    Json r;
    r["distinct"] = q.distinct;
    r["gcd_of_differences"] = q.gcd;
    r["min_positive_difference"] = number(q.min_difference);
    r["mode"] = number(q.mode);
    r["mode_count"] = q.mode_count;
    r["tie_fraction"] = q.tie_fraction;
    r["entropy_bits"] = q.entropy_bits;
    r["zero_count"] = q.zeros;
    r["var"] = number(variance(x));
    r["sheppard_var_gcd"] = number(q.sheppard_variance);
    r["inferred_tick"] = tick.size;
    return r;
}

}  // namespace kmb::analysis::evaluators
