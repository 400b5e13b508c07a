// Laws of growth: what is named, and when nothing is.
#include "analysis/stats/complexity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace kmb::analysis {
namespace {

std::vector<double> doubling(double from, double to) {
    std::vector<double> n;
    for (double size = from; size <= to; size *= 2) {
        n.push_back(size);
    }
    return n;
}

// Off by turns: +noise, -noise, ...
template <typename Law>
std::vector<double> times(const std::vector<double>& n, double noise, Law law) {
    std::vector<double> y;
    for (std::size_t i = 0; i < n.size(); ++i) {
        y.push_back(law(n[i]) * (1 + (i % 2 == 0 ? noise : -noise)));
    }
    return y;
}

// A constant cost ten times the growth's own hides the law from a fit through the origin.
TEST(NamedGrowth, AnOverheadDoesNotHideTheLaw) {
    const auto n = doubling(16, 1 << 20);
    const auto y = times(n, 0.02, [](double v) { return 300 + 20 * std::log2(v); });
    const NamedGrowth growth = classify_growth(n, y);
    EXPECT_EQ(growth.law, "lgN");
    EXPECT_NEAR(growth.a, 300, 15);
    EXPECT_NEAR(growth.b, 20, 1);
    EXPECT_NEAR(growth.relative_rms, 0.02, 0.002);
}

TEST(NamedGrowth, KaratsubasExponentIsNoneOfTheNamedLaws) {
    const auto n = doubling(16, 1 << 20);
    const NamedGrowth growth =
        classify_growth(n, times(n, 0.02, [](double v) { return std::pow(v, 1.585); }));
    EXPECT_EQ(growth.law, "none");
    EXPECT_NEAR(growth.power.exponent, 1.585, 0.01);
    EXPECT_LT(growth.power.bounds.low, 1.585);
    EXPECT_GT(growth.power.bounds.high, 1.585);
}

TEST(NamedGrowth, WithoutGrowthNoneIsClaimed) {
    const auto n = doubling(16, 1 << 20);
    EXPECT_EQ(classify_growth(n, times(n, 0.1, [](double) { return 850.0; })).law, "1");
    EXPECT_EQ(classify_growth(n, times(n, 0, [](double) { return 850.0; })).law, "1");
}

TEST(NamedGrowth, ExactTimesGiveTheirExactLaw) {
    const auto n = doubling(16, 4096);
    const NamedGrowth growth =
        classify_growth(n, times(n, 0, [](double v) { return 2000 + 3 * v; }));
    EXPECT_EQ(growth.law, "N");
    EXPECT_NEAR(growth.a, 2000, 1e-6);
    EXPECT_NEAR(growth.b, 3, 1e-9);
}

TEST(NamedGrowth, ASweepThatIsTooShortOrNotPositiveIsRefused) {
    const std::vector<double> n = {1, 2, 4, 8, 16};
    EXPECT_THROW(classify_growth(n, std::vector<double>{1, 2, 3, 4, 0}), std::invalid_argument);
    EXPECT_THROW(classify_growth(std::vector<double>{1, 2, 4, 8}, std::vector<double>{1, 2, 3, 4}),
                 std::invalid_argument);
    EXPECT_THROW(classify_growth(std::vector<double>{1, 1, 2, 2, 2}, n), std::invalid_argument);
}

}  // namespace
}  // namespace kmb::analysis
