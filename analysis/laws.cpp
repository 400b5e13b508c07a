#include "analysis/laws.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/stats/regression.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr const char* kMethod = "t-hc3";

}  // namespace

Estimate estimate(double value, const Bounds& bounds, double level, const std::string& method) {
    Estimate result{value, std::nullopt};
    if (std::isfinite(bounds.low) && std::isfinite(bounds.high)) {
        result.interval = Interval{bounds.low, bounds.high, level, method};
    }
    return result;
}

bool Worst::curved() const {
    return std::abs(off) > kCurved || !std::isfinite(off);
}

Worst worst_of(const SweepPoints& points, const std::function<double(double)>& law) {
    Worst worst;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const double off = points.y[i] / law(points.x[i]) - 1;
        if (std::abs(off) > std::abs(worst.off) || !std::isfinite(off)) {
            worst = {off, points.x[i]};
        }
    }
    return worst;
}

std::string per(const std::string& unit, const std::string& sweep) {
    const bool plural = sweep.size() > 1 && sweep.back() == 's';
    return unit + "/" + (plural ? sweep.substr(0, sweep.size() - 1) : sweep);
}

Law affine_of(const SweepPoints& points, double (*g)(double), const std::string& unit,
              const std::string& per) {
    std::vector<double> grown;
    std::vector<double> weights;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        grown.push_back(g(points.x[i]));
        weights.push_back(1 / (points.y[i] * points.y[i]));
    }
    const auto [least, most] = std::minmax_element(points.y.begin(), points.y.end());
    if (*least == *most) {  // a cost that does not depend on the size, to the last digit
        const double a = *least;
        return {std::numeric_limits<double>::quiet_NaN(),
                {{"a", unit, estimate(a, {a, a}, kLevel, kMethod)},
                 {"b", per, estimate(0, {0, 0}, kLevel, kMethod)}},
                [a](double) { return a; }};
    }
    const LinearFit line = fit_weighted_line(grown, points.y, weights);
    const double a = line.coef[0];
    const double b = line.coef[1];
    return {line.r2,
            {{"a", unit, estimate(a, line.hc3_interval(0), line.level, kMethod)},
             {"b", per, estimate(b, line.hc3_interval(1), line.level, kMethod)}},
            [a, b, g](double x) { return a + b * g(x); }};
}

Law affine(const SweepPoints& points, const std::string& unit, const std::string& sweep) {
    return affine_of(
        points, [](double x) { return x; }, unit, per(unit, sweep));
}

Law power(const SweepPoints& points, const std::string& unit, const std::string&) {
    const LinearFit line = fit_power(points.x, points.y);
    const Bounds factor = line.hc3_interval(0);
    const double a = line.coef[0];
    const double b = line.coef[1];
    return {line.r2,
            {{"c", unit,
              estimate(std::exp(a), {std::exp(factor.low), std::exp(factor.high)}, line.level,
                       kMethod)},
             {"exponent", "", estimate(b, line.hc3_interval(1), line.level, kMethod)}},
            [a, b](double x) { return std::exp(a + b * std::log(x)); }};
}

}  // namespace kmb::analysis
