#include "analysis/stats/descriptive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace kmb::analysis {
namespace {

// NIST NumAcc3 and NumAcc4 by their rule: 0.2 above an offset, then 500 times 0.1, 0.3.
// E[x^2] - E[x]^2 in double gives sd 0 for the second.
std::vector<double> alternating(double offset) {
    std::vector<double> x{offset + 0.2};
    for (int i = 0; i < 500; ++i) {
        x.push_back(offset + 0.1);
        x.push_back(offset + 0.3);
    }
    return x;
}

TEST(Descriptive, VarianceSurvivesAnOffsetOfTenMillion) {
    EXPECT_NEAR(sd(alternating(1e6)), 0.1, 1e-9);
    EXPECT_NEAR(sd(alternating(1e7)), 0.1, 1e-9);
    EXPECT_NEAR(mean(alternating(1e7)), 10000000.2, 2e-9);
}

TEST(Descriptive, VarianceOfIntegersAtAnEpochOffsetIsExact) {
    std::vector<double> x;
    for (int i = 0; i < 101; ++i) {
        x.push_back(1.7e15 + i);
    }
    EXPECT_EQ(variance(x), 858.5);  // (101^2 - 1) / 12 * 101 / 100
}

TEST(Descriptive, SumDoesNotLoseSmallTermsBesideLargeOnes) {
    const std::vector<double> x{1e16, 1, -1e16, 1};
    EXPECT_EQ(sum(x), 2.0);
}

TEST(Descriptive, UndefinedStatisticsAreNaN) {
    const std::vector<double> none;
    const std::vector<double> one{42.0};
    EXPECT_TRUE(std::isnan(mean(none)));
    EXPECT_EQ(mean(one), 42.0);
    EXPECT_TRUE(std::isnan(variance(one)));
    EXPECT_TRUE(std::isnan(shape(std::vector<double>(5, 7.0)).skew_g1));
    EXPECT_TRUE(std::isnan(geometric_mean(std::vector<double>{1, 0})));
}

TEST(Descriptive, ShapeOfAKnownSample) {
    // By hand: mean 3, m2 2, m3 0, m4 6.8.
    const std::vector<double> x{1, 2, 3, 4, 5};
    EXPECT_NEAR(shape(x).skew_g1, 0, 1e-15);
    EXPECT_NEAR(shape(x).exkurt_g2, -1.3, 1e-14);
    EXPECT_NEAR(shape(x).exkurt_G2, -1.2, 1e-14);
}

TEST(Descriptive, TrimmingCutsWholeValuesFromBothEnds) {
    const std::vector<double> x{0, 1, 2, 3, 100};
    EXPECT_EQ(trimmed_mean(x, 0.2), 2.0);
    EXPECT_EQ(trimmed_mean(x, 0.1), 21.2);
    EXPECT_EQ(winsorized(x, 0.2).mean, 2.0);
    EXPECT_EQ(winsorized(x, 0.2).variance, 1.0);
}

}  // namespace
}  // namespace kmb::analysis
