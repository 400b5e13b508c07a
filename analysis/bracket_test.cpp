#include "analysis/bracket.h"

#include <gtest/gtest.h>

namespace kmb::analysis {
namespace {

Estimate estimate(double low, double value, double high) {
    return {value, Interval{low, high, 0.95, "order-statistic"}};
}

SeriesResult series(const std::string& point, const std::string& module, const Estimate& median) {
    SeriesResult result;
    result.point = point;
    result.module = module;
    result.primary = "total";
    result.causes.told = true;
    Summary kept;
    kept.median = median;
    result.measures = {{"total", {}, kept}};
    return result;
}

// Sides by themselves: 10 - 4 with sides 3 and 4 below, 6 and 8 above.
TEST(Difference, KeepsSidesApart) {
    const Estimate net = difference(estimate(7, 10, 16), estimate(-4, 4, 8));
    EXPECT_EQ(net.value, 6);
    ASSERT_TRUE(net.interval.has_value());
    EXPECT_DOUBLE_EQ(net.interval->low, 6 - 5);
    EXPECT_DOUBLE_EQ(net.interval->high, 6 + 10);
}

TEST(Difference, WithoutAnIntervalThereIsNone) {
    EXPECT_FALSE(difference(estimate(1, 2, 3), {1, std::nullopt}).interval.has_value());
}

// A bracket stands around a sample, not around an operation, and is one module's own.
TEST(Bracket, IsSubtractedWithinItsModuleAndSharedByABatch) {
    RunResult run;
    run.series = {series("hello/nop/call=bracket", "hello", estimate(40, 40, 40)),
                  series("hello/read/bytes=1", "hello", estimate(140, 150, 160)),
                  series("ksort/sort/n=1", "ksort", estimate(140, 150, 160)),
                  series("hello/user/n=1", "hello", estimate(140, 150, 160))};
    run.series[1].batch = 10;
    run.series[3].causes.told = false;  // not in a kernel
    subtract_bracket(run);
    ASSERT_TRUE(run.series[1].net.has_value());
    EXPECT_DOUBLE_EQ(run.series[1].net->value, 146);
    EXPECT_DOUBLE_EQ(run.series[1].net->interval->low, 136);
    EXPECT_FALSE(run.series[2].net.has_value());
    EXPECT_FALSE(run.series[3].net.has_value());
}

// An empty phase of work once had less than nothing when the whole bracket was taken off.
TEST(Bracket, IsNotSubtractedFromAPhase) {
    RunResult run;
    run.series = {series("hello/nop/call=bracket", "hello", estimate(135, 135, 135)),
                  series("hello/read/n=0", "hello", estimate(300, 300, 300)),
                  series("hello/run/n=0", "hello", estimate(300, 300, 300))};
    for (std::size_t i : {1U, 2U}) {
        run.series[i].primary = "work";
        run.series[i].measures.push_back(run.series[i].measures.front());
        run.series[i].measures.back().name = "work";
        run.series[i].measures.front().all.mean.value = 310;
        run.series[i].measures.back().all.mean.value = i == 1 ? 123 : 310;
    }
    subtract_bracket(run);
    EXPECT_FALSE(run.series[1].net.has_value());
    ASSERT_TRUE(run.series[2].net.has_value());
    EXPECT_EQ(run.series[2].net->value, 165);
}

}  // namespace
}  // namespace kmb::analysis
