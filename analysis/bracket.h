// What measuring cost, taken off again: the empty bracket of a module, measured in the same
// run, subtracted from what that module's work took, with the uncertainty of both.
#pragma once

#include "analysis/result.h"

namespace kmb::analysis {

// a - b with an interval from the intervals of both, which need not be symmetric: "mover",
// the method of variance estimates recovery (Donner and Zou 2012, Stat. Methods Med. Res. 21,
// 347-359). None where one of them has none.
Estimate difference(const Estimate& a, const Estimate& b);

// Fills `net` of every series that ran in a kernel, whose primary measure is its whole
// bracket, and whose module has a series MODULE/nop/call=bracket in this run.
void subtract_bracket(RunResult& run);

}  // namespace kmb::analysis
