#include "analysis/truth.h"

#include <gtest/gtest.h>

#include "analysis/pipeline.h"

namespace kmb::analysis {
namespace {

using Values = std::vector<std::int64_t>;

Series series(const std::string& point, std::size_t rows, std::int64_t total, std::int64_t delay) {
    Series result;
    result.point = point;
    split_point(point, result.module, result.operation, result.coordinates);
    result.case_name = "calib";
    result.target = "sim";
    result.time_unit = "instructions";
    result.rounds = {0};
    result.round_begin = {0};
    result.rounds_planned = 1;
    result.rows = rows;
    for (const char* name : {"cpu", "cpu_end", "irqs", "softirqs", "nvcsw", "nivcsw", "faults"}) {
        result.columns.push_back({name, Values(rows, 0)});
    }
    result.columns.push_back({"total", Values(rows, total)});
    result.columns.push_back({"truth", Values(rows, delay << 16)});
    return result;
}

Values& column(Series& one, std::string_view name) {
    for (auto& each : one.columns) {
        if (each.name == name) {
            return each.values;
        }
    }
    throw std::logic_error("no such column");
}

TruthLine line_of(std::vector<Series> all, const std::string& fact) {
    Samples samples{std::move(all), {}, {}};
    const auto run = analyze(samples);
    for (const auto& line : check_truth(samples, run, {})) {
        if (line.fact == fact) {
            return line;
        }
    }
    throw std::logic_error("no such line: " + fact);
}

// A thousand samples, each tenth with a planted sleep of which the kernel saw `seen`.
Series slept(std::size_t seen, std::size_t unplanted) {
    Series one = series("calib/plant/cause=sleep", 1000, 2000, 1000);
    for (std::size_t i = 0; i < 100; ++i) {
        column(one, "truth")[10 * i] |= 4;
        column(one, "nvcsw")[10 * i] = i < seen ? 1 : 0;
    }
    for (std::size_t i = 0; i < unplanted; ++i) {
        column(one, "nvcsw")[10 * i + 1] = 1;
    }
    return one;
}

TEST(Truth, NinetyNineOfAHundredPlantedCausesAreRight) {
    const char* fact = "planted sleep is labelled slept";
    EXPECT_EQ(line_of({slept(99, 0)}, fact).verdict, TruthLine::Verdict::holds);
    EXPECT_EQ(line_of({slept(98, 0)}, fact).verdict, TruthLine::Verdict::fails);
    EXPECT_EQ(line_of({slept(100, 1)}, fact).verdict, TruthLine::Verdict::fails);
    Series blind = slept(0, 0);
    column(blind, "nvcsw")[5] = kAbsent;
    EXPECT_EQ(line_of({blind}, fact).verdict, TruthLine::Verdict::not_here);
}

// 1000 brackets of 2000 ns are half a tick of 4 ms: two or three may show one, twenty not.
TEST(Truth, TicksMayFallIntoOtherSamples) {
    Series one = series("calib/plant/cause=irq", 1000, 2000, 1000);
    column(one, "truth")[0] |= 1;
    column(one, "irqs")[0] = 1;
    const char* fact = "planted irq is labelled interrupted";
    column(one, "irqs")[7] = column(one, "irqs")[8] = 1;
    EXPECT_EQ(line_of({one}, fact).verdict, TruthLine::Verdict::holds);
    for (std::size_t i = 100; i < 120; ++i) {
        column(one, "irqs")[i] = 1;
    }
    EXPECT_EQ(line_of({one}, fact).verdict, TruthLine::Verdict::fails);
}

// One shape of delay, asked for and held; 140 stand beside each.
Series shape(const std::string& coordinates, std::int64_t asked, std::int64_t held,
             std::int64_t beside = 140) {
    Series one = series("calib/shape/" + coordinates, 50, held + beside, asked);
    one.columns.push_back({"held", Values(50, held)});
    return one;
}

constexpr const char* kFixed = "variant=fixed/sleep_ppm=0/delay=20000";

std::vector<Series> shapes(std::int64_t beside, const std::string& delay = "40000") {
    return {shape("variant=fixed/sleep_ppm=0/delay=0", 0, 100),
            shape("variant=fixed/sleep_ppm=0/delay=" + delay, 40000, 40060, 150),
            shape(kFixed, 20000, 20080, beside)};
}

// What stands beside other delays, 140 to 150, is all that is taken off, give or take the
// rounding of the clock: a scale or an offset of its own shows.
TEST(Truth, TheDelayThatWasHeldLiesInTheInterval) {
    const std::string fact = std::string(kFixed) + ": median has the delay";
    EXPECT_EQ(line_of(shapes(140), fact).verdict, TruthLine::Verdict::holds);
    EXPECT_EQ(line_of(shapes(151), fact).verdict, TruthLine::Verdict::holds);
    EXPECT_EQ(line_of(shapes(152), fact).verdict, TruthLine::Verdict::fails);
    EXPECT_EQ(line_of(shapes(139), fact).verdict, TruthLine::Verdict::holds);
    EXPECT_EQ(line_of(shapes(138), fact).verdict, TruthLine::Verdict::fails);
    auto alone = shapes(140);
    alone.erase(alone.begin(), alone.begin() + 2);
    EXPECT_EQ(line_of(alone, fact).verdict, TruthLine::Verdict::not_here);
}

// Half of the samples cost 400 more, and a third of the delays is 1000 longer: the median of
// the sum is not the sum of the medians.
TEST(Truth, WhatStandsBesideIsTakenOffAsADistribution) {
    const auto skewed = [](const std::string& coordinates, std::int64_t asked, std::int64_t more) {
        Series one = shape(coordinates, asked, asked + 10);
        for (std::size_t i = 0; i < one.rows; ++i) {
            column(one, "held")[i] += i % 3 == 0 ? more : static_cast<std::int64_t>(i);
            column(one, "total")[i] = column(one, "held")[i] + (i % 2 == 0 ? 140 : 540);
        }
        return one;
    };
    const std::string fact = std::string(kFixed) + ": median has the delay";
    EXPECT_EQ(line_of({skewed("variant=fixed/sleep_ppm=0/delay=40000", 40000, 0),
                       skewed(kFixed, 20000, 1000)},
                      fact)
                  .verdict,
              TruthLine::Verdict::holds);
}

TEST(Truth, ADelayThatEndsEarlyOrIsAnotherOneIsNoTruth) {
    const char* fact = "delays are held as asked for";
    auto all = shapes(140);
    EXPECT_EQ(line_of(all, fact).verdict, TruthLine::Verdict::holds);
    column(all[2], "held")[7] = 19999;
    EXPECT_EQ(line_of(all, fact).verdict, TruthLine::Verdict::fails);
    EXPECT_EQ(line_of(shapes(140, "40001"), fact).verdict, TruthLine::Verdict::fails);
}

TEST(Truth, WhatStandsBesideADelayIsConstantInInstructions) {
    const char* fact = "every delay is recovered sample by sample";
    auto all = shapes(140);
    all[1] = shape("variant=fixed/sleep_ppm=0/delay=40000", 40000, 40060, 142);
    EXPECT_EQ(line_of(all, fact).verdict, TruthLine::Verdict::holds);
    column(all[2], "total")[3] += 3;
    EXPECT_EQ(line_of(all, fact).verdict, TruthLine::Verdict::fails);
    column(all[2], "irqs")[3] = 1;
    EXPECT_EQ(line_of(all, fact).verdict, TruthLine::Verdict::holds);
}

TEST(Truth, ExactDelaysLeaveTheSameRest) {
    const auto run = [](std::int64_t third) {
        return std::vector<Series>{series("calib/nop/call=bracket", 50, 40, 0),
                                   series("calib/exact/turns=2", 50, 40 + 25 + 4, 2),
                                   series("calib/exact/turns=12", 50, 40 + 25 + 24, 12),
                                   series("calib/exact/turns=102", 50, third, 102)};
    };
    const char* fact = "delays are recovered exactly";
    EXPECT_EQ(line_of(run(40 + 25 + 204), fact).verdict, TruthLine::Verdict::holds);
    EXPECT_EQ(line_of(run(40 + 25 + 208), fact).verdict, TruthLine::Verdict::fails);
}

TEST(Truth, ARunWithoutPlantedSamplesIsAnError) {
    Samples samples{{series("hello/nop/call=bracket", 5, 40, 0)}, {}, {}};
    EXPECT_THROW(check_truth(samples, analyze(samples), {}), std::runtime_error);
}

}  // namespace
}  // namespace kmb::analysis
