#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/methods/families.h"
#include "analysis/methods/values.h"
#include "analysis/stats/complexity.h"
#include "analysis/stats/quantile_regression.h"
#include "analysis/stats/regression.h"
#include "analysis/stats/segmented.h"
#include "analysis/stats/theil_sen.h"

namespace kmb::analysis::evaluators {
namespace {

// The rows of "xy" that are finite in both columns.
struct Points {
    std::vector<double> x;
    std::vector<double> y;
};
Points points_of(const Inputs& inputs) {
    const std::vector<double>& x = inputs.column("xy", 0);
    const std::vector<double>& y = inputs.column("xy", 1);
    Points points;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (std::isfinite(x[i]) && std::isfinite(y[i])) {
            points.x.push_back(x[i]);
            points.y.push_back(y[i]);
        }
    }
    if (points.x.empty()) {
        throw std::invalid_argument("input 'xy' has no finite point");
    }
    return points;
}

Json coefficients(const LinearFit& fit) {
    Json intervals = Json::array();
    for (const Bounds& interval : fit.ci) {
        intervals.push_back(bounds(interval));
    }
    Json r;
    r["coef"] = numbers(fit.coef);
    r["se"] = numbers(fit.se);
    r["rss"] = number(fit.rss);
    r["df"] = fit.df;
    r["sigma"] = number(fit.sigma);
    r["r2"] = number(fit.r2);
    r["r2_kind"] = fit.centered ? "centered" : "uncentered";
    r["n"] = fit.n;
    r["t"] = numbers(fit.t);
    r["p"] = numbers(fit.p);
    r["ci95"] = intervals;
    r["adj_r2"] = number(fit.adj_r2);
    r["F"] = number(fit.f);
    r["aic_n_log_rss"] = number(fit.aic);
    r["aicc_n_log_rss"] = number(fit.aicc);
    r["bic_n_log_rss"] = number(fit.bic);
    r["se_hc3"] = numbers(fit.se_hc3);
    r["loocv_mse"] = number(fit.loocv_mse);
    r["max_leverage"] = number(fit.max_leverage);
    return r;
}

}  // namespace

Json ols(const Inputs& inputs, const Json& params) {
    return coefficients(
        fit_line(inputs.column("xy", 0), inputs.column("xy", 1), params.value("intercept", true)));
}

Json loglog(const Inputs& inputs, const Json&) {
    const Points points = points_of(inputs);
    return coefficients(fit_power(points.x, points.y));
}

// A polynomial in x of params.degree where there are two columns x and y; y on all other
// columns where the first is y.
Json nist_linreg(const Inputs& inputs, const Json& params) {
    const Table& table = inputs.table("xy");
    for (const Column& column : table.columns) {
        if (!std::all_of(column.values.begin(), column.values.end(),
                         [](double v) { return std::isfinite(v); })) {
            throw std::invalid_argument("linear regression: a value is not finite");
        }
    }
    const bool intercept = params.value("intercept", true);
    const Column* y = table.find("y");
    if (y == nullptr) {
        throw std::invalid_argument("linear regression: there is no column y");
    }
    Design design(table.rows());
    if (table.columns.size() == 2 && table.find("x") != nullptr) {
        design.powers(table.find("x")->values, intercept ? 0 : 1,
                      static_cast<int>(count_of(params, "degree", 1, table.rows())));
    } else {
        if (intercept) {
            design.constant();
        }
        for (const Column& column : table.columns) {
            if (column.name != "y") {
                design.column(column.values);
            }
        }
    }
    return coefficients(least_squares(design, y->values));
}

Json theil_sen(const Inputs& inputs, const Json&) {
    const auto [x, y] = points_of(inputs);
    const TheilSen line = analysis::theil_sen(x, y);
    Json r;
    r["n_slopes"] = line.slopes;
    r["slope"] = number(line.slope);
    r["intercept_separate"] = number(line.intercept_separate);
    r["intercept_joint"] = number(line.intercept_joint);
    r["sen_ci95_scipy"] = bounds(line.ci);
    constexpr std::size_t kQuadratic = 5000;  // Siegel's line takes n^2 steps
    if (x.size() <= kQuadratic) {
        const Siegel repeated = siegel(x, y);
        r["siegel_slope"] = number(repeated.slope);
        r["siegel_intercept_separate"] = number(repeated.intercept_separate);
    }
    r["kendall_tau_b"] = number(kendall_tau_b(x, y));
    return r;
}

Json quantile_regression(const Inputs& inputs, const Json& params) {
    const Points points = points_of(inputs);
    const QuantileLine line =
        analysis::quantile_regression(points.x, points.y, parameter(params, "tau", 0.5));
    Json r;
    r["intercept"] = number(line.intercept);
    r["slope"] = number(line.slope);
    r["objective"] = number(line.objective);
    return r;
}

Json bigo(const Inputs& inputs, const Json&) {
    const auto [n, y] = points_of(inputs);
    Json r;
    std::vector<OriginFit> origin;
    const std::vector<AffineFit> affine = fit_growth(n, y);
    const auto laws = growth_laws();
    for (const GrowthLaw& law : laws) {
        origin.push_back(fit_through_origin(law, n, y));
        Json& one = r["through_origin"][std::string(law.name)];
        one["coef"] = number(origin.back().coef);
        one["normalized_rms"] = number(origin.back().normalized_rms);
    }
    r["gbench_choice"] = laws[best_through_origin(origin)].name;
    for (std::size_t k = 0; k < laws.size(); ++k) {
        Json& one = r["affine_relative_weighted"][std::string(laws[k].name)];
        one["coef"] = numbers(affine[k].coef);
        one["rel_rss"] = number(affine[k].relative_rss);
        one["aicc"] = number(affine[k].aicc);
        one["akaike_weight"] = number(affine[k].weight);
    }
    r["aicc_choice"] = laws[best_growth(affine)].name;
    return r;
}

Json two_phase(const Inputs& inputs, const Json&) {
    const Points points = points_of(inputs);
    const TwoPhase fit = analysis::two_phase(points.x, points.y);
    Json r;
    r["split_index"] = fit.split;
    r["rss_two"] = number(fit.rss_two);
    r["rss_one"] = number(fit.rss_one);
    r["left"] = Json::array({number(fit.left.intercept), number(fit.left.slope)});
    r["right"] = Json::array({number(fit.right.intercept), number(fit.right.slope)});
    r["F_known_break"] = number(fit.f_known_break);
    return r;
}

}  // namespace kmb::analysis::evaluators
