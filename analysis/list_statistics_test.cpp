#include "analysis/list_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace kmb::analysis {
namespace {

const Statistic& find(const ListStatistics& found, const std::string& name) {
    for (const auto& one : found.statistics) {
        if (one.name == name) {
            return one;
        }
    }
    ADD_FAILURE() << "no statistic " << name;
    return found.statistics.front();
}

// Quantiles, mean, sd and lag 1 of 1..9 by hand; the interval of the median by the
// binomial distribution: ranks 2 and 8 at n = 9.
TEST(ListStatistics, OfAListThatIsKnownByHand) {
    const std::vector<double> x{5, 1, 9, 2, 8, 3, 7, 4, 6};
    const auto found = list_statistics(x);
    EXPECT_EQ(find(found, "median").value, 5);
    ASSERT_TRUE(find(found, "median").bounds.has_value());
    EXPECT_EQ(find(found, "median").bounds->low, 2);
    EXPECT_EQ(find(found, "median").bounds->high, 8);
    EXPECT_EQ(find(found, "mean").value, 5);
    EXPECT_NEAR(find(found, "sd").value, std::sqrt(7.5), 1e-12);
    EXPECT_EQ(find(found, "p25").value, 3);
    EXPECT_EQ(find(found, "mad").value, 2);
    EXPECT_EQ(find(found, "sum").value, 45);
    EXPECT_FALSE(find(found, "p99").bounds.has_value());
}

TEST(ListStatistics, HostileListsGetAnAnswer) {
    for (const std::vector<double>& x :
         {std::vector<double>{7}, std::vector<double>{7, 7}, std::vector<double>(500, 7),
          std::vector<double>{-1, -2, -3}, std::vector<double>{0, 0, 1e308, -1e308, 1e308},
          std::vector<double>{1, 2}, std::vector<double>{1e-300, 1e300, 1},
          std::vector<double>{0, 0, 0, 0, 0, 0, 0, 5}}) {
        const auto found = list_statistics(x);
        EXPECT_EQ(find(found, "n").value, static_cast<double>(x.size()));
        for (const auto& one : found.statistics) {
            if (one.bounds) {
                EXPECT_LE(one.bounds->low, one.bounds->high) << one.name;
            }
        }
    }
    const auto equal = list_statistics(std::vector<double>(500, 7));
    EXPECT_EQ(find(equal, "sd").value, 0);
    EXPECT_EQ(find(equal, "effective_n").value, 500);
    EXPECT_EQ(equal.warnings.at(0).substr(0, 9), "all-equal");
    EXPECT_EQ(list_statistics(std::vector<double>{3}).warnings.at(0).substr(0, 3), "few");
    EXPECT_EQ(list_statistics(std::vector<double>(9, -1)).warnings.back().substr(0, 8), "negative");
}

}  // namespace
}  // namespace kmb::analysis
