#include "bench/sample.h"

#include <fmt/core.h>

#include <charconv>
#include <stdexcept>

namespace kmb::bench {

std::string Point::name() const {
    std::string text = module + "/" + operation;
    for (const auto& [key, value] : coordinates) {
        text += fmt::format("/{}={}", key, value);
    }
    return text;
}

const std::string& Point::at(std::string_view key) const {
    for (const auto& coordinate : coordinates) {
        if (coordinate.key == key) {
            return coordinate.value;
        }
    }
    throw std::out_of_range(fmt::format("{}: no coordinate '{}'", name(), key));
}

std::int64_t Point::number(std::string_view key) const {
    const std::string& text = at(key);
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end) {
        throw std::invalid_argument(fmt::format("{}: '{}' is not a number", name(), key));
    }
    return value;
}

}  // namespace kmb::bench
