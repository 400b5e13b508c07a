// What the parts of analysis.json are written with. Only the files that write it include this.
// A namespace of its own: methods/values.h has a number() for another kind of Json.
#pragma once

#define JSON_DIAGNOSTICS 1
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/result.h"

namespace kmb::analysis::parts {

using Json = nlohmann::ordered_json;

inline Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

inline double number(const Json& json) {
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

template <typename T, typename Function>
inline Json list(const std::vector<T>& values, Function one) {
    Json json = Json::array();
    for (const auto& value : values) {
        json.push_back(one(value));
    }
    return json;
}

template <typename Function>
inline auto list(const Json& json, Function one) {
    std::vector<decltype(one(json))> values;
    for (const auto& entry : json.get_ref<const Json::array_t&>()) {
        values.push_back(one(entry));
    }
    return values;
}

inline Json write(const Estimate& estimate) {
    Json json = {{"value", number(estimate.value)}, {"interval", nullptr}};
    if (estimate.interval) {
        json["interval"] = {{"low", number(estimate.interval->low)},
                            {"high", number(estimate.interval->high)},
                            {"level", estimate.interval->level},
                            {"method", estimate.interval->method}};
    }
    return json;
}

inline Estimate read_estimate(const Json& json) {
    Estimate estimate{number(json.at("value")), std::nullopt};
    if (const Json& interval = json.at("interval"); !interval.is_null()) {
        estimate.interval = Interval{number(interval.at("low")), number(interval.at("high")),
                                     number(interval.at("level")), interval.at("method")};
    }
    return estimate;
}

inline Json write(const Parameter& one) {
    Json json = {{"name", one.name}, {"unit", one.unit}};
    json.update(write(one.estimate));
    return json;
}

inline Parameter read_parameter(const Json& json) {
    return {json.at("name"), json.at("unit"), read_estimate(json)};
}

// The lists of how times change with the size. Where a list is not there, nothing is read.
Json write_growth(const RunResult& run);
Json write_pieces(const RunResult& run);
Json write_crossovers(const RunResult& run);
void read_scaling(const Json& json, RunResult& run);

}  // namespace kmb::analysis::parts
