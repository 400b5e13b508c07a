// Location, spread and quantiles of one measure, with intervals that know how many
// independent values there were and how coarse the clock was.
#pragma once

#include <span>
#include <vector>

#include "analysis/result.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

struct SummaryOptions {
    double effective = 0;  // independent values; 0: as many as there are
    double tick = 0;       // of the clock, unit of the values; 0 for counts, which are exact
    bool mean_interval = true;
};

// Values in any order. Intervals of quantiles are of order statistics at the effective n.
// Where one is narrower than a few ticks, equal values are spread evenly over their tick
// first: the clock cannot show a median between two ticks, but the shares beside it do.
// NaN for no values.
Summary summarize(std::span<const double> values, const SummaryOptions& options = {});
Summary summarize(std::span<const double> values, const Sorted& sorted,
                  const SummaryOptions& options);

// One quantile in that way.
Estimate order_estimate(const Sorted& sorted, double p, const SummaryOptions& options);

}  // namespace kmb::analysis
