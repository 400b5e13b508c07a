#include "analysis/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "analysis/stats/distributions.h"
#include "analysis/stats/log_ratio.h"
#include "analysis/stats/random.h"

namespace kmb::analysis {
namespace {

using Values = std::vector<double>;

double gauss(Random& random) {
    return normal_quantile(std::max(random.uniform(), 1e-16));
}

Values series(std::size_t n, Random& random, const std::function<double(Random&)>& value) {
    Values x;
    for (std::size_t i = 0; i < n; ++i) {
        x.push_back(value(random));
    }
    return x;
}

Values normal(std::size_t n, Random& random, double mean, double sd) {
    return series(n, random, [&](Random& r) { return mean + sd * gauss(r); });
}

// AR(1) about `mean`.
Values chained(std::size_t n, Random& random, double mean, double sd, double rho) {
    double state = gauss(random);
    return series(n, random, [&](Random& r) {
        const double now = state;
        state = rho * state + std::sqrt(1 - rho * rho) * gauss(r);
        return mean + sd * now;
    });
}

// Rounds of equal length, each with a level of its own.
Measured in_rounds(std::size_t rounds, std::size_t each, Random& random, double mean,
                   const Values& levels) {
    Measured run;
    for (std::size_t round = 0; round < rounds; ++round) {
        run.rounds.push_back(static_cast<std::int64_t>(round));
        run.round_begin.push_back(run.values.size());
        for (double v : normal(each, random, mean * levels[round], mean * 0.01)) {
            run.values.push_back(v);
        }
    }
    return run;
}

double alarms(int repetitions, const CompareOptions& options,
              const std::function<Values(Random&)>& draw) {
    int count = 0;
    for (int k = 0; k < repetitions; ++k) {
        Random random(11, static_cast<std::uint64_t>(k));
        const Values before = draw(random);
        const Values now = draw(random);
        const Verdict verdict = compare(before, now, options).verdict;
        count += verdict == Verdict::slower || verdict == Verdict::faster ? 1 : 0;
    }
    return count / static_cast<double>(repetitions);
}

// Tests that take neighbours for independent alarm in 39 % at rho = .7, 74 % at .9. Without
// a margin, so that the interval alone must hold. 200 repetitions of 5 % have a sd of 1.5 %.
TEST(Compare, AlarmsNoMoreThanItSaysOnSeriesThatHangTogether) {
    const CompareOptions strict{.margin = 0};
    EXPECT_LE(alarms(200, strict, [](Random& r) { return normal(20, r, 1000, 50); }), 0.09);
    EXPECT_LE(alarms(200, strict, [](Random& r) { return chained(1000, r, 1000, 50, 0.7); }), 0.09);
    EXPECT_LE(alarms(200, strict, [](Random& r) { return chained(1000, r, 1000, 50, 0.9); }), 0.12);
}

TEST(Compare, FindsAPlantedSlowdownWhereThePlanSaysSo) {
    int found = 0;
    for (std::uint64_t k = 0; k < 100; ++k) {
        Random random(5, k);
        const auto n = planned_samples(chained(500, random, 1000, 40, 0.5), 0.02);
        ASSERT_TRUE(n.has_value());
        const Values before = chained(*n, random, 1000, 40, 0.5);
        const Values now = chained(*n, random, 1020, 40, 0.5);
        found += compare(before, now).verdict == Verdict::slower ? 1 : 0;
    }
    EXPECT_GE(found, 75);
    Random random(1);
    EXPECT_FALSE(planned_samples(normal(100, random, 1000, 40), 0.009)) << "within the margin";
    EXPECT_FALSE(planned_samples(Values{1, 2, 3}, 0.02)) << "too few to plan by";
}

TEST(Compare, SaysEquivalentOnlyWithinTheThreshold) {
    Random random(3);
    const Values before = normal(3000, random, 1000, 20);
    const Values now = normal(3000, random, 1004, 20);
    EXPECT_EQ(compare(before, now).verdict, Verdict::equivalent);
    const Comparison tight = compare(before, now, {.margin = 0.001});
    EXPECT_EQ(tight.verdict, Verdict::slower);
    EXPECT_EQ(tight.threshold_of, "margin");
    EXPECT_NEAR(tight.ratio, 1.004, 0.0015);
    EXPECT_LT(tight.p_value, 0.05);
    // What the clock cannot tell, and what two equal runs differed by, are no slowdown.
    const Comparison ticks = compare(before, now, {.margin = 0.001, .step = 10});
    EXPECT_EQ(ticks.verdict, Verdict::equivalent);
    EXPECT_EQ(ticks.threshold_of, "tick");
    const Comparison noisy = compare(before, now, {.margin = 0.001, .noise_floor = 0.02});
    EXPECT_EQ(noisy.verdict, Verdict::equivalent);
    EXPECT_EQ(noisy.threshold_of, "noise floor");
}

TEST(Compare, CannotSayNamesWhatWouldSettleIt) {
    Random random(4);
    const Comparison few = compare(normal(30, random, 1000, 60), normal(30, random, 1020, 60));
    EXPECT_EQ(few.verdict, Verdict::cannot_say);
    EXPECT_GT(few.detectable, 1.01);
    ASSERT_TRUE(few.needed.has_value());
    EXPECT_GT(*few.needed, 30);
    EXPECT_GE(few.choices.size(), 5U);
}

// An mean over both would hide it; a p99 from a hundred values has no upper bound.
TEST(Compare, EqualMedianAndWorseTailIsAVerdictOfItsOwn) {
    Random random(6);
    const auto spiky = [](double share) {
        return [share](Random& r) {
            const double body = 1000 + 10 * gauss(r);
            return r.uniform() < share ? 2 * body : body;
        };
    };
    const Values before = series(5000, random, spiky(0.002));
    const Values now = series(5000, random, spiky(0.02));
    const Comparison worse = compare(before, now);
    EXPECT_EQ(worse.middle, Verdict::equivalent);
    EXPECT_EQ(worse.verdict, Verdict::worse_tail);
    EXPECT_TRUE(worse.tails.at(0).worse);
    EXPECT_NEAR(worse.tails.at(0).ratio, 2, 0.1);
    EXPECT_EQ(compare(now, before).verdict, Verdict::equivalent);
    EXPECT_TRUE(compare(now, before).tails.at(0).better);
    const Comparison few = compare(std::span(before).first(100), std::span(now).first(100));
    EXPECT_TRUE(std::isinf(few.tails.at(0).bounds.high));
    EXPECT_FALSE(few.tails.at(0).worse);
}

// 1000 calls in each of 8 rounds whose levels differ by 2 %: the calls are not 8000
// independent values, and what both had to bear in a round cancels.
TEST(Compare, RoundsAreTheUnitAndPairsCancelWhatTheyShare) {
    int apart = 0;
    for (std::uint64_t k = 0; k < 40; ++k) {
        Random random(8, k);
        const Values levels = normal(8, random, 1, 0.02);
        const Values others = normal(8, random, 1, 0.02);
        const Measured before = in_rounds(8, 200, random, 1000, levels);
        const Comparison alone = compare({before}, {in_rounds(8, 200, random, 1000, others)},
                                         Pairing::none, {.margin = 0.001});
        EXPECT_EQ(alone.unit, "round");
        EXPECT_EQ(alone.n_before, 8U);
        apart += alone.verdict == Verdict::slower || alone.verdict == Verdict::faster ? 1 : 0;
    }
    EXPECT_LE(apart, 6);
    Random random(9);
    const Values levels = normal(8, random, 1, 0.02);
    const Measured before = in_rounds(8, 200, random, 1000, levels);
    const Measured now = in_rounds(8, 200, random, 1015, levels);
    EXPECT_EQ(compare({before}, {now}, Pairing::rounds).verdict, Verdict::slower);
    EXPECT_EQ(compare({before}, {now}, Pairing::none).verdict, Verdict::cannot_say);
}

TEST(Compare, RunsAreTheUnitWhereThereAreSome) {
    Random random(10);
    std::vector<Measured> before;
    std::vector<Measured> now;
    for (int run = 0; run < 4; ++run) {
        before.push_back({normal(500, random, 1000 + 30 * gauss(random), 5), {}, {}});
        now.push_back({normal(500, random, 1000 + 30 * gauss(random), 5), {}, {}});
    }
    const Comparison result = compare(before, now, Pairing::none);
    EXPECT_EQ(result.unit, "run");
    EXPECT_EQ(result.verdict, Verdict::cannot_say);
}

// Counted instructions have no noise: the same is the same, one more is more.
TEST(Compare, CountsAreExact) {
    const Values counts{257, 264, 257, 301, 257, 290, 257, 264};
    Values more(counts);
    for (double& v : more) {
        v += 1;
    }
    const CompareOptions exact{.margin = 0};
    const auto pair = [&](const Values& before, const Values& now) {
        return compare({{before, {}, {}}}, {{now, {}, {}}}, Pairing::samples, exact);
    };
    EXPECT_EQ(pair(counts, counts).verdict, Verdict::equivalent);
    EXPECT_EQ(pair(counts, counts).ratio, 1);
    EXPECT_EQ(pair(counts, more).verdict, Verdict::slower);
    EXPECT_EQ(pair(more, counts).verdict, Verdict::faster);
    EXPECT_EQ(pair(counts, counts).agree, pair(counts, counts).choices.size());
    EXPECT_EQ(compare(Values(20, 7), Values(20, 7), exact).verdict, Verdict::equivalent);
}

TEST(Compare, WhatHasNoRatioIsSaidSo) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    const Values good(10, 5);
    const auto code = [&](const Values& before, const Values& now) {
        const Comparison result = compare(before, now);
        EXPECT_EQ(result.verdict, Verdict::cannot_say);
        return result.warnings.empty() ? "" : result.warnings[0].substr(0, 5);
    };
    EXPECT_EQ(code({}, good), "empty");
    EXPECT_EQ(code(good, {1, 2, -3}), "not-p");
    EXPECT_EQ(code(good, {1, 0, 3}), "not-p");
    EXPECT_EQ(code({1, kNaN}, good), "not-f");
    EXPECT_EQ(code({1}, {2}), "few: ");
}

TEST(Compare, CorrectionTakesAnAlarmBackAndNothingElse) {
    Random random(12);
    Comparison slower = compare(normal(500, random, 1000, 40), normal(500, random, 1030, 40));
    ASSERT_EQ(slower.verdict, Verdict::slower);
    correct(slower, 0.01, 1, 0.95);
    EXPECT_EQ(slower.verdict, Verdict::slower);
    correct(slower, 0.2, 1, 0.95);
    EXPECT_EQ(slower.verdict, Verdict::cannot_say);
    Comparison same = compare(normal(3000, random, 1000, 20), normal(3000, random, 1000, 20));
    correct(same, 1, 1, 0.95);
    EXPECT_EQ(same.verdict, Verdict::equivalent);
}

// AR(1) with rho = .9 is worth a nineteenth of its length.
TEST(LogRatio, EffectiveRanksSeeChainsAndNotSpikes) {
    Random random(2);
    EXPECT_NEAR(effective_ranks(chained(20000, random, 0, 1, 0.9)), 20000 / 19.0, 250);
    Values spiky = normal(2000, random, 0, 1);
    spiky[100] = 1e9;
    EXPECT_GT(effective_ranks(spiky), 1500);
    EXPECT_EQ(effective_ranks(Values(50, 3.0)), 50);
}

}  // namespace
}  // namespace kmb::analysis
