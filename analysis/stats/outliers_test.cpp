#include "analysis/stats/outliers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "analysis/stats/medcouple.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

TEST(Outliers, AConstantSampleHasNone) {
    const std::vector<double> x(20, 7.0);
    EXPECT_TRUE(tukey(x).all().empty());
    EXPECT_TRUE(modified_z(x).outliers.empty());
    EXPECT_EQ(modified_z(x).rule, ModifiedZ::Rule::constant);
    EXPECT_TRUE(double_mad_outliers(x).outliers.empty());
    EXPECT_TRUE(adjusted_boxplot(x).outliers.empty());
    EXPECT_TRUE(sigma_rule(x).empty());
    EXPECT_TRUE(gesd(x).outliers.empty());
}

TEST(Outliers, OneSpikeAboveEqualValuesIsFoundWithoutDividingByAZeroMad) {
    std::vector<double> x(20, 10.0);
    x[19] = 500;
    EXPECT_EQ(tukey(x).high_severe, Indices{19});
    EXPECT_EQ(modified_z(x).rule, ModifiedZ::Rule::mean_ad_fallback);
    EXPECT_EQ(modified_z(x).outliers, Indices{19});
}

TEST(Outliers, LowOutliersAreSeenToo) {
    const std::vector<double> x{10, 11, 12, 13, 14, 15, 16, -500};
    EXPECT_EQ(tukey(x).low_severe, Indices{7});
    EXPECT_EQ(modified_z(x).outliers, Indices{7});
    EXPECT_EQ(double_mad_outliers(x).outliers, Indices{7});
}

TEST(Outliers, SigmaRuleIsMaskedByTheSpikesThatItShouldFind) {
    std::vector<double> x{10, 11, 12, 13, 14, 15, 16, 1000, 1000, 1000};
    EXPECT_TRUE(sigma_rule(x).empty());
    EXPECT_EQ(modified_z(x).outliers, (Indices{7, 8, 9}));
}

TEST(Outliers, LocalRuleLetsAStepPassAndCatchesASpike) {
    std::vector<double> x;
    for (int i = 0; i < 400; ++i) {
        x.push_back((i < 200 ? 100.0 : 300.0) + i % 7);
    }
    x[50] = 400;
    EXPECT_EQ(local_spikes(x), Indices{50});
}

// The definition, in words: all pairs, sorted.
double slow_medcouple(std::vector<double> x) {
    std::sort(x.begin(), x.end());
    const double m = median(Sorted(x));
    std::vector<double> low, high, kernel;
    for (double v : x) {
        if (v <= m) {
            low.push_back(v);
        }
        if (v >= m) {
            high.push_back(v);
        }
    }
    const auto ties = static_cast<long>(std::count(x.begin(), x.end(), m));
    const auto first_tie = static_cast<long>(low.size()) - ties;
    for (std::size_t i = 0; i < low.size(); ++i) {
        for (std::size_t j = 0; j < high.size(); ++j) {
            if (low[i] == m && high[j] == m) {
                const long s = ties - 1 - (static_cast<long>(i) - first_tie) - static_cast<long>(j);
                kernel.push_back(s > 0 ? 1 : s < 0 ? -1 : 0);
            } else {
                kernel.push_back(((high[j] - m) - (m - low[i])) / (high[j] - low[i]));
            }
        }
    }
    return median(std::span<const double>(kernel));
}

TEST(Medcouple, EqualsTheSlowDefinitionOnRandomSamplesWithTies) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<double> x(1 + random() % 40);
        for (double& v : x) {
            const double u = static_cast<double>(random() % 1000) / 100;
            v = round % 2 == 0 ? std::floor(u) : std::exp(u / 3);
        }
        EXPECT_NEAR(medcouple(Sorted(x)).value(), slow_medcouple(x), 1e-12) << "round " << round;
    }
}

TEST(Gesd, FindsTheOutliersOfRosnersExample) {
    // NIST handbook 1.3.5.17.3: three outliers, R1 = 3.118, lambda1 = 3.158 and so on.
    const std::vector<double> x{-0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49,
                                1.49,  1.55, 1.56, 1.58, 1.65, 1.69, 1.70, 1.76, 1.77, 1.81, 1.91,
                                1.94,  1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26,
                                2.35,  2.37, 2.40, 2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93,
                                3.21,  3.26, 3.30, 3.59, 3.68, 4.30, 4.64, 5.34, 5.42, 6.01};
    const Gesd found = gesd(x);
    EXPECT_NEAR(found.statistic[0], 3.118, 1e-3);
    EXPECT_NEAR(found.critical[0], 3.158, 1e-3);
    EXPECT_EQ(found.outliers, (Indices{53, 52, 51}));
}

}  // namespace
}  // namespace kmb::analysis
