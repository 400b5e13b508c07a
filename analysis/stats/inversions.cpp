#include "analysis/stats/inversions.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kmb::analysis {
namespace {

constexpr std::size_t kRun = 16;  // sorted by insertion before merging starts

std::int64_t sort_run(double* first, double* last) {
    std::int64_t count = 0;
    for (double* i = first + 1; i < last; ++i) {
        const double value = *i;
        double* j = i;
        for (; j > first && *(j - 1) > value; --j) {
            *j = *(j - 1);
        }
        *j = value;
        count += i - j;
    }
    return count;
}

// Merges [first, middle) and [middle, last) into `out`.
std::int64_t merge(const double* first, const double* middle, const double* last, double* out) {
    const double* left = first;
    const double* right = middle;
    std::int64_t count = 0;
    while (left < middle && right < last) {
        const bool wrong = *left > *right;
        *out++ = wrong ? *right : *left;
        count += wrong ? middle - left : 0;
        right += wrong ? 1 : 0;
        left += wrong ? 0 : 1;
    }
    std::copy(right, last, std::copy(left, middle, out));
    return count;
}

}  // namespace

std::int64_t count_inversions(std::span<const double> x) {
    const std::size_t n = x.size();
    std::vector<double> now(x.begin(), x.end());
    std::vector<double> next(n);
    std::int64_t count = 0;
    for (std::size_t i = 0; i < n; i += kRun) {
        count += sort_run(now.data() + i, now.data() + std::min(i + kRun, n));
    }
    for (std::size_t width = kRun; width < n; width *= 2) {
        for (std::size_t i = 0; i < n; i += 2 * width) {
            const std::size_t middle = std::min(i + width, n);
            const std::size_t end = std::min(i + 2 * width, n);
            count += merge(now.data() + i, now.data() + middle, now.data() + end, next.data() + i);
        }
        now.swap(next);
    }
    return count;
}

}  // namespace kmb::analysis
