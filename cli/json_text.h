// JSON as the verbs print it.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace kmb::cli {

using Json = nlohmann::ordered_json;

// null for what is no finite number: JSON has no word for it.
inline Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// A name that was damaged may not be UTF-8; it is shown, not fatal.
inline std::string json_text(const Json& value) {
    return value.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace kmb::cli
