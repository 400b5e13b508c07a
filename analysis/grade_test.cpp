#include "analysis/grade.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/calibration/sources.h"
#include "analysis/series_analysis.h"

namespace kmb::analysis {
namespace {

using calibration::standard_normal;

SeriesResult result_of(const std::vector<double>& values, const std::string& unit = "ns",
                       std::int64_t clock_step = 1) {
    Series series;
    series.point = "x/y/n=1";
    series.time_unit = unit;
    series.clock_step = clock_step;
    series.rounds = {0};
    series.round_begin = {0};
    series.rounds_planned = 1;
    std::vector<std::int64_t> total;
    for (const double v : values) {
        total.push_back(static_cast<std::int64_t>(std::llround(v)));
    }
    series.columns = {{"total", total}};
    series.rows = total.size();
    return analyze_series(series, "total", "none");
}

std::string codes(const SeriesResult& series) {
    std::string all;
    for (const std::string& reason : series.grade.reasons) {
        all += (all.empty() ? "" : " ") + reason.substr(0, reason.find(':'));
    }
    return series.grade.grade + (all.empty() ? "" : " " + all);
}

std::vector<double> values(std::size_t n, double centre, double sd, std::uint64_t seed) {
    Random random(seed);
    std::vector<double> x;
    for (std::size_t i = 0; i < n; ++i) {
        x.push_back(centre + sd * standard_normal(random));
    }
    return x;
}

TEST(Grade, AnOrdinarySeriesIsFit) {
    EXPECT_EQ(codes(result_of(values(500, 1000, 30, 1))), "fit");
}

TEST(Grade, ASimulatedSeriesOfFewCountsIsFit) {
    std::vector<double> x(60, 257);
    EXPECT_EQ(codes(result_of(x, "instructions")), "fit");
    x[7] = x[31] = 264;
    x[40] = 9214;
    EXPECT_EQ(codes(result_of(x, "instructions")), "fit");
}

TEST(Grade, EachDoubtIsNamed) {
    EXPECT_EQ(codes(result_of({5, 6, 7, 8, 9})), "unusable few");
    EXPECT_EQ(codes(result_of(values(200, 30, 3, 2), "ns", 20)),
              "unusable below-tick tick-limited");
    auto warm = values(400, 1000, 20, 3);
    std::for_each(warm.begin(), warm.begin() + 40, [](double& v) { v += 300; });
    EXPECT_NE(codes(result_of(warm)).find("warm-up"), std::string::npos);
    auto late = values(400, 1000, 20, 4);
    std::for_each(late.begin() + 300, late.end(), [](double& v) { v += 300; });
    EXPECT_NE(codes(result_of(late)).find("shifts"), std::string::npos);
}

TEST(Grade, TwoPathsAreTwoModesWithTheirShares) {
    Random random(5);
    std::vector<double> x;
    for (int i = 0; i < 1000; ++i) {
        x.push_back((random.uniform() < 0.7 ? 1000 : 1300) + 15 * standard_normal(random));
    }
    const SeriesResult result = result_of(x);
    EXPECT_EQ(codes(result), "care modes");
    ASSERT_EQ(result.modes.size(), 2U);
    EXPECT_NEAR(result.modes[0].share, 0.7, 0.05);
    EXPECT_LT(result.modes[1].median.interval->low, 1300);
    EXPECT_GT(result.modes[1].median.interval->high, 1300);
    EXPECT_NEAR(result.modes[1].median.interval->high - result.modes[1].median.interval->low, 4.5,
                2);
}

// Times on a 20 ns clock: every tick is a hill, and none is a path.
TEST(Grade, TicksAreNoModes) {
    Random random(6);
    std::vector<double> x;
    for (int i = 0; i < 2000; ++i) {
        x.push_back(20 * std::floor((1007 + 40 * standard_normal(random)) / 20 + random.uniform()));
    }
    const SeriesResult result = result_of(x);
    EXPECT_EQ(result.tick, 20);
    EXPECT_EQ(result.modes.size(), 1U);
    EXPECT_EQ(codes(result), "fit");
}

// Two values that are no multiples of their difference show paths, not a clock.
TEST(Grade, ARareSecondValueIsNoTick) {
    std::vector<double> x(30, 99);
    x[4] = 2290;
    EXPECT_EQ(result_of(x).tick, 1);
}

}  // namespace
}  // namespace kmb::analysis
