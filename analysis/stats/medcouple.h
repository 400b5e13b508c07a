// The medcouple, a robust measure of skewness in [-1, 1].
#pragma once

#include "analysis/stats/kernel_select.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Median of ((b - m) - (m - a)) / (b - a) over all a <= m <= b, m the median (Brys,
// Hubert and Struyf, J. Comput. Graph. Stat. 13, 2004; ties with the median by their
// rule). Exact, O(n) a step. Where the number of pairs is even, the two middle kernel
// values are kept apart: some programs return the lower one. {NaN, NaN} for no values,
// {0, 0} for one.
KernelMedian medcouple(const Sorted& sorted);

}  // namespace kmb::analysis
