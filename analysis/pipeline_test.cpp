#include "analysis/pipeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "analysis/fits.h"
#include "analysis/measures.h"

namespace kmb::analysis {
namespace {

Series series_of(const std::string& point, const std::vector<Block::Column>& columns,
                 const std::string& unit = "ns") {
    Series series;
    series.point = point;
    split_point(point, series.module, series.operation, series.coordinates);
    series.target = unit == "ns" ? "host" : "sim";
    series.time_unit = unit;
    series.rounds = {0};
    series.round_begin = {0};
    series.rounds_planned = 1;
    series.columns = columns;
    series.rows = columns.at(0).values.size();
    return series;
}

RunResult run_of(std::vector<Series> series, std::string_view rule = kDefaultRule) {
    return analyze(Samples{std::move(series), {}, {}}, rule);
}

bool warns(const std::vector<std::string>& warnings, const std::string& code) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const auto& text) { return text.rfind(code + ":", 0) == 0; });
}

std::size_t count_of(const SeriesResult& series, const std::string& rule) {
    for (const auto& label : series.labels) {
        if (label.rule == rule) {
            return label.rows.size();
        }
    }
    return series.removed.rule == rule ? series.removed.rows.size() : 999;
}

TEST(Measures, DerivedInIntegersAndPerOperation) {
    // start is near 2^60: a difference taken in double would lose all of it.
    const std::int64_t start = std::int64_t{1} << 60;
    Series series = series_of("hello/write/bytes=1", {{"start", {start, kAbsent}},
                                                      {"total", {20, 20}},
                                                      {"user", {50, 60}},
                                                      {"user_start", {start - 17, 1}}});
    EXPECT_EQ(measure_of(series, "overhead").values, (std::vector<double>{30, 40}));
    EXPECT_EQ(measure_of(series, "entry").values, (std::vector<double>{17}));
    EXPECT_EQ(measure_of(series, "exit").values, (std::vector<double>{13}));
    EXPECT_EQ(measure_of(series, "exit").rows, (std::vector<std::size_t>{0}));
    EXPECT_TRUE(measure_of(series, "work").values.empty());
    series.batch = 10;
    EXPECT_EQ(measure_of(series, "user").values, (std::vector<double>{5, 6}));
}

// A user-space variant has total = user: "overhead 0" would read as a free kernel.
TEST(Measures, APointInUserSpaceHasNoWayInOrOut) {
    const Series series =
        series_of("x/y/where=user/n=1",
                  {{"start", {10}}, {"total", {5}}, {"user", {5}}, {"user_start", {10}}});
    const auto measures = measures_of(series);
    ASSERT_EQ(measures.size(), 2U);
    EXPECT_EQ(measures[0].name, "user");
    EXPECT_EQ(measures[1].name, "total");
}

// MAD = 0: every sample that is not the mode would be an outlier, or all z infinite.
TEST(Pipeline, ConstantSeriesHasNoOutlierByAnyRule) {
    const auto run = run_of(
        {series_of("x/y/n=1", {{"total", std::vector<std::int64_t>(50, 257)}}, "instructions")});
    const SeriesResult& series = run.series.at(0);
    EXPECT_TRUE(series.removed.rows.empty());
    for (const auto& label : series.labels) {
        EXPECT_TRUE(label.rows.empty()) << label.rule;
    }
    EXPECT_TRUE(warns(series.warnings, "all-equal"));
    EXPECT_FALSE(warns(series.warnings, "tick-limited"));
    const Summary& all = series.measures.at(0).all;
    EXPECT_EQ(all.median.value, 257);
    EXPECT_EQ(all.median.interval->low, 257);
    EXPECT_EQ(all.median.interval->high, 257);
    EXPECT_EQ(all.mad, 0);
    EXPECT_EQ(all.sd, 0);
}

// The usual series of a simulated guest: constant, some samples 7 off, one timer tick.
TEST(Pipeline, MostlyConstantSeriesLosesItsTickAndNothingElse) {
    std::vector<std::int64_t> total(96, 257);
    total[3] = total[40] = 264;
    total[70] = 258;
    total[55] = 9214;
    const auto run = run_of({series_of("x/y/n=1", {{"total", total}}, "instructions")});
    EXPECT_EQ(run.series[0].removed.rows, (std::vector<std::size_t>{55}));
    EXPECT_EQ(count_of(run.series[0], "mad-10"), 1U);
    EXPECT_EQ(run.series[0].measures[0].all.n, 96U);
    EXPECT_EQ(run.series[0].measures[0].kept.n, 95U);
    EXPECT_EQ(run.series[0].measures[0].kept.max, 264);
}

TEST(Pipeline, RemovalIsAViewOfEveryMeasureByThePrimaryOne) {
    std::vector<std::int64_t> total;
    std::vector<std::int64_t> user;
    for (std::int64_t i = 0; i < 40; ++i) {
        total.push_back(1000 + 7 * (i % 9));
        user.push_back(2000 + i);
    }
    total[11] = 90000;
    const auto series = series_of("x/y/n=1", {{"total", total}, {"user", user}});
    for (const auto& rule : rule_names()) {
        const auto run = run_of({series}, rule);
        EXPECT_EQ(run.rule, rule);
        EXPECT_EQ(run.series[0].primary, "total");
        const bool removes = rule != "none" && rule != "cause";
        EXPECT_EQ(run.series[0].removed.rows,
                  removes ? std::vector<std::size_t>{11} : std::vector<std::size_t>{})
            << rule;
        EXPECT_EQ(find_measure(run.series[0], "user")->all.n, 40U);
        EXPECT_EQ(find_measure(run.series[0], "user")->kept.n, removes ? 39U : 40U);
        EXPECT_EQ(find_measure(run.series[0], "user")->kept.mean.interval.has_value(), !removes);
        EXPECT_EQ(run.series[0].labels.size(), rule == "none" ? 7U : 6U);
    }
}

TEST(Pipeline, CauseCountsWhatTheKernelCountedAndNotWhatItDidNot) {
    const auto series =
        series_of("x/y/n=1", {{"total", {9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7}},
                              {"irqs", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}},
                              {"softirqs", std::vector<std::int64_t>(12, kAbsent)},
                              {"cpu", std::vector<std::int64_t>(12, 1)},
                              {"cpu_end", {1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, kAbsent}},
                              {"nvcsw", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}});
    const auto run = run_of({series}, "cause");
    const Labelling& removed = run.series[0].removed;
    EXPECT_EQ(removed.rows, (std::vector<std::size_t>{1, 3, 11}));
    EXPECT_EQ(removed.parameters.at("interrupted"), 2);
    EXPECT_EQ(removed.parameters.at("slept"), 1);
    EXPECT_EQ(removed.parameters.at("migrated"), 1);
    EXPECT_EQ(removed.parameters.at("softirq"), 0);
}

// A second of work holds a timer interrupt in every sample: interrupts are the rule there.
TEST(Pipeline, ARuleThatLabelsMostSamplesRemovesNone) {
    const auto series =
        series_of("x/y/n=1", {{"total", {9, 8, 7, 9, 8, 7, 9}}, {"irqs", {1, 1, 1, 1, 1, 1, 0}}});
    const auto run = run_of({series}, "cause");
    EXPECT_TRUE(run.series[0].removed.rows.empty());
    EXPECT_TRUE(warns(run.series[0].warnings, "removed-none"));
    EXPECT_EQ(run.series[0].measures[0].kept.n, 7U);
}

TEST(Pipeline, FiveSamplesHaveNoIntervalAndSaySo) {
    const auto run = run_of({series_of("x/y/n=1", {{"total", {1, 2, 3, 4, 5}}})});
    EXPECT_FALSE(run.series[0].measures[0].all.median.interval.has_value());
    EXPECT_TRUE(warns(run.series[0].warnings, "few"));
    const auto six = run_of({series_of("x/y/n=1", {{"total", {1, 2, 3, 4, 5, 6}}})});
    const Estimate& median = six.series[0].measures[0].all.median;
    EXPECT_EQ(median.value, 3.5);
    EXPECT_EQ(median.interval->low, 1);
    EXPECT_EQ(median.interval->high, 6);
    EXPECT_FALSE(warns(six.series[0].warnings, "few"));
}

TEST(Pipeline, AClockAsCoarseAsTheSpreadIsReported) {
    Series series = series_of("x/y/n=1", {{"total", {100, 120, 100, 120, 100, 120, 140, 100}}});
    series.clock_step = 20;
    EXPECT_TRUE(warns(run_of({series}).series[0].warnings, "tick-limited"));
    series.clock_step = 1;  // the values themselves show a tick of 20
    EXPECT_TRUE(warns(run_of({series}).series[0].warnings, "tick-limited"));
    series.columns[0].values = {100, 121, 103, 117, 109, 128, 141, 112};
    EXPECT_FALSE(warns(run_of({series}).series[0].warnings, "tick-limited"));
}

// One measure for a whole sweep, else small and large sizes would not compare.
TEST(Pipeline, PrimaryIsOneForAllSizes) {
    const auto small =
        series_of("s/sort/where=kernel/n=2",
                  {{"total", {40}}, {"work", {5}}, {"copy_in", {10}}, {"copy_out", {9}}});
    const auto large =
        series_of("s/sort/where=kernel/n=9",
                  {{"total", {990}}, {"work", {900}}, {"copy_in", {20}}, {"copy_out", {9}}});
    const auto other = series_of("s/sort/where=user/n=9", {{"user", {880}}});
    const auto copy = series_of(
        "h/write/bytes=1", {{"total", {40}}, {"work", {5}}, {"copy_in", {10}}, {"copy_out", {0}}});
    EXPECT_EQ(primary_measures({small, large, other, copy}),
              (std::vector<std::string>{"work", "work", "user", "total"}));
}

TEST(Pipeline, NothingWholeIsAnErrorThatSaysWhatToDo) {
    Samples samples;
    samples.truncated.push_back(
        {"/a/b/copy.ksamp", 7, "h/w/bytes=1", 0, 12, "no 'end:' line", false});
    try {
        analyze(samples);
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("copy.ksamp:7"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("--resume"), std::string::npos);
    }
    EXPECT_THROW(run_of({series_of("x/y/n=1", {{"total", {1}}})}, "best"), std::invalid_argument);
}

TEST(Fits, TheSweptCoordinateIsTheLastNumber) {
    SeriesResult series;
    series.module = "ksort";
    series.operation = "sort";
    series.coordinates = {{"k", "3"}, {"algo", "heap"}, {"n", "4096"}, {"type", "i32"}};
    const auto at = swept(series);
    ASSERT_TRUE(at.has_value());
    EXPECT_EQ(at->group, "ksort/sort/k=3/algo=heap/type=i32");
    EXPECT_EQ(at->sweep, "n");
    EXPECT_EQ(at->at, 4096);
    series.coordinates = {{"algo", "heap"}};
    EXPECT_FALSE(swept(series).has_value());
}

const Fit* fit_of(const RunResult& run, const std::string& group, const std::string& measure) {
    for (const auto& fit : run.fits) {
        if (fit.group == group && fit.measure == measure) {
            return &fit;
        }
    }
    return nullptr;
}

// An exact line and an exact square: coefficients come out, intervals close on them.
TEST(Fits, RecoverALineAndAnExponent) {
    std::vector<Series> series;
    for (const std::int64_t n : {1, 16, 256, 4096, 65536}) {
        const std::int64_t cost = 40 + 3 * n;
        series.push_back(series_of("hello/write/bytes=" + std::to_string(n),
                                   {{"total", std::vector<std::int64_t>(8, cost)},
                                    {"copy_out", std::vector<std::int64_t>(8, 0)}},
                                   "instructions"));
        const std::int64_t square = 5 * n * n;
        series.push_back(series_of("f/fib/algo=add/n=" + std::to_string(n),
                                   {{"total", std::vector<std::int64_t>(8, square)}},
                                   "instructions"));
    }
    for (const std::int64_t n : {1000, 3000, 10000, 30000}) {
        series.push_back(series_of("f/fib/algo=square/n=" + std::to_string(n),
                                   {{"work", std::vector<std::int64_t>(8, 5 * n * n)}},
                                   "instructions"));
    }
    const auto run = run_of(series);
    const Fit* line = fit_of(run, "hello/write", "total");
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(line->model, "a + b * bytes");
    EXPECT_NEAR(line->parameters[0].estimate.value, 40, 1e-6);
    EXPECT_NEAR(line->parameters[1].estimate.value, 3, 1e-9);
    EXPECT_EQ(line->parameters[1].unit, "instructions/byte");
    EXPECT_EQ(line->points, 5U);
    EXPECT_FALSE(warns(line->warnings, "curved"));
    EXPECT_EQ(fit_of(run, "hello/write", "copy_out"), nullptr);
    const Fit* power = fit_of(run, "f/fib/algo=square", "work");
    ASSERT_NE(power, nullptr);
    EXPECT_NEAR(power->parameters[1].estimate.value, 2, 1e-9);
    EXPECT_EQ(power->parameters[1].unit, "");
    EXPECT_EQ(power->from, 1000);
}

// Without weights the largest size alone would set the cost of the smallest.
TEST(Fits, SmallSizesCountAsMuchAsLargeOnes) {
    std::vector<Series> series;
    for (std::int64_t n = 1; n <= 1 << 20; n *= 16) {
        const std::int64_t cost = 100 + n + (n == 1 << 20 ? n / 20 : 0);
        series.push_back(series_of("hello/write/bytes=" + std::to_string(n),
                                   {{"total", std::vector<std::int64_t>(8, cost)}}));
    }
    const auto run = run_of(series);
    const Fit* line = fit_of(run, "hello/write", "total");
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(line->points, 6U);
    EXPECT_NEAR(line->parameters[0].estimate.value, 100, 3);
}

// A cost that bends past a cache is no line, and must not be printed as one in silence.
TEST(Fits, ABendIsReportedWithItsPlace) {
    std::vector<Series> series;
    for (std::int64_t n = 1; n <= 1 << 22; n *= 4) {
        const std::int64_t cost = 100 + n + (n > 65536 ? 3 * (n - 65536) : 0);
        series.push_back(series_of("hello/write/bytes=" + std::to_string(n),
                                   {{"total", std::vector<std::int64_t>(8, cost)}}));
    }
    const auto run = run_of(series);
    const Fit* line = fit_of(run, "hello/write", "total");
    EXPECT_TRUE(warns(line->warnings, "curved"));
    EXPECT_EQ(line->to, 65536);
    EXPECT_EQ(line->points, 9U);
    EXPECT_NEAR(line->parameters[1].estimate.value, 1, 1e-9);
}

TEST(Pipeline, TheGoldenRunGivesWhatWasPlanted) {
    const auto samples = read_samples(KMB_SOURCE_DIR "/tests/data/run-small");
    const auto run = analyze(samples);
    EXPECT_EQ(run.time_unit, "ns");
    EXPECT_EQ(run.clock_step, 2);
    EXPECT_TRUE(run.warnings.empty());
    const Fit* line = fit_of(run, "hello/write", "copy_in");
    ASSERT_NE(line, nullptr);
    const Estimate& slope = line->parameters[1].estimate;
    EXPECT_LT(slope.interval->low, 0.031 * 1.1);
    EXPECT_GT(slope.interval->high, 0.031 * 0.9);
    // fast doubling is planted as n^1.6 beside smaller terms
    const Fit* power = fit_of(run, "fibdrv/fib/where=user/algo=fast_doubling", "work");
    ASSERT_NE(power, nullptr);
    EXPECT_LT(power->parameters[1].estimate.value, 1.65);
    EXPECT_GT(power->parameters[1].estimate.interval->high, 1.4);
    EXPECT_EQ(power->to, 10000);
    // the way in and out is planted without a slope
    const Fit* way = fit_of(run, "hello/write", "overhead");
    ASSERT_NE(way, nullptr);
    EXPECT_LE(way->parameters[1].estimate.interval->low, 0);
    EXPECT_GE(way->parameters[1].estimate.interval->high, 0);
    EXPECT_EQ(find_measure(run.series.front(), "overhead") == nullptr, false);
    for (const auto& series : run.series) {
        EXPECT_EQ(series.rounds_complete, 2U) << series.point;
        EXPECT_EQ(find_measure(series, series.primary)->all.n, series.n);
    }
}

}  // namespace
}  // namespace kmb::analysis
