#include "analysis/stats/segmented.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "analysis/stats/descriptive.h"

namespace kmb::analysis {
namespace {

struct Fitted {
    Line line;
    double rss;
};

// Least squares about the means; a level where all x are equal.
Fitted fit(std::span<const double> x, std::span<const double> y) {
    const double mx = mean(x);
    const double my = mean(y);
    CompensatedSum xx;
    CompensatedSum xy;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx.add(two_prod(x[i] - mx, x[i] - mx));
        xy.add(two_prod(x[i] - mx, y[i] - my));
    }
    const double slope = xx.value() > 0 ? xy.value() / xx.value() : 0;
    CompensatedSum rss;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double rest = (y[i] - my) - slope * (x[i] - mx);
        rss.add(two_prod(rest, rest));
    }
    return {{my - slope * mx, slope}, rss.value()};
}

}  // namespace

TwoPhase two_phase(std::span<const double> x, std::span<const double> y, std::size_t min_segment) {
    const std::size_t n = x.size();
    if (y.size() != n || min_segment < 2 || n < 2 * min_segment) {
        throw std::invalid_argument("two lines: too few points for both; add points");
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> xs;
    std::vector<double> ys;
    for (std::size_t i : order) {
        xs.push_back(x[i]);
        ys.push_back(y[i]);
    }
    const std::span<const double> all_x(xs);
    const std::span<const double> all_y(ys);
    TwoPhase result{};
    result.rss_two = std::numeric_limits<double>::infinity();
    result.rss_one = fit(all_x, all_y).rss;
    for (std::size_t split = min_segment; split + min_segment <= n; ++split) {
        const Fitted left = fit(all_x.first(split), all_y.first(split));
        const Fitted right = fit(all_x.subspan(split), all_y.subspan(split));
        if (left.rss + right.rss < result.rss_two) {
            result.split = split;
            result.left = left.line;
            result.right = right.line;
            result.rss_two = left.rss + right.rss;
        }
    }
    result.f_known_break =
        (result.rss_one - result.rss_two) / 2 / (result.rss_two / (static_cast<double>(n) - 4));
    return result;
}

}  // namespace kmb::analysis
