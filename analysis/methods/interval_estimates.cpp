#include <fmt/format.h>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/bootstrap.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/median_bootstrap.h"

namespace kmb::analysis::evaluators {
namespace {

Json rank_interval(const RankInterval& interval) {
    Json r;
    r["conf"] = interval.level;
    r["k"] = interval.k;
    r["lower"] = number(interval.bounds.low);
    r["upper"] = number(interval.bounds.high);
    r["achieved_conf"] = number(interval.achieved);
    r["exact"] = interval.exact;
    return r;
}

Json ranks(const OrderInterval& interval) {
    Json r;
    r["l"] = interval.lower_rank;
    r["u"] = interval.upper_rank;
    r["lower"] = number(interval.low);
    r["upper"] = number(interval.high);
    return r;
}

Json ci(const Bounds& interval) {
    Json r;
    r["ci"] = bounds(interval);
    return r;
}

// As many resamples as take about 10^8 draws, so that short samples leave little to chance.
BootstrapOptions options_for(const Json& params, std::size_t n) {
    BootstrapOptions options;
    const std::size_t values = std::max<std::size_t>(n, 1);
    const auto affordable = [&](std::size_t draws) {
        return std::max<std::size_t>(draws / values, 1000);
    };
    options.replicates =
        count_of(params, "B", std::min<std::size_t>(affordable(120'000'000), 400'000),
                 affordable(2'000'000'000));
    options.seed = count_of(params, "seed", 1, std::numeric_limits<std::uint32_t>::max());
    return options;
}

void add_intervals(Json& r, const BootstrapIntervals& intervals) {
    r["percentile"] = ci(intervals.percentile);
    r["basic"] = ci(intervals.basic);
    if (intervals.bca_midp) {
        r["bca_midp"] = ci(*intervals.bca_midp);
    }
    if (intervals.bca_below) {
        r["bca_lt"] = ci(*intervals.bca_below);
    }
    if (intervals.studentized) {
        r["studentized"] = ci(*intervals.studentized);
    }
}

// "mean" or "median".
std::string statistic_of(const Json& params) {
    const std::string stat = params.value("stat", "median");
    if (stat != "mean" && stat != "median") {
        throw std::invalid_argument(
            fmt::format("bootstrap: statistic '{}' is neither mean nor median", stat));
    }
    return stat;
}

}  // namespace

Json t_ci(const Inputs& inputs, const Json&) {
    const std::vector<double> x = inputs.sample("x");
    Json r;
    r["mean"] = number(mean(x));
    r["sem"] = number(sem(x));
    r["df"] = static_cast<std::int64_t>(x.size()) - 1;
    for (double level : {0.9, 0.95, 0.99}) {
        const auto interval = t_interval(x, level);
        r[fmt::format("{}", level)] = interval ? bounds(*interval) : Json("undefined");
    }
    const auto geometric = geometric_interval(x);
    r["geomean_ci_0.95"] = geometric ? bounds(*geometric) : Json("undefined");
    return r;
}

Json order_stat_ci(const Inputs& inputs, const Json&) {
    const Sorted sorted(inputs.sample("x"));
    Json r;
    r["exact"] = Json::array();
    for (const auto& [p, level] :
         {std::pair{0.5, 0.95}, {0.5, 0.99}, {0.25, 0.95}, {0.9, 0.95}, {0.99, 0.95}}) {
        const OrderInterval interval = order_interval(sorted, p, level);
        Json one;
        one["p"] = p;
        one["conf"] = level;
        one.update(ranks(interval));
        one["achieved"] = number(interval.achieved);
        r["exact"].push_back(one);
    }
    r["median_normal_approx_rank_0p95"] = ranks(median_interval_normal(sorted));
    return r;
}

Json hodges_lehmann_1s(const Inputs& inputs, const Json& params) {
    const Sorted sorted(inputs.sample("x"));
    const std::size_t n = sorted.size();
    Json r;
    r["estimate"] = number(hodges_lehmann(sorted));
    r["n_walsh"] = n * (n + 1) / 2;
    if (const auto interval = signed_rank_interval(sorted, parameter(params, "conf", 0.95))) {
        r["signed_rank_ci"] = rank_interval(*interval);
    }
    return r;
}

Json hodges_lehmann_2s(const Inputs& inputs, const Json& params) {
    const Sorted x(inputs.sample("x"));
    const Sorted y(inputs.sample("y"));
    Json r;
    r["shift_x_minus_y"] = number(shift(x, y));
    if (const auto interval = shift_interval(x, y, parameter(params, "conf", 0.95))) {
        r["shift_ci"] = rank_interval(*interval);
    }
    r["ratio_x_over_y"] = number(ratio(x, y));
    r["disparity"] = number(disparity(x, y));
    return r;
}

Json bootstrap_ci(const Inputs& inputs, const Json& params) {
    const std::vector<double> x = inputs.sample("x");
    const double level = parameter(params, "conf", 0.95);
    const BootstrapOptions options = options_for(params, x.size());
    const Sorted sorted(x);
    const BootstrapIntervals intervals = statistic_of(params) == "mean"
                                             ? bootstrap_mean(x, options, level)
                                             : MedianBootstrap(sorted).intervals(level);
    Json r;
    r["estimate"] = number(intervals.estimate);
    r["B_total"] = options.replicates;
    r["conf"] = level;
    r["bootstrap_se"] = number(intervals.se);
    r["acceleration"] = number(intervals.acceleration);
    add_intervals(r, intervals);
    return r;
}

Json bootstrap_ideal(const Inputs& inputs, const Json& params) {
    const Sorted sorted(inputs.sample("x"));
    const double level = parameter(params, "conf", 0.95);
    Json r;
    r["conf"] = level;
    if (statistic_of(params) == "mean") {
        const auto interval = ideal_mean_interval(sorted, level);
        if (!interval) {
            throw std::invalid_argument("ideal bootstrap of the mean: at most 8 values");
        }
        r["lower"] = number(interval->low);
        r["upper"] = number(interval->high);
        r["rule"] = "inverse-CDF (type 1) of the exact n^n bootstrap distribution";
        return r;
    }
    const IdealMedian interval = ideal_median_interval(sorted, level);
    r["lower"] = number(sorted[interval.lower_rank - 1]);
    r["upper"] = number(sorted[interval.upper_rank - 1]);
    r["lower_order"] = interval.lower_rank;
    r["upper_order"] = interval.upper_rank;
    r["se"] = number(interval.se);
    return r;
}

Json block_bootstrap(const Inputs& inputs, const Json& params) {
    const std::vector<double> x = inputs.sample("x");
    const double level = parameter(params, "conf", 0.95);
    const auto block = count_of(params, "block", usual_block(x), x.size());
    const BootstrapOptions options = options_for(params, x.size());
    const BootstrapIntervals blocks = intervals_of_replicates(
        block_bootstrap_means(x, block, options), mean(x), std::nan(""), level);
    const BootstrapIntervals single = bootstrap_mean(x, options, level);
    Json r;
    r["block"]["length"] = block;
    r["block"]["estimate"] = number(blocks.estimate);
    r["block"]["bootstrap_se"] = number(blocks.se);
    r["block"]["percentile"] = ci(blocks.percentile);
    r["block"]["basic"] = ci(blocks.basic);
    r["iid"]["bootstrap_se"] = number(single.se);
    r["iid"]["percentile"] = ci(single.percentile);
    return r;
}

}  // namespace kmb::analysis::evaluators
