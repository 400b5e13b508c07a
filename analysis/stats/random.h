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

    // 0 <= index < n. What the product leaves over in `bits` is as random as they were, less
    // log2 n of them, and gives the next index (Brackett-Rozinsky and Lemire, "Batched ranged
    // random integer generation", 2024): k of them together are uneven by less than n^k / 2^64.
    static std::uint32_t take_index(std::uint64_t& bits, std::uint32_t n) {
        __extension__ using Product = unsigned __int128;
        const Product product = static_cast<Product>(bits) * n;
        bits = static_cast<std::uint64_t>(product);
        return static_cast<std::uint32_t>(product >> 64);
    }
    std::uint32_t below(std::uint32_t n) {
        std::uint64_t bits = (*this)();
        return take_index(bits, n);
    }

    // 0 <= u < 1.
    double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

  private:
    std::uint64_t state_[4];
};

}  // namespace kmb::analysis
