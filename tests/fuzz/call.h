// What is called, before anything is: a case is a list of calls that follows from a
// seed and a number alone, so that it can be made again, whole or in part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kmb::fuzz {

// The generator of all chance here (Steele, Lea, Flood: SplitMix64, 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

  private:
    std::uint64_t state_;
};

struct Call {
    std::uint16_t operation = 0;  // row of operations()
    std::uint8_t thread = 0;
    std::uint8_t fail = 0;   // which fault point of the call is made to fail, 0: none
    std::uint64_t word = 0;  // all that the operation chooses follows from it
};

struct Case {
    std::size_t device = 0;  // index among `devices`
    std::size_t threads = 1;
    std::vector<Call> calls;
};

constexpr std::size_t kMaxThreads = 4;
constexpr std::size_t kCaseCalls = 2000;

Case make_case(std::uint64_t seed, std::uint64_t number, std::size_t devices);

}  // namespace kmb::fuzz
