#include "analysis/causes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "analysis/rules.h"

namespace kmb::analysis {
namespace {

using Values = std::vector<std::int64_t>;

Values zeros(std::size_t n) {
    return Values(n, 0);
}

// Twenty samples of about 100, counters all offered and silent.
Series quiet_series() {
    Series series;
    Values total;
    for (std::int64_t i = 0; i < 20; ++i) {
        total.push_back(98 + i % 5);
    }
    series.rows = total.size();
    series.columns = {{"total", total},      {"cpu", zeros(20)},      {"cpu_end", zeros(20)},
                      {"irqs", zeros(20)},   {"softirqs", zeros(20)}, {"nvcsw", zeros(20)},
                      {"nivcsw", zeros(20)}, {"faults", zeros(20)}};
    return series;
}

Values& column(Series& series, std::string_view name) {
    for (auto& one : series.columns) {
        if (one.name == name) {
            return one.values;
        }
    }
    throw std::logic_error("no such column");
}

struct Judged {
    std::vector<double> values;
    std::vector<std::size_t> rows;
};

Judged totals(Series& series) {
    Judged judged;
    for (const auto value : column(series, "total")) {
        judged.values.push_back(static_cast<double>(value));
    }
    judged.rows.resize(judged.values.size());
    std::iota(judged.rows.begin(), judged.rows.end(), std::size_t{0});
    return judged;
}

Causes attribute_totals(Series& series) {
    const auto judged = totals(series);
    return attribute(series, judged.values, judged.rows, 1);
}

const CauseCost& cost_of(const Causes& causes, std::string_view name) {
    for (const auto& one : causes.costs) {
        if (one.cause == name) {
            return one;
        }
    }
    throw std::logic_error("cause is not offered");
}

TEST(Causes, EachCounterSpeaksForOneCause) {
    Series series = quiet_series();
    series.columns.push_back({"smis", zeros(20)});
    const char* counters[] = {"irqs", "softirqs", "nvcsw", "nivcsw", "cpu_end", "faults", "smis"};
    for (std::size_t i = 0; i < std::size(counters); ++i) {
        column(series, counters[i])[i + 3] = 2;
        EXPECT_EQ(causes_of(series, i + 3), 1U << i) << counters[i];
    }
    EXPECT_EQ(causes_of(series, 0), 0U);
    column(series, "irqs")[9] = 1;
    EXPECT_EQ(causes_of(series, 9), 1U | 64U);
}

// "-" is not 0: without the counter of interrupts no sample can be called undisturbed.
TEST(Causes, WhatWasNotCountedIsNotClaimed) {
    Series series = quiet_series();
    EXPECT_TRUE(tells_causes(series));
    EXPECT_EQ(causes_offered(series), 0x3fU);
    column(series, "irqs")[7] = kAbsent;
    EXPECT_FALSE(tells_causes(series));
    EXPECT_EQ(causes_offered(series), 0x3eU);
    const auto causes = attribute_totals(series);
    EXPECT_FALSE(causes.told);
    EXPECT_TRUE(causes.costs.empty());
}

// The cost is against the undisturbed median; a sample with two causes counts for both in
// the table, but once in the sum.
TEST(Causes, CostIsAgainstTheUndisturbed) {
    Series series = quiet_series();
    column(series, "total")[4] = 1100;
    column(series, "nvcsw")[4] = 1;
    column(series, "irqs")[4] = 1;
    column(series, "total")[9] = 600;
    column(series, "irqs")[9] = 1;
    const auto causes = attribute_totals(series);
    EXPECT_EQ(causes.undisturbed, 18U);
    EXPECT_EQ(causes.usual, 100);
    EXPECT_EQ(causes.lost, 1500);
    EXPECT_EQ(cost_of(causes, "slept").samples, 1U);
    EXPECT_EQ(cost_of(causes, "slept").alone, 0U);
    EXPECT_EQ(cost_of(causes, "slept").time, 1000);
    EXPECT_EQ(cost_of(causes, "interrupted").samples, 2U);
    EXPECT_EQ(cost_of(causes, "interrupted").alone, 1U);
    EXPECT_EQ(cost_of(causes, "interrupted").time, 1500);
    EXPECT_EQ(cost_of(causes, "faulted").samples, 0U);
}

// An interrupt may cost nothing: such a sample has a cause, and is no outlier.
TEST(Causes, OutliersAreExplainedOrNot) {
    Series series = quiet_series();
    column(series, "total")[3] = 5000;
    column(series, "irqs")[3] = 1;
    column(series, "total")[8] = 4000;  // nobody knows why
    column(series, "irqs")[12] = 1;     // of usual length
    const auto causes = attribute_totals(series);
    EXPECT_EQ(causes.outliers, 2U);
    EXPECT_EQ(causes.unexplained, 1U);
    for (const auto& labelling : causes.rest) {
        EXPECT_EQ(labelling.rows, (std::vector<std::size_t>{8})) << labelling.rule;
    }
}

TEST(Causes, WhereEverySampleWasDisturbedNothingIsUsual) {
    Series series = quiet_series();
    column(series, "irqs") = Values(20, 1);
    const auto causes = attribute_totals(series);
    EXPECT_EQ(causes.undisturbed, 0U);
    EXPECT_TRUE(std::isnan(causes.lost));
    EXPECT_TRUE(std::isnan(cost_of(causes, "interrupted").time));
    EXPECT_EQ(cost_of(causes, "interrupted").samples, 20U);
    EXPECT_EQ(causes.outliers, 0U);
}

TEST(Disturbed, RemovesByCauseAndBySizeOnlyWhereNobodyCounted) {
    Series series = quiet_series();
    column(series, "irqs")[12] = 1;     // of usual length
    column(series, "total")[8] = 4000;  // an outlier without a cause
    auto judged = totals(series);
    const RuleInput input{series, "total", judged.values, judged.rows, 1};
    EXPECT_EQ(label("disturbed", input).rows, (std::vector<std::size_t>{12}));
    EXPECT_EQ(label("disturbed", input).parameters.at("interrupted"), 1);
    column(series, "irqs") = Values(20, kAbsent);
    EXPECT_EQ(label("disturbed", input).rows, (std::vector<std::size_t>{8}));
    // A long call holds a tick each time: then a tick is the usual.
    column(series, "irqs") = Values(20, 1);
    EXPECT_EQ(label("disturbed", input).rows, (std::vector<std::size_t>{8}));
    EXPECT_FALSE(label("disturbed", input).parameters.contains("interrupted"));
}

TEST(Sleeping, CountsCallsSwitchesAndTimeAway) {
    Series series = quiet_series();
    column(series, "nvcsw")[2] = 3;
    column(series, "nvcsw")[5] = 1;
    column(series, "nivcsw")[5] = 2;
    EXPECT_EQ(examine_sleeping(series).times_known, 0U);
    Values off = zeros(20);
    off[2] = 70;
    off[5] = 20;
    off[6] = kAbsent;
    series.columns.push_back({"off_cpu", off});
    Values work(20, kAbsent);
    work[2] = 2;
    work[5] = work[6] = 3;
    series.columns.push_back({"work_cpus", work});
    Values first(20, kAbsent);
    Values second(20, kAbsent);
    first[5] = 10;
    first[6] = 20;
    second[5] = 30;
    second[6] = 32;
    series.columns.push_back({"cpu0_work", first});
    series.columns.push_back({"cpu1_work", second});
    const auto sleeping = examine_sleeping(series);
    EXPECT_EQ(sleeping.calls, 20U);
    EXPECT_EQ(sleeping.slept, 2U);
    EXPECT_EQ(sleeping.sleeps, 4U);
    EXPECT_EQ(sleeping.preempted, 1U);
    EXPECT_EQ(sleeping.preemptions, 2U);
    EXPECT_EQ(sleeping.times_known, 19U);
    EXPECT_EQ(sleeping.off_cpu, 90);
    EXPECT_EQ(sleeping.elapsed, 20 * 100 - 99);
    EXPECT_EQ(sleeping.off_cpu_median, 45);  // of the two that were away
    EXPECT_EQ(sleeping.off_cpu_max, 70);
    ASSERT_EQ(sleeping.work.size(), 2U);
    EXPECT_EQ(sleeping.work[0].cpus, 2U);
    EXPECT_EQ(sleeping.work[0].calls, 1U);
    EXPECT_EQ(sleeping.work[1].cpus, 3U);
    EXPECT_EQ(sleeping.work[1].calls, 2U);
    EXPECT_TRUE(sleeping.work[0].times.empty()) << "not known of the one call there";
    EXPECT_EQ(sleeping.work[1].times, (std::vector<double>{15, 31}));
}

}  // namespace
}  // namespace kmb::analysis
