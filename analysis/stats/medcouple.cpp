#include "analysis/stats/medcouple.h"

#include <limits>
#include <vector>

namespace kmb::analysis {
namespace {

// Deviations from the median: below it (as positive numbers), equal, above.
struct Halves {
    std::vector<double> below;  // descending distance
    std::vector<double> above;  // ascending distance
    std::int64_t ties = 0;
};

Halves split(const Sorted& sorted) {
    const double m = median(sorted);
    Halves halves;
    for (double v : sorted.values()) {
        if (v < m) {
            halves.below.push_back(m - v);
        } else if (v > m) {
            halves.above.push_back(v - m);
        } else {
            ++halves.ties;
        }
    }
    return halves;
}

// Pairs of a value below and one above the median with kernel <= v. The kernel
// (b - a) / (b + a) of the distances a, b falls with a and rises with b.
std::int64_t count_proper(const Halves& halves, double v) {
    std::int64_t count = 0;
    std::size_t j = 0;  // above[0..j) have kernel <= v
    // From the nearest a to the farthest: the farther a, the more b qualify.
    for (std::size_t i = halves.below.size(); i-- > 0;) {
        const double a = halves.below[i];
        while (j < halves.above.size() && (halves.above[j] - a) / (halves.above[j] + a) <= v) {
            ++j;
        }
        count += static_cast<std::int64_t>(j);
    }
    return count;
}

}  // namespace

KernelMedian medcouple(const Sorted& sorted) {
    if (sorted.empty()) {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        return {nan, nan};
    }
    const Halves halves = split(sorted);
    const auto below = static_cast<std::int64_t>(halves.below.size());
    const auto above = static_cast<std::int64_t>(halves.above.size());
    const std::int64_t ties = halves.ties;
    const std::int64_t total = (below + ties) * (above + ties);
    // A tie with the median counts -1 against a value below, +1 against one above;
    // among themselves p ties give p zeros and as many -1 as +1.
    const std::int64_t minus = below * ties + ties * (ties - 1) / 2;
    const auto count = [&](double v) {
        std::int64_t n = count_proper(halves, v);
        n += v >= -1 ? minus : 0;
        n += v >= 0 ? ties : 0;
        n += v >= 1 ? ties * above + ties * (ties - 1) / 2 : 0;
        return n;
    };
    return median_kernel(-1, 1, total, count);
}

}  // namespace kmb::analysis
