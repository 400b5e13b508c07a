// Hartigan and Hartigan's test of unimodality, Annals of Statistics 13 (1985).
#pragma once

#include "analysis/stats/quantiles.h"

namespace kmb::analysis {

// D, the largest distance between the empirical distribution and the nearest unimodal
// one, at least 1 / (2 n). O(n) but for sorting. p by interpolation of sqrt(n) D in a
// table of simulated quantiles; 1 - p is the share of uniform samples with a smaller D.
// p is 1 below 4 values; both are NaN below 2 and where all are equal. On ticking data every
// tick is a mode: spread the values over their ticks first.
struct Dip {
    double d;
    double p;
};
Dip dip(const Sorted& sorted);

}  // namespace kmb::analysis
