#include "analysis/stats/quantiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "analysis/stats/random.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

TEST(Quantiles, TypesDifferAsHyndmanAndFanSay) {
    const Sorted x(std::vector<double>{9, 5, 5});
    EXPECT_EQ(quantile(x, 0.75, QuantileType::type6), 9.0);
    EXPECT_EQ(quantile(x, 0.75, QuantileType::type7), 7.0);
    EXPECT_NEAR(quantile(x, 0.75, QuantileType::type8), 25.0 / 3, 1e-14);
}

TEST(Quantiles, EndsAreTheExtremes) {
    const Sorted x(std::vector<double>{3, 1, 2});
    EXPECT_EQ(quantile(x, 0), 1.0);
    EXPECT_EQ(quantile(x, 1), 3.0);
    EXPECT_EQ(quantile(x, 0.999, QuantileType::type6), 3.0);
}

TEST(Quantiles, RoundingOfThePositionDoesNotMoveAQuantile) {
    // (11 - 1) * 0.3 + 1 is 4 but for rounding; 0.29999999999999998 is not 0.3.
    std::vector<double> x;
    for (int i = 0; i <= 10; ++i) {
        x.push_back(i * 1e6);
    }
    EXPECT_EQ(quantile(Sorted(x), 0.3), 3e6);
}

TEST(Quantiles, MedianOfUnsortedValuesIsThatOfSortedOnes) {
    const std::vector<double> odd{5, 1, 4, 2, 3};
    const std::vector<double> even{5, 1, 4, 2};
    EXPECT_EQ(median(odd), 3.0);
    EXPECT_EQ(median(even), 3.0);
    EXPECT_EQ(median(Sorted(even)), 3.0);
    EXPECT_TRUE(std::isnan(median(std::vector<double>{})));
}

TEST(Scale, MadIsTakenAboutTheMedianNotOverUnsortedData) {
    const std::vector<double> x{100, 1, 2, 3, 4};
    EXPECT_EQ(mad(x), 1.0);
    const DoubleMad both = double_mad(Sorted(x));
    EXPECT_EQ(both.median, 3.0);
    EXPECT_EQ(both.lower, 1.0);
    EXPECT_EQ(both.upper, 1.0);
}

// Integers take other ways to the same order, negative ones, narrow and wide ranges
// included; one value that is none, wherever it stands, sends all the usual way.
TEST(Sorted, IntegersSortAsOtherNumbersDo) {
    for (double scale : {0.0, 3.0, 624.0, 2e3, 5e6, 1e12, 4e15, 1e18}) {
        std::vector<double> x;
        std::uint64_t state = 7;
        for (int i = 0; i < 5003; ++i) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            const double u = static_cast<double>(state >> 11) * 0x1p-53;
            x.push_back(std::floor((u - 0.5) * scale));
        }
        for (const double odd : {x[0], 0.5, 1e300, -std::numeric_limits<double>::infinity()}) {
            for (const std::size_t at : {0U, 1U, 2U, 3U, 5000U, 5002U}) {
                std::vector<double> with = x;
                with[at] = odd;
                std::vector<double> expected = with;
                std::sort(expected.begin(), expected.end());
                const Sorted sorted(with);
                EXPECT_TRUE(std::equal(expected.begin(), expected.end(), sorted.values().begin()))
                    << scale << " " << odd << " at " << at;
            }
        }
    }
}

// Merged from both sides of the centre, or all distances partitioned: the same number.
TEST(Mad, OfSortedValuesIsTheSameToTheLastBit) {
    Random random(5);
    for (const double step : {0.0, 20.0}) {
        for (const std::size_t n : {1U, 2U, 3U, 20U, 301U}) {
            std::vector<double> x(n);
            for (double& v : x) {
                v = 1000 + 200 * random.uniform() * random.uniform();
                v = step > 0 ? step * std::round(v / step) : v;
            }
            const Sorted sorted(x);
            for (const double centre : {median(sorted), sorted.min() - 1, sorted.max(), 1070.0}) {
                EXPECT_EQ(mad(sorted, centre), mad(x, centre)) << n << ", " << centre;
            }
        }
    }
    EXPECT_TRUE(std::isnan(mad(Sorted(std::vector<double>{}), 0)));
}

}  // namespace
}  // namespace kmb::analysis
