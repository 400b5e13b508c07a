// The case `fib` without a device: its points, and every user-space point of the
// quick sweep measured and verified.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "bench/case.h"

namespace kmb::bench {
namespace {

const Case& fib_case() {
    for (const auto& one : all_cases()) {
        if (one->name() == "fib") {
            return *one;
        }
    }
    throw std::runtime_error("no case fib");
}

TEST(FibCase, PointsAreUniqueAndReachAHundredThousandWithEveryVariant) {
    std::set<std::string> names;
    std::set<std::string> variants;
    std::set<std::string> reaching;
    for (const Point& point : fib_case().points(Sweep::full)) {
        EXPECT_TRUE(names.insert(point.name()).second) << point.name();
        variants.insert(point.at("algo"));
        if (point.number("n") >= 100000) {
            reaching.insert(point.at("algo"));
        }
    }
    EXPECT_TRUE(variants.count("mpi"));
    variants.erase("iterate64");
    variants.erase("nop");
    EXPECT_EQ(variants, reaching);
}

TEST(FibCase, UserSpacePointsVerify) {
    for (const Point& point : fib_case().points(Sweep::quick)) {
        if (point.at("where") != "user") {
            continue;
        }
        const auto workload = fib_case().open(point);
        for (std::uint64_t rep = 0; rep < 2; ++rep) {
            Sample sample;
            workload->prepare(1, rep);
            workload->run(sample);
            EXPECT_NO_THROW(workload->verify()) << point.name();
            if (point.operation == "text") {
                EXPECT_EQ(sample.total, sample.work + sample.copy_out);
            } else {
                EXPECT_EQ(sample.total, sample.work);
            }
            EXPECT_EQ(sample.extra.size(), workload->extra_columns().size());
        }
    }
}

// A result that was not computed this time must be noticed.
TEST(FibCase, AStaleResultIsWrong) {
    for (const Point& point : fib_case().points(Sweep::quick)) {
        if (point.at("where") == "user" && point.number("n") == 1000) {
            const auto workload = fib_case().open(point);
            Sample sample;
            workload->prepare(1, 0);
            workload->run(sample);
            workload->prepare(1, 1);
            EXPECT_THROW(workload->verify(), WrongResult) << point.name();
        }
    }
}

}  // namespace
}  // namespace kmb::bench
