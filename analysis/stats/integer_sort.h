// Times come in whole nanoseconds: they need no comparisons to be sorted.
#pragma once

#include <vector>

namespace kmb::analysis {

// Sorts ascending by least-significant-digit radix, as many 11-bit digits as the range
// needs, and returns true; false, with nothing done, where a value is not an integer below
// 2^53 in size or there are too few values for it to pay.
bool sort_integers(std::vector<double>& values);

}  // namespace kmb::analysis
