#include "analysis/stats/integer_sort.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace kmb::analysis {
namespace {

constexpr unsigned kBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kBits;
constexpr std::size_t kFew = 512;

// Lowest and highest value, and whether all are integers that a double holds exactly.
struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    bool integral = true;
};
Range range_of(const std::vector<double>& values) {
    constexpr double kExact = 0x1p53;
    Range range;
    for (double v : values) {
        range.low = std::min(range.low, v);
        range.high = std::max(range.high, v);
        if (!(v > -kExact && v < kExact) ||
            static_cast<double>(static_cast<std::int64_t>(v)) != v) {
            range.integral = false;
            break;
        }
    }
    return range;
}

// Offsets from the lowest value, digit by digit; the last pass writes the values back.
template <typename Key>
void sort_offsets(std::vector<double>& values, double low, std::uint64_t width) {
    const std::size_t n = values.size();
    std::size_t passes = 1;
    while (passes * kBits < 64 && (width >> (passes * kBits)) != 0) {
        ++passes;
    }
    std::vector<std::array<std::uint32_t, kDigits>> counts(passes);
    for (auto& count : counts) {
        count.fill(0);
    }
    std::vector<Key> now(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto key = static_cast<Key>(static_cast<std::int64_t>(values[i] - low));
        now[i] = key;
        for (std::size_t p = 0; p < passes; ++p) {
            ++counts[p][(key >> (p * kBits)) & (kDigits - 1)];
        }
    }
    std::vector<Key> next(n);
    for (std::size_t p = 0; p < passes; ++p) {
        std::uint32_t place = 0;
        for (std::uint32_t& count : counts[p]) {
            const std::uint32_t here = count;
            count = place;
            place += here;
        }
        for (const Key key : now) {
            next[counts[p][(key >> (p * kBits)) & (kDigits - 1)]++] = key;
        }
        now.swap(next);
    }
    for (std::size_t i = 0; i < n; ++i) {
        values[i] = low + static_cast<double>(now[i]);
    }
}

}  // namespace

bool sort_integers(std::vector<double>& values) {
    if (values.size() < kFew || values.size() > std::numeric_limits<std::uint32_t>::max()) {
        return false;
    }
    const Range range = range_of(values);
    if (!range.integral) {
        return false;
    }
    const double width = range.high - range.low;
    if (!(width < 0x1p53)) {
        return false;
    }
    if (width < 0x1p32) {
        sort_offsets<std::uint32_t>(values, range.low, static_cast<std::uint64_t>(width));
    } else {
        sort_offsets<std::uint64_t>(values, range.low, static_cast<std::uint64_t>(width));
    }
    return true;
}

}  // namespace kmb::analysis
