// The kinds of calls, a row each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "world.h"

namespace kmb::fuzz {

// Error numbers that a call may end with.
class Errors {
  public:
    constexpr Errors(std::initializer_list<int> numbers) {
        for (const int number : numbers) {
            bits_[static_cast<unsigned>(number) / 64] |= bit(number);
        }
    }
    [[nodiscard]] constexpr bool has(int number) const {
        return number > 0 && number < 128 &&
               (bits_[static_cast<unsigned>(number) / 64] & bit(number)) != 0;
    }

  private:
    static constexpr std::uint64_t bit(int number) {
        return std::uint64_t{1} << (static_cast<unsigned>(number) % 64);
    }
    std::uint64_t bits_[2] = {0, 0};
};

struct Operation {
    const char* name;
    unsigned weight;  // relative to the other rows
    // Makes the call. Returns 0, or the error number of a call that failed.
    int (*act)(World& world, Random& random, std::size_t thread);
    Errors errors;
    // What a fault that was made to happen may add.
    Errors faults;
};

std::span<const Operation> operations();
constexpr std::size_t kMaxOperations = 48;

}  // namespace kmb::fuzz
