// The evaluators, by the file they stand in.
#pragma once

#include "analysis/methods/method.h"

namespace kmb::analysis::evaluators {

using Evaluator = Json(const Inputs& inputs, const Json& params);

// location.cpp
Evaluator harrell_davis, huber, mad, robust_scale, summary;
// outlier_rules.cpp
Evaluator adjusted_boxplot, double_mad, gesd, modified_z, tukey_fences, zsigma_naive;
// interval_estimates.cpp
Evaluator block_bootstrap, bootstrap_ci, bootstrap_ideal, hodges_lehmann_1s, hodges_lehmann_2s,
    order_stat_ci, t_ci;
// two_samples.cpp
Evaluator brunner_munzel, effect_sizes, ks_cvm_ad, mann_whitney, paired, ratio_ci, t_tests;
// several_samples.cpp
Evaluator hierarchical_kalibera, k_samples, multiple_testing;
// sweeps.cpp
Evaluator bigo, loglog, nist_linreg, ols, quantile_regression, theil_sen, two_phase;
// series.cpp
Evaluator autocorrelation, change_points, nist_univariate, trend_stationarity;
// shape.cpp
Evaluator dip, kde, quantization;
// design.cpp
Evaluator power;
// policy.cpp
Evaluator degenerate, ktime_int64, nonfinite;
// scenarios.cpp
Evaluator scenarios;

}  // namespace kmb::analysis::evaluators
