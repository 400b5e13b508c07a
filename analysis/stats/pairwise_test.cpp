// Fast ways through all pairs, against writing all pairs down.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/stats/bootstrap.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/hodges_lehmann.h"
#include "analysis/stats/median_bootstrap.h"
#include "analysis/stats/pair_select.h"
#include "analysis/stats/random.h"
#include "analysis/stats/scale.h"
#include "analysis/stats/theil_sen.h"

namespace kmb::analysis {
namespace {

// Values on a grid of `step`, or on none for 0: with a coarse grid most pairs tie.
std::vector<double> sample(std::size_t n, double step, std::uint64_t seed) {
    Random random(seed);
    std::vector<double> x(n);
    for (double& v : x) {
        v = 1000 + 200 * random.uniform() * random.uniform();
        v = step > 0 ? step * std::round(v / step) : v;
    }
    return x;
}

double median_of_all(std::vector<double> values) {
    return median(Sorted::adopt([&] {
        std::sort(values.begin(), values.end());
        return values;
    }()));
}

TEST(Pairwise, MediansAreThoseOfAllPairs) {
    for (double step : {0.0, 1.0, 40.0}) {
        for (std::size_t n : {2U, 3U, 50U, 301U}) {
            const std::vector<double> x = sample(n, step, n);
            const std::vector<double> y = sample(n + 7, step, n + 1);
            std::vector<double> means, differences, distances;
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = i; j < n; ++j) {
                    means.push_back((x[i] + x[j]) / 2);
                    if (j > i) {
                        distances.push_back(std::abs(x[i] - x[j]));
                    }
                }
                for (double v : y) {
                    differences.push_back(x[i] - v);
                }
            }
            EXPECT_DOUBLE_EQ(hodges_lehmann(x), median_of_all(means)) << n << " " << step;
            EXPECT_NEAR(shift(Sorted(x), Sorted(y)), median_of_all(differences), 1e-12)
                << n << " " << step;
            EXPECT_NEAR(shamos(Sorted(x)), median_of_all(distances), 1e-12) << n << " " << step;
        }
    }
}

// Beyond some thousand distinct values a thinned copy guides the search.
TEST(Pairwise, AThinnedGuideChangesNothing) {
    const std::vector<double> x = sample(20000, 0, 5);
    const Sorted sorted(x);
    const PairMeans means(sorted);
    const double estimate = means.at(means.count() / 3);
    std::int64_t below = 0;
    std::int64_t up_to = 0;
    std::size_t low = sorted.size();
    std::size_t high = sorted.size();
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        while (low > 0 && (sorted[i] + sorted[low - 1]) / 2 >= estimate) {
            --low;
        }
        while (high > 0 && (sorted[i] + sorted[high - 1]) / 2 > estimate) {
            --high;
        }
        below += static_cast<std::int64_t>(low > i ? low - i : 0);
        up_to += static_cast<std::int64_t>(high > i ? high - i : 0);
    }
    EXPECT_LT(below, means.count() / 3);
    EXPECT_GE(up_to, means.count() / 3);
}

TEST(Pairwise, SlopesByInversionsAreThoseOfAllPairs) {
    for (double step : {0.0, 1.0, 40.0}) {
        for (std::size_t n : {513U, 1200U}) {
            const std::vector<double> y = sample(n, step, n);
            std::vector<double> x = sample(n, step > 0 ? 1 : 0, n + 1);
            std::vector<double> slopes;
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = i + 1; j < n; ++j) {
                    if (x[i] != x[j]) {
                        slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
                    }
                }
            }
            std::sort(slopes.begin(), slopes.end());
            const PairwiseSlopes fast(x, y);
            ASSERT_EQ(fast.count(), static_cast<std::int64_t>(slopes.size()));
            for (double share : {0.01, 0.3, 0.5, 0.8}) {
                const auto rank =
                    static_cast<std::int64_t>(share * static_cast<double>(slopes.size()));
                EXPECT_NEAR(fast.at(rank), slopes[static_cast<std::size_t>(rank) - 1], 1e-12)
                    << n << " " << step << " " << share;
            }
            EXPECT_NEAR(fast.median(), median_of_all(slopes), 1e-12) << n << " " << step;
        }
    }
}

TEST(Scale, SnAndQnAreThoseOfAllPairs) {
    for (std::size_t n : {2U, 5U, 10U, 41U, 60U}) {
        const std::vector<double> x = sample(n, 0, n);
        std::vector<double> outer, distances;
        for (std::size_t i = 0; i < n; ++i) {
            std::vector<double> row;
            for (std::size_t j = 0; j < n; ++j) {
                row.push_back(std::abs(x[i] - x[j]));
                if (j > i) {
                    distances.push_back(row.back());
                }
            }
            std::sort(row.begin(), row.end());
            outer.push_back(row[n / 2]);
        }
        std::sort(outer.begin(), outer.end());
        std::sort(distances.begin(), distances.end());
        const std::size_t h = n / 2 + 1;
        EXPECT_NEAR(sn_scale(Sorted(x)).raw, 1.1926 * outer[(n + 1) / 2 - 1], 1e-12) << n;
        EXPECT_NEAR(qn_scale(Sorted(x)).raw, 2.21914 * distances[h * (h - 1) / 2 - 1], 1e-12) << n;
    }
}

TEST(Bootstrap, ThreadsChangeNoBit) {
    const Sorted sorted(sample(101, 1, 3));
    BootstrapOptions options;
    options.replicates = 5000;
    const Replicates one = bootstrap_joint(sorted, options);
    options.threads = 3;
    const Replicates three = bootstrap_joint(sorted, options);
    EXPECT_EQ(one.mean, three.mean);
    EXPECT_EQ(one.sd, three.sd);
    EXPECT_EQ(one.median, three.median);
    EXPECT_EQ(one.mad, three.mad);
}

// Each replicate's four statistics belong to one resample of the sample.
TEST(Bootstrap, JointStatisticsFitTogether) {
    const Sorted two(std::vector<double>{10, 20});
    BootstrapOptions options;
    options.replicates = 400;
    const Replicates r = bootstrap_joint(two, options);
    int mixed = 0;
    for (std::size_t k = 0; k < options.replicates; ++k) {
        const bool both = r.mean[k] == 15;
        mixed += both ? 1 : 0;
        EXPECT_EQ(r.median[k], r.mean[k]);
        EXPECT_NEAR(r.sd[k], both ? std::sqrt(50.0) : 0, 1e-12);
        EXPECT_EQ(r.mad[k], both ? 5 : 0);
    }
    EXPECT_GT(mixed, 150);
    EXPECT_LT(mixed, 250);
}

// Against resamples that are written down and sorted: few values and many, ties, both ways of
// drawing, more values than orders of them are kept for.
TEST(Bootstrap, JointStatisticsAreThoseOfTheResample) {
    for (std::size_t n : {1U, 2U, 5U, 8U, 99U, 100U, 257U, 600U}) {
        const Sorted sorted(sample(n, n % 2 == 0 ? 1 : 0, n));
        BootstrapOptions options;
        options.replicates = 300;
        const Replicates r = bootstrap_joint(sorted, options);
        const std::size_t each = n <= 256 ? 4 : 2;
        Random random(options.seed, 0);
        for (std::size_t k = 0; k < options.replicates; ++k) {
            std::vector<double> drawn;
            for (std::uint64_t bits = 0; drawn.size() < n;) {
                bits = drawn.size() % each == 0 ? random() : bits;
                drawn.push_back(sorted[Random::take_index(bits, static_cast<std::uint32_t>(n))]);
            }
            const Sorted again(drawn);
            EXPECT_EQ(r.median[k], median(again)) << n << " " << k;
            EXPECT_EQ(r.mad[k], mad(drawn)) << n << " " << k;
            EXPECT_NEAR(r.mean[k], mean(drawn), 1e-12 * std::abs(mean(drawn)) + 1e-12) << n;
            if (n > 1) {
                EXPECT_NEAR(r.sd[k], sd(drawn), 1e-7 * sd(sorted.values())) << n;
            }
        }
    }
}

// The closed form is what very many resamples tend to, for odd and for even numbers.
TEST(Bootstrap, ClosedMedianIsTheLimitOfResampling) {
    for (std::size_t n : {15U, 20U, 150U}) {
        const Sorted sorted(sample(n, 1, n));
        BootstrapOptions options;
        options.replicates = 200000;
        const Replicates r = bootstrap_joint(sorted, options);
        const MedianBootstrap closed(sorted);
        EXPECT_NEAR(closed.se(), sd(r.median), 0.01 * closed.se()) << n;
        for (double v : {sorted[n / 2], sorted[n / 2 - 1], sorted[n / 3]}) {
            const auto share =
                static_cast<double>(std::count_if(r.median.begin(), r.median.end(),
                                                  [v](double m) { return m <= v; })) /
                static_cast<double>(options.replicates);
            EXPECT_NEAR(closed.at_most(v), share, 0.006) << n << " " << v;
        }
    }
}

}  // namespace
}  // namespace kmb::analysis
