// Results as JSON: numbers that JSON has no words for become strings.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

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

// A parameter that counts something, of which there can be no more than `most`.
inline std::size_t count_of(const Json& params, const char* name, std::size_t otherwise,
                            std::size_t most) {
    const double value = parameter(params, name, static_cast<double>(otherwise));
    if (!(value >= 0 && value <= static_cast<double>(most))) {
        throw std::invalid_argument(std::string(name) + ": 0 to " + std::to_string(most) +
                                    " is possible here");
    }
    return static_cast<std::size_t>(value);
}

}  // namespace kmb::analysis
