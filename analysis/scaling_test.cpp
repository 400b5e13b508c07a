#include "analysis/scaling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "analysis/calibration/sources.h"
#include "analysis/stats/piecewise.h"
#include "analysis/stats/random.h"

namespace kmb::analysis {
namespace {

using calibration::standard_normal;
using Cost = std::function<double(double)>;

std::vector<double> doubling(double from, double to) {
    std::vector<double> sizes;
    for (double n = from; n <= to; n *= 2) {
        sizes.push_back(n);
    }
    return sizes;
}

// A sweep with medians as noisy as their intervals say.
struct Planted {
    std::string group;  // "f/fib/algo=add"
    std::string key;
    Cost cost;
};

void plant(RunResult& run, const Planted& planted, const std::vector<double>& sizes, double noise,
           Random& random) {
    const std::string algo = planted.group.substr(planted.group.rfind('=') + 1);
    for (const double size : sizes) {
        SeriesResult series;
        series.module = planted.group.substr(0, planted.group.find('/'));
        series.operation = "op";
        if (planted.group.find('=') != std::string::npos) {
            series.coordinates.emplace_back("algo", algo);
        }
        series.coordinates.emplace_back(planted.key, std::to_string(static_cast<long>(size)));
        series.n = 100;
        series.primary = "total";
        Measure measure;
        measure.name = "total";
        const double median = planted.cost(size) * (1 + noise * standard_normal(random));
        measure.all.median = {median, Interval{median * (1 - 1.96 * noise),
                                               median * (1 + 1.96 * noise), 0.95, "test"}};
        series.measures = {measure};
        run.series.push_back(std::move(series));
    }
}

RunResult run_of(const std::vector<Planted>& all, const std::vector<double>& sizes, double noise,
                 std::uint64_t seed) {
    RunResult run;
    run.time_unit = "instructions";
    Random random(seed);
    for (const Planted& planted : all) {
        plant(run, planted, sizes, noise, random);
    }
    return run;
}

// Counted without noise, as in a simulated guest: the very coefficients come out.
TEST(Scaling, AnExactLawIsNamedWithItsCoefficients) {
    const auto sizes = doubling(16, 1 << 20);
    const auto run =
        run_of({{"sort", "n", [](double n) { return 5000 + 2 * n * std::log2(n); }}}, sizes, 0, 1);
    const auto growth = growth_of(run);
    ASSERT_EQ(growth.size(), 1U);
    EXPECT_EQ(growth[0].law, "NlgN");
    EXPECT_EQ(growth[0].model, "a + b * n lg n");
    EXPECT_NEAR(growth[0].parameters.at(0).estimate.value, 5000, 1e-6);
    EXPECT_NEAR(growth[0].parameters.at(1).estimate.value, 2, 1e-9);
    EXPECT_EQ(growth[0].parameters.at(1).unit, "instructions/(n lg n)");
    EXPECT_EQ(growth[0].points, sizes.size());
    EXPECT_TRUE(growth[0].warnings.empty());
}

TEST(Scaling, KaratsubaIsNoneOfTheNamedLawsAndItsExponentIsFound) {
    std::size_t covered = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto run = run_of({{"mul", "n", [](double n) { return 300 + std::pow(n, 1.585); }}},
                                doubling(16, 1 << 20), 0.02, seed);
        const auto growth = growth_of(run);
        ASSERT_EQ(growth.size(), 1U);
        EXPECT_EQ(growth[0].law, "none") << "seed " << seed;
        ASSERT_TRUE(growth[0].exponent && growth[0].exponent->interval);
        covered += growth[0].exponent->interval->low <= 1.585 &&
                           1.585 <= growth[0].exponent->interval->high
                       ? 1U
                       : 0U;
    }
    EXPECT_GE(covered, 35U);
}

// The law of large sizes does not hold for the small ones: they are given up, and it is said.
TEST(Scaling, ALawOfThePartWhereItHoldsSaysSo) {
    const auto run =
        run_of({{"sort", "n", [](double n) { return n < 100 ? 40 * n * n : 1000 + 50 * n; }}},
               doubling(16, 1 << 20), 0, 1);
    const auto growth = growth_of(run);
    ASSERT_EQ(growth.size(), 1U);
    EXPECT_EQ(growth[0].law, "N");
    EXPECT_EQ(growth[0].from, 128);
    ASSERT_EQ(growth[0].warnings.size(), 1U);
    EXPECT_EQ(growth[0].warnings[0].rfind("curved: ", 0), 0U);
}

// Steps are no law of growth, whichever of them comes nearest.
TEST(Scaling, WhatNoLawExplainsIsNotNamed) {
    const auto run = run_of(
        {{"x", "n", [](double n) { return std::fmod(std::log2(n), 2) < 1 ? n * n : 9 * n * n; }}},
        doubling(16, 1 << 20), 0, 1);
    ASSERT_EQ(growth_of(run).size(), 1U);
    EXPECT_EQ(growth_of(run)[0].law, "none");
    EXPECT_FALSE(growth_of(run)[0].warnings.empty());
}

TEST(Scaling, AConstantCostHasNoExponent) {
    const auto run = run_of({{"x", "n", [](double) { return 850.0; }}}, doubling(1, 4096), 0, 1);
    ASSERT_EQ(growth_of(run).size(), 1U);
    EXPECT_EQ(growth_of(run)[0].law, "1");
    EXPECT_FALSE(growth_of(run)[0].exponent.has_value());
}

// Two caches: a byte beyond the first costs twice, beyond the second three times as much.
double cached(double bytes) {
    return 250 + (bytes > 1.2e6 ? 0.2 : bytes > 40000 ? 0.06 : 0.03) * bytes;
}

TEST(Scaling, KneesOfACopyLieInTheirIntervals) {
    std::size_t found = 0;
    std::size_t covered = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto run = run_of({{"copy", "bytes", cached}}, doubling(1, 1 << 24), 0.05, seed);
        const auto pieces = pieces_of(run);
        ASSERT_EQ(pieces.size(), 1U);
        if (pieces[0].knees.size() != 2) {
            continue;
        }
        ++found;
        const double truth[] = {40000, 1.2e6};
        for (std::size_t k = 0; k < 2; ++k) {
            const auto& knee = pieces[0].knees[k];
            covered += knee.interval->low <= truth[k] && truth[k] <= knee.interval->high ? 1U : 0U;
        }
        EXPECT_NEAR(pieces[0].pieces[0].parameters[1].estimate.value, 0.03, 0.004);
    }
    EXPECT_GE(found, 38U);
    EXPECT_GE(covered, 2 * found - 4);
}

TEST(Scaling, ALineHasNoKnee) {
    std::size_t false_knees = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto run = run_of({{"copy", "bytes", [](double n) { return 250 + 0.05 * n; }}},
                                doubling(1, 1 << 24), 0.1, seed);
        false_knees += pieces_of(run).at(0).knees.empty() ? 0U : 1U;
    }
    EXPECT_LE(false_knees, 8U);
}

// A knee between the last but one and the last sizes cannot be placed better than "near the end".
TEST(Scaling, AKneeNearTheEndIsNotDenied) {
    const std::vector<double> x = {1, 64, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304};
    std::vector<double> y;
    for (const double n : x) {
        y.push_back(250 + 0.03 * n + (n > 3e5 ? 0.03 * (n - 3e5) : 0));
    }
    const Piecewise found = piecewise_lines(x, y);
    ASSERT_EQ(found.knees.size(), 1U);
    EXPECT_LE(found.knees[0].bounds.low, 3e5);
    EXPECT_GE(found.knees[0].bounds.high, 3e5);
}

TEST(Scaling, PiecewiseLinesRefuseWhatIsNoSweep) {
    const std::vector<double> two = {1, 2};
    const std::vector<double> falling = {3, 2, 1};
    const std::vector<double> rising = {1, 2, 3};
    const std::vector<double> negative = {1, -2, 3};
    EXPECT_THROW(piecewise_lines(two, two), std::invalid_argument);
    EXPECT_THROW(piecewise_lines(falling, rising), std::invalid_argument);
    EXPECT_THROW(piecewise_lines(rising, negative), std::invalid_argument);
}

// 100 n meets 2000 + 20 n at n = 25; heap is never the fastest of all.
TEST(Scaling, VariantsCrossWhereTheirCostsMeet) {
    const std::vector<Planted> variants = {
        {"f/algo=add", "n", [](double n) { return 100 * n; }},
        {"f/algo=far", "n", [](double n) { return 9000 + n; }},
        {"f/algo=fast", "n", [](double n) { return 2000 + 20 * n; }},
        {"f/algo=nop", "n", [](double) { return 1.0; }}};
    for (const double noise : {0.0, 0.005, 0.02}) {
        const auto all = crossovers_of(run_of(variants, doubling(1, 4096), noise, 3));
        ASSERT_EQ(all.size(), 3U) << "noise " << noise;
        EXPECT_EQ(all[0].below, "add");
        EXPECT_EQ(all[0].above, "fast");
        EXPECT_NEAR(all[0].at.value, 25, 3);
        EXPECT_LE(all[0].at.interval->low, 25);
        EXPECT_GE(all[0].at.interval->high, 25);
        EXPECT_TRUE(all[0].leading);
        EXPECT_EQ(all[1].above, "far");  // add to far at 91, when fast is ahead of both
        EXPECT_FALSE(all[1].leading);
        EXPECT_TRUE(all[2].leading);  // fast to far at 368
        EXPECT_NEAR(all[2].at.value, 7000 / 19.0, 40);
    }
}

// Curves that are the same but for noise change places by chance at every other size.
TEST(Scaling, EqualVariantsDoNotCross) {
    std::size_t crossings = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const Cost same = [](double n) { return 500 + 3 * n; };
        crossings += crossovers_of(run_of({{"f/algo=a", "n", same}, {"f/algo=b", "n", same}},
                                          doubling(1, 1 << 20), 0.03, seed))
                         .size();
    }
    EXPECT_LE(crossings, 2U);
}

// Where the samples carry no interval nobody is said to be faster.
TEST(Scaling, WithoutIntervalsThereIsNoCrossover) {
    RunResult run = run_of({{"f/algo=a", "n", [](double n) { return 100 * n; }},
                            {"f/algo=b", "n", [](double n) { return 2000 + 20 * n; }}},
                           doubling(1, 4096), 0, 1);
    ASSERT_EQ(crossovers_of(run).size(), 1U);
    for (SeriesResult& series : run.series) {
        series.measures[0].all.median.interval.reset();
    }
    EXPECT_TRUE(crossovers_of(run).empty());
}

}  // namespace
}  // namespace kmb::analysis
