#include "analysis/compare_runs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <stdexcept>

namespace kmb::analysis {
namespace {

// Values that vary a little, the same way each time.
std::int64_t value_at(std::int64_t base, std::size_t row, std::uint64_t salt) {
    const std::uint64_t mixed = (row * 2654435761U + salt * 40503U) % 41;
    return base + base * (static_cast<std::int64_t>(mixed) - 20) / 2000;
}

struct Shape {
    std::string unit = "ns";
    std::string seed = "1";
    std::size_t rounds = 8;
    std::uint64_t salt = 0;
};

Series series_of(const std::string& point, std::int64_t base, const Shape& shape = {}) {
    constexpr std::size_t kEach = 30;
    Series series;
    series.point = point;
    split_point(point, series.module, series.operation, series.coordinates);
    series.target = shape.unit == "ns" ? "host" : "sim";
    series.time_unit = shape.unit;
    series.keys = {{"seed", shape.seed}};
    series.columns = {{"rep", {}}, {"user", {}}};
    for (std::size_t round = 0; round < shape.rounds; ++round) {
        series.rounds.push_back(static_cast<std::int64_t>(round));
        series.round_begin.push_back(series.rows);
        for (std::size_t i = 0; i < kEach; ++i, ++series.rows) {
            series.columns[0].values.push_back(static_cast<std::int64_t>(series.rows));
            series.columns[1].values.push_back(value_at(base, series.rows, shape.salt));
        }
    }
    return series;
}

Samples run_of(std::vector<Series> series) {
    return {std::move(series), {}, {}};
}

std::string complaint(const std::function<void()>& call) {
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

TEST(CompareRuns, PointByPointWithASideThatHasMore) {
    const auto result = compare_runs(
        {run_of({series_of("m/o/n=1", 1000), series_of("m/o/n=2", 5000), series_of("m/o/n=3", 9)})},
        {run_of(
            {series_of("m/o/n=1", 1100, {.salt = 3}), series_of("m/o/n=2", 5000, {.salt = 5})})},
        {});
    ASSERT_EQ(result.points.size(), 2U);
    EXPECT_EQ(result.points[0].result.verdict, Verdict::slower);
    EXPECT_EQ(result.points[1].result.verdict, Verdict::equivalent);
    EXPECT_EQ(result.only_before, (std::vector<std::string>{"m/o/n=3"}));
    EXPECT_EQ(result.points[0].result.unit, "round");
    ASSERT_EQ(result.warnings.size(), 2U);
    EXPECT_EQ(result.warnings[0].substr(0, 8), "few-runs");
    EXPECT_FALSE(no_slower(result.points[0].result));
    EXPECT_TRUE(no_slower(result.points[1].result));
}

TEST(CompareRuns, RefusesWhatDoesNotCompare) {
    const Shape counted{.unit = "instructions"};
    const auto text = complaint([&] {
        compare_runs({run_of({series_of("m/o/n=1", 10)})},
                     {run_of({series_of("m/o/n=1", 10, counted)})}, {});
    });
    EXPECT_NE(text.find("target of OLD is 'host', that of NEW 'sim'"), std::string::npos) << text;
    auto other = series_of("m/o/n=1", 10);
    other.time_unit = "instructions";
    EXPECT_NE(complaint([&] {
                  compare_runs({run_of({series_of("m/o/n=1", 10)})}, {run_of({other})}, {});
              }).find("unit of time"),
              std::string::npos);
    EXPECT_NE(complaint([&] {
                  compare_runs({run_of({series_of("m/o/n=1", 10)})},
                               {run_of({series_of("m/o/n=2", 10)})}, {});
              }).find("no point in common"),
              std::string::npos);
    EXPECT_NE(complaint([&] {
                  CompareRunsOptions same;
                  same.same_run = true;
                  compare_runs({run_of({series_of("m/o/n=1", 10)})},
                               {run_of({series_of("m/o/n=1", 10)})}, same);
              }).find("--old"),
              std::string::npos);
}

// The same inputs in a guest that counts: equal is equal, and one more is slower.
TEST(CompareRuns, CountedInstructionsCompareExactly) {
    const Shape counted{.unit = "instructions", .rounds = 2};
    auto more = series_of("m/o/n=2", 500, counted);
    for (auto& value : more.columns[1].values) {
        ++value;
    }
    const auto result = compare_runs(
        {run_of({series_of("m/o/n=1", 500, counted), series_of("m/o/n=2", 500, counted)})},
        {run_of({series_of("m/o/n=1", 500, counted), more})}, {});
    EXPECT_EQ(result.margin, 0);
    EXPECT_EQ(result.points[0].result.verdict, Verdict::equivalent);
    EXPECT_EQ(result.points[0].result.bounds.high, 1);
    EXPECT_EQ(result.points[1].result.verdict, Verdict::slower);
    EXPECT_TRUE(result.warnings.empty());
    const auto others = compare_runs(
        {run_of({series_of("m/o/n=1", 500, counted)})},
        {run_of({series_of("m/o/n=1", 500, {.unit = "instructions", .seed = "2", .rounds = 2})})},
        {});
    ASSERT_EQ(others.warnings.size(), 1U);
    EXPECT_EQ(others.warnings[0].substr(0, 10), "other-seed");
}

TEST(CompareRuns, ChosenCoordinatesPairPointsOfOneRun) {
    CompareRunsOptions options;
    options.same_run = true;
    options.only_before = {{"algo", "a"}};
    options.only_now = {{"algo", "b"}};
    const auto run = run_of({series_of("m/o/algo=a/n=1", 1000), series_of("m/o/algo=a/n=2", 2000),
                             series_of("m/o/algo=b/n=1", 900, {.salt = 7})});
    const auto result = compare_runs({run}, {run}, options);
    ASSERT_EQ(result.points.size(), 1U);
    EXPECT_EQ(result.points[0].point, "m/o/n=1");
    EXPECT_EQ(result.points[0].result.unit, "pair of rounds");
    EXPECT_EQ(result.points[0].result.verdict, Verdict::faster);
    options.only_now = {{"algo", "c"}};
    EXPECT_NE(complaint([&] { compare_runs({run}, {run}, options); }).find("algo=c"),
              std::string::npos);
}

// Runs of one side that differ by 3 % say that 2 % is nothing.
TEST(CompareRuns, NoiseFloorComesFromRunsOfOneSide) {
    const std::vector<Samples> before{run_of({series_of("m/o/n=1", 1000)}),
                                      run_of({series_of("m/o/n=1", 1030, {.salt = 2})})};
    const std::vector<Samples> now{run_of({series_of("m/o/n=1", 1035, {.salt = 3})})};
    const auto result = compare_runs(before, now, {});
    EXPECT_NEAR(result.noise_floor, 0.03, 0.003);
    EXPECT_EQ(result.noise_floor_from, "runs of one side");
    EXPECT_EQ(result.points[0].result.threshold_of, "noise floor");
    EXPECT_NE(result.points[0].result.verdict, Verdict::slower);
}

// One alarm of p = .03 among fifty points is what chance makes.
TEST(CompareRuns, ManyPointsAreCorrected) {
    std::vector<Series> before;
    std::vector<Series> now;
    for (int n = 0; n < 50; ++n) {
        const std::string point = "m/o/n=" + std::to_string(n);
        before.push_back(series_of(point, 1000));
        now.push_back(series_of(point, n == 7 ? 1300 : 1000, {.salt = 9}));
    }
    const auto strict = compare_runs({run_of(before)}, {run_of(now)}, {});
    EXPECT_EQ(strict.count(Verdict::slower), 1U);
    EXPECT_GE(strict.points[7].result.p_value, strict.points[7].p_alone);
    CompareRunsOptions none;
    none.correction = Correction::none;
    const auto loose = compare_runs({run_of(before)}, {run_of(now)}, none);
    EXPECT_EQ(loose.points[7].result.p_value, loose.points[7].p_alone);
}

}  // namespace
}  // namespace kmb::analysis
