#include "analysis/stats/hierarchy.h"

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"

namespace kmb::analysis {

Hierarchy hierarchy(std::span<const double> values, std::span<const std::size_t> repetitions,
                    double level) {
    const std::size_t product = std::accumulate(repetitions.begin(), repetitions.end(),
                                                std::size_t{1}, std::multiplies<>());
    if (repetitions.empty() || product != values.size()) {
        throw std::invalid_argument("hierarchy: the design is not balanced; drop the odd groups");
    }
    Hierarchy result;
    result.repetitions.assign(repetitions.begin(), repetitions.end());
    result.mean = mean(values);
    // From the lowest level upwards: the mean variance within groups, then their means.
    std::vector<double> now(values.begin(), values.end());
    for (std::size_t i = repetitions.size(); i > 0; --i) {
        const std::size_t r = repetitions[i - 1];
        if (r < 2) {
            throw std::invalid_argument("hierarchy: a level has one repetition; repeat it");
        }
        std::vector<double> variances;
        std::vector<double> means;
        for (std::size_t start = 0; start < now.size(); start += r) {
            const std::span<const double> group(now.data() + start, r);
            variances.push_back(variance(group));
            means.push_back(mean(group));
        }
        const double s2 = mean(variances);
        const double below =
            result.s2.empty() ? 0 : result.s2.back() / static_cast<double>(repetitions[i]);
        result.s2.push_back(s2);
        result.t2.push_back(s2 - below);
        now.swap(means);
    }
    const auto top = static_cast<double>(repetitions.front());
    result.half_width = t_critical(top - 1, level) * std::sqrt(result.s2.back() / top);
    return result;
}

std::vector<double> optimal_repetitions(const Hierarchy& hierarchy, std::span<const double> costs) {
    const std::size_t levels = hierarchy.t2.size();
    if (costs.size() != levels) {
        throw std::invalid_argument("hierarchy: one cost a level is needed");
    }
    std::vector<double> result;
    for (std::size_t i = 0; i + 1 < levels; ++i) {
        const double own = hierarchy.t2[i];
        const double above = hierarchy.t2[i + 1];
        const double cost = costs[levels - 2 - i] / costs[levels - 1 - i];
        result.push_back(!(own > 0)     ? 1
                         : !(above > 0) ? std::numeric_limits<double>::infinity()
                                        : std::sqrt(cost * own / above));
    }
    return result;
}

}  // namespace kmb::analysis
