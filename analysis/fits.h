// Laws through the medians of a sweep: cost a + b x bytes, scaling exponents.
#pragma once

#include <vector>

#include "analysis/sweep.h"

namespace kmb::analysis {

// All fits of a run, sorted by group and measure. A sweep over bytes gives lines of the
// times that grow with them, weighted by 1 / y^2 so that small sizes count; any other
// sweep gives the exponent of a power law over its last two decades. Of the medians of
// all samples. A fit covers as much of the sweep as follows its law. Groups with fewer points than
// a law needs give no fit.
std::vector<Fit> fit_all(const RunResult& run);

}  // namespace kmb::analysis
