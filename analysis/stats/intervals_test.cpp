#include "analysis/stats/intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace kmb::analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Sorted one_to(int n) {
    std::vector<double> x(static_cast<std::size_t>(n));
    std::iota(x.begin(), x.end(), 1.0);
    return Sorted(x);
}

TEST(OrderInterval, MedianNeedsSixValuesAt95PerCent) {
    EXPECT_EQ(order_interval(one_to(5), 0.5).low, -kInfinity);
    const OrderInterval six = order_interval(one_to(6), 0.5);
    EXPECT_EQ(six.lower_rank, 1);
    EXPECT_EQ(six.upper_rank, 6);
    EXPECT_EQ(six.achieved, 0.96875);
    EXPECT_EQ(order_interval(one_to(7), 0.5, 0.99).high, kInfinity);
    EXPECT_EQ(order_interval(one_to(8), 0.5, 0.99).high, 8.0);
}

TEST(OrderInterval, UpperBoundOfP99Needs368Values) {
    EXPECT_EQ(order_interval(one_to(367), 0.99).high, kInfinity);
    EXPECT_EQ(order_interval(one_to(368), 0.99).high, 368.0);
    EXPECT_EQ(order_interval(one_to(3687), 0.999).high, kInfinity);
    EXPECT_EQ(order_interval(one_to(3688), 0.999).high, 3688.0);
}

TEST(OrderInterval, TableValuesForAHundred) {
    // R: qbinom(c(.025, .975), 100, .5) gives the textbook ranks 40 and 61.
    const OrderInterval found = order_interval(one_to(100), 0.5);
    EXPECT_EQ(found.lower_rank, 40);
    EXPECT_EQ(found.upper_rank, 61);
    EXPECT_NEAR(found.achieved, 0.9647997998, 1e-10);
}

TEST(OrderInterval, FewerEffectiveValuesWidenIt) {
    const Sorted x = one_to(1000);
    const OrderInterval all = order_interval(x, 0.5);
    const OrderInterval tenth = order_interval_effective(x, 0.5, 100);
    EXPECT_NEAR((tenth.high - tenth.low) / (all.high - all.low), std::sqrt(10.0), 0.1);
    EXPECT_EQ(order_interval_effective(x, 0.5, 2000).low, all.low);
    EXPECT_EQ(order_interval_effective(x, 0.99, 10).high, kInfinity);
}

TEST(OrderInterval, NoValuesGiveAnInfiniteInterval) {
    const OrderInterval none = order_interval(Sorted(std::vector<double>{}), 0.5);
    EXPECT_EQ(none.low, -kInfinity);
    EXPECT_EQ(none.high, kInfinity);
}

TEST(TInterval, IsTheTextbookOne) {
    const std::vector<double> x{1, 2, 3, 4, 5};
    const auto bounds = t_interval(x);
    ASSERT_TRUE(bounds);
    EXPECT_NEAR(bounds->high - 3, 2.7764451051977987 * std::sqrt(0.5), 1e-12);
    EXPECT_FALSE(t_interval(std::vector<double>{1}));
    EXPECT_FALSE(geometric_interval(std::vector<double>{1, 0, 2}));
}

}  // namespace
}  // namespace kmb::analysis
