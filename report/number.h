// Numbers as text: grouped by thousands, with as many digits as their interval
// carries.
#pragma once

#include <string>

#include "analysis/result.h"

namespace kmb::report {

// "1,234,567.9": `decimals` digits behind the point, rounded half to even by the
// C library. Negative decimals round to tens, hundreds and so on. NaN gives "-".
std::string grouped(double value, int decimals);
// A whole number, grouped.
std::string grouped(std::size_t value);

// An estimate and its interval, both to two significant digits of half the
// interval's width (JCGM 100:2008, 7.2.6: one digit more would say nothing), or of
// its shorter side where the interval is lop-sided.
struct Rounded {
    std::string value;
    std::string interval;  // "[1,230, 1,240]"; empty when of no width or not there
};

// `least` is the finest digit worth showing: 1 means that tenths are shown at
// most. An estimate without an interval is shown to that digit; one whose interval has
// no width is exact, and is shown without zeros at its end.
Rounded rounded(const analysis::Estimate& estimate, int least);

// `value` as fine as the interval of `estimate`, for a companion that has none.
std::string alike(double value, const analysis::Estimate& estimate, int least);

// `value` with `digits` significant digits, grouped; a whole number without a
// fraction. As a power of ten only below 1e-5 and from 1e15.
std::string significant(double value, int digits);

// A change in per cent, with its sign: "+1.2 %", "0 %".
std::string percent(double share);

}  // namespace kmb::report
