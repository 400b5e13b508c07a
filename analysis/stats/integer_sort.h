// Times come in whole nanoseconds: they need no comparisons to be sorted.
#pragma once

#include <vector>

namespace kmb::analysis {

// Sorts ascending and returns true: by counting each value where there are many more of them
// than whole numbers between the lowest and the highest, else by least-significant-digit
// radix, as many 11-bit digits as the range needs. False, with nothing done, where a value is
// not an integer below 2^51 in size or there are too few values for it to pay.
bool sort_integers(std::vector<double>& values);

}  // namespace kmb::analysis
