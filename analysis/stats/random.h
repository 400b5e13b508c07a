// Random numbers that are the same on every machine: xoshiro256++ (Blackman and Vigna,
// ACM Trans. Math. Softw. 47, 2021), seeded by SplitMix64. Streams of different numbers
// are independent, so that work may be split in any way without changing a result.
#pragma once

#include <bit>
#include <cstdint>

namespace kmb::analysis {

class Random {
  public:
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0) {
        std::uint64_t x = seed + stream * 0xd1342543de82ef95U;
        for (std::uint64_t& word : state_) {
            x += 0x9e3779b97f4a7c15U;
            std::uint64_t z = x;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
            word = z ^ (z >> 31);
        }
    }

    std::uint64_t operator()() {
        const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // 0 <= index < n < 2^32, from 32 random bits: uneven by less than n / 2^32.
    static std::uint32_t index(std::uint32_t bits, std::uint32_t n) {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>(bits) * n) >> 32);
    }
    std::uint32_t below(std::uint32_t n) {
        return index(static_cast<std::uint32_t>((*this)() >> 32), n);
    }

    // 0 <= u < 1.
    double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

  private:
    std::uint64_t state_[4];
};

}  // namespace kmb::analysis
