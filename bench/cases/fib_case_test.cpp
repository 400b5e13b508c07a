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

bool in_user_space(const Point& point) {
    return point.operation != "read" && point.operation != "fresh" && point.at("where") == "user";
}

TEST(FibCase, PointsAreUniqueAndReachAHundredThousandWithEveryVariant) {
    std::set<std::string> names;
    std::set<std::string> variants;
    std::set<std::string> reaching;
    for (const Point& point : fib_case().points(Sweep::full)) {
        EXPECT_TRUE(names.insert(point.name()).second) << point.name();
        if (point.operation == "read") {
            continue;
        }
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

// A crossover is looked for between indices that both variants were measured at.
TEST(FibCase, NeighboursMeetAtTheSameIndices) {
    const auto indices = [](const std::string& operation, const std::string& variant) {
        std::set<std::int64_t> result;
        for (const Point& point : fib_case().points(Sweep::full)) {
            if (point.operation == operation && point.at("where") == "user" &&
                point.at("algo") == variant) {
                result.insert(point.number("n"));
            }
        }
        return result;
    };
    const auto common = [&](const char* operation, const char* a, const char* b, std::int64_t from,
                            std::int64_t to) {
        const auto first = indices(operation, a);
        const auto second = indices(operation, b);
        return std::count_if(first.begin(), first.end(), [&](std::int64_t n) {
            return n >= from && n <= to && second.count(n) != 0;
        });
    };
    EXPECT_GE(common("fib", "bignum_add", "fast_doubling", 2, 10), 6);
    EXPECT_GE(common("fib", "fast_doubling", "karatsuba", 2000, 10000), 9);
    EXPECT_GE(common("fib", "karatsuba", "toom3", 20000, 60000), 7);
    EXPECT_GE(common("fib", "toom3", "toom4", 50000, 200000), 7);
    EXPECT_GE(common("fib", "toom4", "ntt", 200000, 500000), 6);
    EXPECT_GE(common("text", "decimal", "ntt", 200, 1000), 7);
}

TEST(FibCase, UserSpacePointsVerify) {
    for (const Point& point : fib_case().points(Sweep::quick)) {
        if (!in_user_space(point)) {
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
        if (in_user_space(point) && point.number("n") == 1000) {
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
