// What the sort case sorts: an array that is another one in every repetition, and what it
// must become.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/case.h"
#include "sort_core.h"

namespace kmb::bench {

// Of a point: type, pattern, n, and, where it has them, record and order.
class SortInput {
  public:
    explicit SortInput(const Point& point)
        : name_(point.name()),
          type_(static_cast<sort_type>(index_of(sort_type_names, point.at("type"), point))),
          pattern_(
              static_cast<sort_pattern>(index_of(sort_pattern_names, point.at("pattern"), point))),
          layout_(layout_of(point)),
          n_(static_cast<std::size_t>(point.number("n"))),
          bytes_(n_ * sort_layout_size(type_, &layout_)),
          words_((bytes_ + 7) / 8) {}

    void fill(std::uint64_t seed) {
        sort_layout_fill(data(), n_, type_, &layout_, pattern_, seed);
        expected_ = sort_layout_check(data(), n_, type_, &layout_) | 1;
    }

    // In the order that is meant, and the same elements as before.
    void verify() const {
        const std::uint64_t check = sort_layout_check(words_.data(), n_, type_, &layout_);
        if ((check & 1) == 0) {
            throw WrongResult(fmt::format("{}: the result is not sorted", name_));
        }
        if (check != expected_) {
            throw WrongResult(fmt::format("{}: the result has other elements", name_));
        }
    }

    [[nodiscard]] void* data() { return words_.data(); }
    [[nodiscard]] std::size_t n() const { return n_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] sort_type type() const { return type_; }
    [[nodiscard]] sort_pattern pattern() const { return pattern_; }
    [[nodiscard]] const sort_layout& layout() const { return layout_; }
    [[nodiscard]] std::uint64_t expected() const { return expected_; }
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    template <std::size_t N>
    static unsigned index_of(const char* const (&names)[N], const std::string& name,
                             const Point& point) {
        const auto at = std::find(std::begin(names), std::end(names), name);
        if (at == std::end(names)) {
            throw std::invalid_argument(fmt::format("{}: no such name: {}", point.name(), name));
        }
        return static_cast<unsigned>(at - std::begin(names));
    }

    static sort_layout layout_of(const Point& point) {
        sort_layout layout{};
        for (const auto& [key, value] : point.coordinates) {
            if (key == "record") {
                layout.record = static_cast<std::uint32_t>(point.number("record"));
            }
            if (key == "order") {
                layout.descending = value == "descending";
            }
        }
        return layout;
    }

    std::string name_;
    sort_type type_;
    sort_pattern pattern_;
    sort_layout layout_;
    std::size_t n_;
    std::size_t bytes_;
    std::vector<std::uint64_t> words_;
    std::uint64_t expected_ = 0;
};

}  // namespace kmb::bench
