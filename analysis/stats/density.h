// The shape of a distribution: kernel density and its bandwidths.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// Silverman's rule of thumb, 0.9 min(sd, IQR / 1.34) n^(-1/5) (R's bw.nrd0; sd, |x_1| or
// 1 where that is 0), Scott's 1.06 instead of 0.9 (bw.nrd), and the normal reference
// sd (4 / 3 n)^(1/5).
double bandwidth_nrd0(const Sorted& sorted);
double bandwidth_nrd(const Sorted& sorted);
double bandwidth_normal(const Sorted& sorted);

// Sheather and Jones, J. Royal Statistical Society B 53 (1991), "solve the equation", over
// 1000 bins, to the precision of R's bw.SJ (a root to 1 % of the largest bandwidth looked
// at): close modes stay apart. NaN where it has no solution, and
// where the range is lost beside the offset.
double bandwidth_sheather_jones(const Sorted& sorted);

// Gaussian kernel density at each point, by direct summation. O(n points).
std::vector<double> density(std::span<const double> x, std::span<const double> points,
                            double bandwidth);

}  // namespace kmb::analysis
