#include "bench/stopping.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bench/plan.h"
#include "bench/random.h"

namespace kmb::bench {
namespace {

// Sum of twelve uniform numbers: normal enough, sd 1.
double gauss(Random& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
        sum += static_cast<double>(random.next() >> 11U) * 0x1p-53;
    }
    return sum;
}

TEST(Stopping, LooksGrowToTheLast) {
    const StopRule rule{.first = 10, .most = 60};
    EXPECT_EQ(looks(rule), (std::vector<std::uint64_t>{10, 13, 17, 23, 30, 39, 51, 60}));
    EXPECT_EQ(next_look(rule, 0), 10U);
    EXPECT_EQ(next_look(rule, 10), 13U);
    EXPECT_EQ(next_look(rule, 59), 60U);
    EXPECT_EQ(looks({.first = 10, .most = 10}), (std::vector<std::uint64_t>{10}));
}

// A rule that looks eight times at an interval of 95 % stops by luck and covers less.
TEST(Stopping, CoversTheMedianWhicheverLookEndsIt) {
    int narrow = 0;
    int covered = 0;
    for (std::uint64_t k = 0; k < 1000; ++k) {
        Random random(k);
        const StopRule rule{.width = 0.006};
        std::vector<double> medians;
        Look found;
        while (found.sampling == Sampling::go_on) {
            medians.push_back(1000 + 10 * gauss(random));
            found = look(medians, rule);
        }
        narrow += found.sampling == Sampling::narrow ? 1 : 0;
        covered += found.low <= 1000 && 1000 <= found.high ? 1 : 0;
    }
    EXPECT_GE(covered, 950);
    EXPECT_GE(narrow, 800);
}

// The interval at a single look is that of order statistics: of ten values at 95 % the
// second and the last but one, by P(Bin(10, 1/2) <= 1) = 11 / 1024.
TEST(Stopping, IntervalIsThatOfOrderStatistics) {
    const std::vector<double> medians{5, 1, 9, 2, 10, 3, 8, 4, 7, 6};
    const Look found = look(medians, {.width = 1e-9, .first = 10, .most = 10});
    EXPECT_EQ(found.low, 2);
    EXPECT_EQ(found.high, 9);
    EXPECT_EQ(found.median, 5.5);
    EXPECT_EQ(found.sampling, Sampling::spent);
    // Shared out among eight looks it needs the first and the last.
    const Look first = look(medians, {.width = 1e-9});
    EXPECT_EQ(first.low, 1);
    EXPECT_EQ(first.high, 10);
    EXPECT_EQ(first.sampling, Sampling::go_on);
}

TEST(Stopping, TwoLevelsAreReportedInsteadOfSampledFurther) {
    std::vector<double> medians(13);
    for (int i = 0; i < 13; ++i) {
        medians[static_cast<std::size_t>(i)] = (i % 3 == 0 ? 420 : 300) + i % 5;
    }
    const Look found = look(medians, {.width = 0.01});
    EXPECT_EQ(found.sampling, Sampling::modes);
    EXPECT_NEAR(found.lower, 302, 2);
    EXPECT_NEAR(found.upper, 422, 2);
    EXPECT_NEAR(found.share, 8 / 13.0, 0.01);
}

// Counted instructions are often all equal; and a tick is no spread.
TEST(Stopping, WhatDoesNotVaryIsNarrow) {
    EXPECT_EQ(look(std::vector<double>(10, 257), {.width = 1e-6}).sampling, Sampling::narrow);
    std::vector<double> ticks(10, 40);
    ticks[3] = 60;
    EXPECT_EQ(look(ticks, {.width = 0.01, .step = 20}).sampling, Sampling::narrow);
    EXPECT_EQ(look(ticks, {.width = 0.01, .step = 1}).sampling, Sampling::go_on);
    EXPECT_EQ(look(std::vector<double>(9, 257), {}).sampling, Sampling::go_on) << "no look yet";
}

// Dear points have few samples, cheap ones enough for an interval of p99; both are odd.
TEST(Plan, AdaptivePortionsStayWithinTheirBounds) {
    const Limits limits = default_limits("host", Sweep::full);
    ASSERT_GT(limits.width, 0);
    for (const std::int64_t cost : {1, 100, 20'000, 1'000'000, 20'000'000, 2'000'000'000}) {
        const Portion one = portion(limits, cost);
        EXPECT_EQ(one.samples % 2, 1U) << cost;
        EXPECT_GE(one.rounds, limits.first_look) << cost;
        EXPECT_LE(one.rounds, limits.rounds) << cost;
        EXPECT_LE(one.rounds * one.samples, limits.max_samples) << cost;
        EXPECT_GE(limits.first_look * one.samples, limits.min_samples) << cost;
        if (cost < 10'000'000) {
            EXPECT_LE(static_cast<std::int64_t>(one.rounds * one.samples) * cost, limits.budget);
        }
    }
    EXPECT_GE(limits.first_look * portion(limits, 1000).samples, 368U);
    EXPECT_EQ(default_limits("sim", Sweep::full).width, 0);
}

}  // namespace
}  // namespace kmb::bench
