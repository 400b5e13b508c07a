// JSON that somebody else wrote.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace kmb::analysis {

// Our files nest less than ten levels. Copying and writing a value take a stack frame for
// each level, so that a megabyte of brackets would end the program.
inline constexpr int kDeepestJson = 100;

// Throws Json::exception where it is no JSON, std::runtime_error with `name` where it is too
// deep.
template <typename Json>
Json parse_json(const std::string& text, const std::string& name) {
    return Json::parse(text, [&name](int depth, typename Json::parse_event_t, Json&) {
        if (depth > kDeepestJson) {
            throw std::runtime_error(name + ": values inside values, more than " +
                                     std::to_string(kDeepestJson) + " levels deep");
        }
        return true;
    });
}

}  // namespace kmb::analysis
