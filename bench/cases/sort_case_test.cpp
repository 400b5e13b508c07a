// The sort case without a kernel: its points, and its user-space half.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "bench/case.h"
#include "bench/runner.h"

namespace kmb::bench {
namespace {

const Case& sort_case() {
    for (const auto& one : all_cases()) {
        if (one->name() == "sort") {
            return *one;
        }
    }
    throw std::runtime_error("the list of cases has no sort");
}

Point user_point(const std::string& algo, const std::string& pattern, const std::string& n) {
    return {"ksort",
            "sort",
            {{"where", "user"}, {"algo", algo}, {"type", "i32"}, {"pattern", pattern}, {"n", n}}};
}

TEST(SortCase, PointsAreUniqueAndCoverVariantsPatternsAndSizes) {
    for (const Sweep sweep : {Sweep::quick, Sweep::full}) {
        std::set<std::string> names, kernel, user, patterns, sizes;
        for (const Point& point : sort_case().points(sweep)) {
            EXPECT_TRUE(names.insert(point.name()).second) << point.name();
            (point.at("where") == "kernel" ? kernel : user).insert(point.at("algo"));
            patterns.insert(point.at("pattern"));
            sizes.insert(point.at("n"));
        }
        EXPECT_TRUE(
            names.count("ksort/sort/where=kernel/algo=kernel_sort/type=i32/"
                        "pattern=random/n=16"));
        EXPECT_TRUE(kernel.count("nop"));
        EXPECT_FALSE(user.count("kernel_sort"));
        for (const auto& algo : user) {
            EXPECT_TRUE(kernel.count(algo)) << algo;
        }
        EXPECT_GE(sizes.size(), sweep == Sweep::full ? 8U : 4U);
        EXPECT_GE(patterns.size(), sweep == Sweep::full ? 5U : 3U);
    }
}

TEST(SortCase, EveryUserPointUpToAThousandRunsAndVerifies) {
    for (const Point& point : sort_case().points(Sweep::full)) {
        if (point.at("where") != "user" || point.number("n") > 1000) {
            continue;
        }
        const auto workload = sort_case().open(point);
        for (std::uint64_t rep = 0; rep < 2; ++rep) {
            Sample sample;
            workload->prepare(1, rep);
            workload->run(sample);
            EXPECT_NO_THROW(workload->verify()) << point.name();
            EXPECT_GE(sample.work, 0);
            EXPECT_EQ(sample.copy_in, kAbsent);
        }
    }
}

// An array that was prepared and not sorted must not pass.
TEST(SortCase, AnUnsortedResultIsFound) {
    const auto workload = sort_case().open(user_point("auto", "random", "1000"));
    workload->prepare(1, 0);
    EXPECT_THROW(workload->verify(), WrongResult);
}

TEST(SortCase, UnknownNamesAreNamed) {
    const auto text_of = [](const Point& point) {
        try {
            (void)sort_case().open(point);
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_NE(text_of(user_point("bogo", "random", "16")).find("bogo"), std::string::npos);
    EXPECT_NE(text_of(user_point("auto", "tidy", "16")).find("tidy"), std::string::npos);
}

// A case is chosen by the name under which it is listed, a point by any part of its own.
TEST(SelectPoints, ByPointOrByCase) {
    RunSettings settings;
    settings.sweep = Sweep::quick;
    settings.pattern = "copy";
    const auto copies = select_points(settings);
    EXPECT_FALSE(copies.empty());
    for (const auto& one : copies) {
        EXPECT_EQ(one.source->name(), "copy");
    }
    settings.pattern = "hello/read/";
    const auto reads = select_points(settings);
    EXPECT_FALSE(reads.empty());
    EXPECT_LT(reads.size(), copies.size());
    settings.pattern = "no such point";
    EXPECT_TRUE(select_points(settings).empty());
    settings.pattern = "(";
    EXPECT_THROW(select_points(settings), std::invalid_argument);
}

// What measuring costs is measured with every run, once for each module, and never twice.
TEST(SelectPoints, EmptyCallsGoAlong) {
    RunSettings settings;
    settings.sweep = Sweep::quick;
    settings.pattern = "hello/read/bytes=1$";
    auto points = select_points(settings);
    ASSERT_EQ(points.size(), 1U);
    add_companions(points, Sweep::quick);
    ASSERT_EQ(points.size(), 5U);
    EXPECT_EQ(points[1].point.name(), "hello/nop/call=bracket");
    EXPECT_EQ(modules_of(points), std::vector<std::string>{"hello"});
    add_companions(points, Sweep::quick);
    EXPECT_EQ(points.size(), 5U);
}

}  // namespace
}  // namespace kmb::bench
