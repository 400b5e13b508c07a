#include "analysis/order.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/calibration/sources.h"
#include "analysis/series_analysis.h"
#include "analysis/stats/random.h"
#include "analysis/stats/regimes.h"
#include "analysis/summary.h"

namespace kmb::analysis {
namespace {

using calibration::standard_normal;

std::vector<double> noise(std::size_t n, std::uint64_t seed, double rho = 0) {
    Random random(seed);
    std::vector<double> x;
    double z = standard_normal(random);
    for (std::size_t i = 0; i < n; ++i) {
        x.push_back(std::round(1000 + 20 * z));
        z = rho * z + std::sqrt(1 - rho * rho) * standard_normal(random);
    }
    return x;
}

void raise(std::vector<double>& x, std::size_t from, std::size_t to, double by) {
    for (std::size_t i = from; i < to; ++i) {
        x[i] += by;
    }
}

TEST(Order, AWarmUpEndsWhereItWasPlanted) {
    for (const std::size_t n : {100U, 1000U, 5000U, 100000U}) {
        auto x = noise(n, n);
        raise(x, 0, 30, 200);
        const Order order = examine_order(x, {}, 1);
        EXPECT_EQ(order.state, "warm-up") << n;
        EXPECT_NEAR(static_cast<double>(order.warmup), 30, 1) << n;
    }
}

TEST(Order, ALevelThatChangesLateIsNoWarmUp) {
    auto x = noise(2000, 3);
    raise(x, 1300, 2000, 60);
    const Order order = examine_order(x, {}, 1);
    EXPECT_EQ(order.state, "shifts");
    ASSERT_EQ(order.regimes.size(), 2U);
    EXPECT_NEAR(static_cast<double>(order.regimes[1].from), 1300, 3);
    EXPECT_NEAR(order.regimes[1].median - order.regimes[0].median, 60, 5);
    EXPECT_EQ(order.warmup, 0U);
}

// A rank cost of levels sees nothing here.
TEST(Order, AChangeOfSpreadAloneIsFound) {
    auto x = noise(1000, 4);
    for (std::size_t i = 600; i < x.size(); ++i) {
        x[i] = 1000 + 5 * (x[i] - 1000);
    }
    const Order order = examine_order(x, {}, 1);
    ASSERT_EQ(order.spread_changes.size(), 1U);
    EXPECT_NEAR(static_cast<double>(order.spread_changes[0]), 600, 20);
    EXPECT_EQ(order.regimes.size(), 1U);
}

TEST(Order, ADriftIsNamedAndMeasured) {
    auto x = noise(1000, 5);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += 0.03 * static_cast<double>(i);
    }
    const Order order = examine_order(x, {}, 1);
    EXPECT_NEAR(order.drift, 0.03, 0.006);
    EXPECT_LT(order.drift_p, 1e-6);
    EXPECT_EQ(order.state, "drift");
    EXPECT_EQ(order.regimes.size(), 1U);
}

// Single spikes are no change of level, whatever their height.
TEST(Order, SpikesChangeNothing) {
    auto x = noise(1000, 6);
    for (std::size_t i = 17; i < x.size(); i += 97) {
        x[i] += 1e6;
    }
    const Order order = examine_order(x, {}, 1);
    EXPECT_EQ(order.state, "steady");
    EXPECT_EQ(order.regimes.size(), 1U);
}

TEST(Order, EffectiveSizeOfAnAutoregressionIsAsInTheory) {
    EXPECT_NEAR(effective_values(noise(20000, 7, 0.8), {}), 20000 / 9.0, 500);
    EXPECT_EQ(effective_values(noise(20000, 8), {}), 20000);
}

// Rounds that differ are the true replicates: 10 of them, not 1000 values.
TEST(Order, RoundsThatDifferCountAsOneEach) {
    std::vector<double> x;
    std::vector<std::size_t> begin;
    Random random(9);
    for (int round = 0; round < 10; ++round) {
        begin.push_back(x.size());
        const double level = 1000 + 30 * standard_normal(random);
        for (int i = 0; i < 100; ++i) {
            x.push_back(level + 5 * standard_normal(random));
        }
    }
    const double effective = effective_values(x, begin);
    EXPECT_GT(effective, 5);
    EXPECT_LT(effective, 30);
}

TEST(Order, ConstantAndEmptySeriesAreSteady) {
    const std::vector<double> x(50, 257);
    const Order order = examine_order(x, {}, 0);
    EXPECT_EQ(order.state, "steady");
    EXPECT_EQ(order.effective, 50);
    EXPECT_TRUE(std::isnan(order.autocorrelation));
    EXPECT_EQ(examine_order({}, {}, 0).regimes.size(), 0U);
}

// Of 100 series with a level that moves, how often the interval of the course has the median of
// what was planted, and how many have an interval at all.
std::pair<int, int> course_coverage(double drift, double step, double rho, double truth) {
    int covered = 0;
    int told = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto x = noise(300, seed, rho);
        Series series;
        series.target = "vm";
        series.time_unit = "ns";
        series.rounds = {0};
        series.round_begin = {0};
        series.rows = x.size();
        series.columns.push_back({"total", {}});
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double level = drift * static_cast<double>(i) / 299 + (i >= 200 ? step : 0);
            series.columns[0].values.push_back(static_cast<std::int64_t>(x[i] + level));
        }
        const SeriesResult result = analyze_series(series, "total", "none");
        if (result.course && result.course->interval) {
            ++told;
            covered +=
                result.course->interval->low <= truth && truth <= result.course->interval->high ? 1
                                                                                                : 0;
        }
    }
    return {covered, told};
}

// 95 of 100, give or take 2; an interval for a level of any path is rather too wide.
TEST(Order, TheMedianOfACourseIsCoveredThoughItsLevelMoves) {
    const auto [drifts, of_drifts] = course_coverage(500, 0, 0, 1250);
    EXPECT_GE(of_drifts, 95);
    EXPECT_GE(100 * drifts, 93 * of_drifts);
    // Two thirds at 1000, the rest far above: the median is the upper quartile of the first.
    const auto [steps, of_steps] = course_coverage(0, 500, 0, 1000 + 20 * 0.6745);
    EXPECT_GE(of_steps, 95);
    EXPECT_GE(100 * steps, 93 * of_steps);
    const auto [dependent, of_dependent] = course_coverage(500, 0, 0.6, 1250);
    EXPECT_GE(of_dependent, 95);
    EXPECT_GE(100 * dependent, 93 * of_dependent);
}

TEST(Order, ASteadyLevelHasNoCourse) {
    EXPECT_LE(course_coverage(0, 0, 0, 1000).second, 2);  // a drift by chance, p < 0.01
}

// The same values shown by a clock of 20 ns: the interval must not close on one tick.
TEST(Summary, TheMedianBetweenTwoTicksIsFound) {
    Random random(10);
    std::vector<double> x;
    for (int i = 0; i < 4000; ++i) {
        x.push_back(20 * std::floor((1007 + 20 * standard_normal(random)) / 20 + random.uniform()));
    }
    SummaryOptions options;
    options.tick = 20;
    const Summary spread = summarize(x, options);
    EXPECT_NEAR(spread.median.value, 1007, 1.5);
    EXPECT_LT(spread.median.interval->low, 1007);
    EXPECT_GT(spread.median.interval->high, 1007);
    EXPECT_LT(spread.median.interval->high - spread.median.interval->low, 4);
    options.tick = 0;  // counts are exact
    EXPECT_EQ(summarize(x, options).median.value, 1000);
}

// Two reads of this clock are 90 ns apart at least, for a read takes that long; yet it shows
// every ns. Spreading values over 90 ns put the median outside of its own interval.
TEST(Summary, AClockThatIsSlowToReadIsNotACoarseOne) {
    Random random(11);
    std::vector<double> x;
    for (int i = 0; i < 400; ++i) {
        x.push_back(std::round(1007 + 20 * standard_normal(random)));
    }
    SummaryOptions slow;
    slow.tick = 90;
    const Estimate fine = summarize(x, SummaryOptions{}).median;
    const Estimate median = summarize(x, slow).median;
    EXPECT_EQ(median.value, fine.value);
    EXPECT_EQ(median.interval->low, fine.interval->low);
    EXPECT_EQ(median.interval->high, fine.interval->high);
    EXPECT_EQ(median.interval->method, "order-statistic");
}

}  // namespace
}  // namespace kmb::analysis
