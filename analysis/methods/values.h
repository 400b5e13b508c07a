// Results as JSON: numbers that JSON has no words for become strings.
#pragma once

#include <cmath>
#include <optional>
#include <span>

#include "analysis/methods/method.h"
#include "analysis/stats/intervals.h"

namespace kmb::analysis {

inline Json number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "Infinity" : "-Infinity";
    }
    return value;
}

inline Json numbers(std::span<const double> values) {
    Json array = Json::array();
    for (double value : values) {
        array.push_back(number(value));
    }
    return array;
}

inline Json bounds(const Bounds& interval) {
    return Json::array({number(interval.low), number(interval.high)});
}

inline double parameter(const Json& params, const char* name, double otherwise) {
    const auto found = params.find(name);
    return found != params.end() && found->is_number() ? found->get<double>() : otherwise;
}

}  // namespace kmb::analysis
