#include "analysis/stats/k_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/multiplicity.h"
#include "analysis/stats/rank_tests.h"
#include "analysis/stats/ranks.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> pooled(const Samples& samples) {
    std::vector<double> all;
    for (const auto& sample : samples) {
        all.insert(all.end(), sample.begin(), sample.end());
    }
    return all;
}

// The pooled values cut back into samples.
Samples split_like(const std::vector<double>& all, const Samples& samples) {
    Samples result;
    auto from = all.begin();
    for (const auto& sample : samples) {
        const auto to = from + static_cast<std::ptrdiff_t>(sample.size());
        result.emplace_back(from, to);
        from = to;
    }
    return result;
}

// sum n_i (mean_i - mean)^2
double between_squares(const Samples& samples) {
    const double centre = mean(pooled(samples));
    CompensatedSum sum;
    for (const auto& sample : samples) {
        const double d = mean(sample) - centre;
        sum.add(static_cast<double>(sample.size()) * d * d);
    }
    return sum.value();
}

Samples deviations_from_median(const Samples& samples) {
    Samples result;
    for (const auto& sample : samples) {
        const double centre = median(std::span<const double>(sample));
        result.emplace_back();
        for (double v : sample) {
            result.back().push_back(std::abs(v - centre));
        }
    }
    return result;
}

}  // namespace

KruskalWallis kruskal_wallis(const Samples& samples) {
    const std::vector<double> all = pooled(samples);
    const auto n = static_cast<double>(all.size());
    const Samples ranks = split_like(midranks(all), samples);
    const double correction = 1 - tied_groups(Sorted(all)).cubic / (n * n * n - n);
    const std::size_t df = samples.size() - 1;
    if (!(correction > 0)) {
        return {kNaN, df, kNaN};
    }
    const double h = 12 / (n * (n + 1)) * between_squares(ranks) / correction;
    return {h, df, chi_squared_upper(h, static_cast<double>(df))};
}

AnalysisOfVariance anova(const Samples& samples) {
    double within = 0;
    double n = 0;
    for (const auto& sample : samples) {
        within += variance(sample) * static_cast<double>(sample.size() - 1);
        n += static_cast<double>(sample.size());
    }
    const auto k = static_cast<double>(samples.size());
    const double f = between_squares(samples) / (k - 1) / (within / (n - k));
    return {f, k - 1, n - k,
            std::isfinite(f) ? f_upper(f, k - 1, n - k)
            : std::isnan(f)  ? kNaN
                             : 0};
}

AnalysisOfVariance welch_anova(const Samples& samples) {
    const auto k = static_cast<double>(samples.size());
    double total = 0;
    double weighted = 0;
    for (const auto& sample : samples) {
        const double weight = static_cast<double>(sample.size()) / variance(sample);
        total += weight;
        weighted += weight * mean(sample);
    }
    const double centre = weighted / total;
    double between = 0;
    double lambda = 0;
    for (const auto& sample : samples) {
        const double weight = static_cast<double>(sample.size()) / variance(sample);
        const double d = mean(sample) - centre;
        between += weight * d * d;
        lambda +=
            (1 - weight / total) * (1 - weight / total) / static_cast<double>(sample.size() - 1);
    }
    const double scale = 1 + 2 * (k - 2) / (k * k - 1) * lambda;
    const double f = between / (k - 1) / scale;
    const double df2 = (k * k - 1) / (3 * lambda);
    return {f, k - 1, df2, std::isfinite(f) ? f_upper(f, k - 1, df2) : kNaN};
}

AnalysisOfVariance brown_forsythe(const Samples& samples) {
    return anova(deviations_from_median(samples));
}

ChiSquaredTest fligner_killeen(const Samples& samples) {
    std::vector<double> scores = midranks(pooled(deviations_from_median(samples)));
    const auto n = static_cast<double>(scores.size());
    for (double& score : scores) {
        score = normal_quantile(score / (2 * (n + 1)) + 0.5);
    }
    const double spread = variance(scores);
    if (!(spread > 0)) {
        return {kNaN, kNaN};
    }
    const double statistic = between_squares(split_like(scores, samples)) / spread;
    return {statistic, chi_squared_upper(statistic, static_cast<double>(samples.size() - 1))};
}

std::optional<ChiSquaredTest> friedman(const Samples& samples) {
    const std::size_t k = samples.size();
    const std::size_t n = samples.front().size();
    const bool equal = std::all_of(samples.begin(), samples.end(),
                                   [n](const auto& sample) { return sample.size() == n; });
    if (k < 3 || !equal || n == 0) {
        return std::nullopt;
    }
    std::vector<double> sums(k, 0.0);
    double ties = 0;
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<double> block;
        for (const auto& sample : samples) {
            block.push_back(sample[i]);
        }
        const std::vector<double> ranks = midranks(block);
        for (std::size_t j = 0; j < k; ++j) {
            sums[j] += ranks[j];
        }
        ties += tied_groups(Sorted(block)).cubic;
    }
    const auto columns = static_cast<double>(k);
    const auto rows = static_cast<double>(n);
    double squares = 0;
    for (double sum : sums) {
        squares += (sum - rows * (columns + 1) / 2) * (sum - rows * (columns + 1) / 2);
    }
    const double correction = 1 - ties / (rows * columns * (columns * columns - 1));
    const double statistic = 12 / (rows * columns * (columns + 1)) * squares / correction;
    return ChiSquaredTest{statistic, chi_squared_upper(statistic, columns - 1)};
}

std::vector<PairwiseTest> pairwise(const Samples& samples) {
    std::vector<Sorted> sorted;
    for (const auto& sample : samples) {
        sorted.emplace_back(sample);
    }
    std::vector<PairwiseTest> tests;
    std::vector<double> p;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        for (std::size_t j = i + 1; j < sorted.size(); ++j) {
            const BrunnerMunzel test = brunner_munzel(sorted[i], sorted[j]);
            // Samples that do not overlap have no variance, but all orders are as unlikely.
            const MannWhitney order = mann_whitney(sorted[i], sorted[j]);
            p.push_back(test.defined ? test.p_two : order.all_tied ? 1 : order.corrected.p);
            tests.push_back({i, j, test.p_hat, 0});
        }
    }
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < tests.size(); ++i) {
        tests[i].p = adjusted[i];
    }
    return tests;
}

}  // namespace kmb::analysis
