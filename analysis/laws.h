// Laws through the points of a sweep, with what they say at a size.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/stats/intervals.h"
#include "analysis/sweep.h"

namespace kmb::analysis {

inline constexpr double kCurved = 0.1;  // relative distance from a law that is worth a warning

// Parameters and what the law says at x.
struct Law {
    double r_squared;
    std::vector<Parameter> parameters;
    std::function<double(double)> at;
};

// a + b g(x), weighted by 1 / y^2, intervals of Student's t on HC3 errors; `per` is the unit of b.
// Needs three points.
Law affine_of(const SweepPoints& points, double (*g)(double), const std::string& unit,
              const std::string& per);
Law affine(const SweepPoints& points, const std::string& unit, const std::string& sweep);
// c x^exponent, by logarithms.
Law power(const SweepPoints& points, const std::string& unit, const std::string& sweep);

// "ns/byte" of "ns" and "bytes".
std::string per(const std::string& unit, const std::string& sweep);

// An estimate with these bounds, without an interval where they are not finite.
Estimate estimate(double value, const Bounds& bounds, double level, const std::string& method);

// Where the points are farthest from a law: y / law - 1.
struct Worst {
    double off = 0;
    double at = 0;
    [[nodiscard]] bool curved() const;
};
Worst worst_of(const SweepPoints& points, const std::function<double(double)>& law);

}  // namespace kmb::analysis
