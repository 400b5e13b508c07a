// The xoro case without its module: points, the kernel's own bytes, and user space.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "bench/case.h"

namespace kmb::bench {
namespace {

const Case& xoro_case() {
    for (const auto& one : all_cases()) {
        if (one->name() == "xoro") {
            return *one;
        }
    }
    throw std::runtime_error("the list of cases has no xoro");
}

TEST(XoroCase, PointsAreUniqueAndNameEverySource) {
    std::set<std::string> names;
    std::set<std::string> sources;
    for (const Point& point : xoro_case().points(Sweep::full)) {
        EXPECT_TRUE(names.insert(point.name()).second) << point.name();
        sources.insert(point.at("where") + ' ' + point.at("algo"));
    }
    for (const char* source : {"kernel getrandom", "kernel urandom", "kernel xoshiro256ss",
                               "user xoshiro256ss", "user xoroshiro128pp"}) {
        EXPECT_TRUE(sources.contains(source)) << source;
    }
}

TEST(XoroCase, WhatNeedsNoModuleRunsAndVerifies) {
    for (const Point& point : xoro_case().points(Sweep::full)) {
        const bool own = point.at("algo") == "urandom" || point.at("algo") == "getrandom";
        if (point.at("where") == "kernel" && !own) {
            continue;
        }
        const auto workload = xoro_case().open(point);
        for (std::uint64_t rep = 0; rep < 2; ++rep) {
            Sample sample;
            workload->prepare(1, rep);
            workload->run(sample);
            EXPECT_NO_THROW(workload->verify()) << point.name();
            EXPECT_GE(sample.user, 0);
            EXPECT_EQ(sample.work == kAbsent, own) << point.name();
        }
    }
}

TEST(XoroCase, BytesThatWereNotMadeAreFound) {
    for (const Point& point : xoro_case().points(Sweep::quick)) {
        if (point.at("where") == "user") {
            const auto workload = xoro_case().open(point);
            workload->prepare(1, 0);
            EXPECT_THROW(workload->verify(), WrongResult) << point.name();
        }
    }
}

}  // namespace
}  // namespace kmb::bench
