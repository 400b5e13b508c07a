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
constexpr std::size_t kValuesPerCount = 8;  // counts of that many values fit nearer caches
constexpr std::size_t kLanes = 4;           // chains of additions that do not wait for each other

// Lowest and highest value, and whether all are integers below 2^51: so far the sum with
// 1.5 * 2^52 ends at the units, and what is left after taking that away is the value.
struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    bool integral = true;
};
Range range_of(const std::vector<double>& values) {
    constexpr double kExact = 0x1p51;
    constexpr double kUnits = 0x1.8p52;
    Range lanes[kLanes];
    const auto take = [](Range& lane, double v) {
        lane.low = v < lane.low ? v : lane.low;
        lane.high = v > lane.high ? v : lane.high;
        lane.integral &= (v + kUnits) - kUnits == v;
    };
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes) {
        for (std::size_t k = 0; k < kLanes; ++k) {
            take(lanes[k], values[i + k]);
        }
    }
    for (; i < values.size(); ++i) {
        take(lanes[0], values[i]);
    }
    Range range;
    for (const Range& lane : lanes) {
        range.low = std::min(range.low, lane.low);
        range.high = std::max(range.high, lane.high);
        range.integral = range.integral && lane.integral;
    }
    range.integral = range.integral && range.low > -kExact && range.high < kExact;
    return range;
}

// One digit for all: how often each value between the lowest and the highest occurs. Equal
// values come one after another, and would wait for the count before.
void sort_by_counting(std::vector<double>& values, double low, std::size_t width) {
    std::vector<std::uint32_t> counts[kLanes];
    for (auto& count : counts) {
        count.resize(width + 1);
    }
    const auto count = [&](std::size_t lane, double v) {
        ++counts[lane][static_cast<std::size_t>(static_cast<std::int64_t>(v - low))];
    };
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes) {
        for (std::size_t k = 0; k < kLanes; ++k) {
            count(k, values[i + k]);
        }
    }
    for (; i < values.size(); ++i) {
        count(0, values[i]);
    }
    auto place = values.begin();
    for (std::size_t at = 0; at <= width; ++at) {
        std::size_t times = 0;
        for (const auto& lane : counts) {
            times += lane[at];
        }
        place = std::fill_n(place, times, low + static_cast<double>(at));
    }
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
    if (width <= static_cast<double>(values.size() / kValuesPerCount)) {
        sort_by_counting(values, range.low, static_cast<std::size_t>(width));
    } else if (width < 0x1p32) {
        sort_offsets<std::uint32_t>(values, range.low, static_cast<std::uint64_t>(width));
    } else {
        sort_offsets<std::uint64_t>(values, range.low, static_cast<std::uint64_t>(width));
    }
    return true;
}

}  // namespace kmb::analysis
