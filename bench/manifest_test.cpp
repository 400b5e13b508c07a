#include "bench/manifest.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace kmb::bench {
namespace {

using nlohmann::json;

RunRequest some_request() {
    RunRequest request;
    request.sweep = Sweep::quick;
    request.pattern = "^sort/";
    request.seed = 18446744073709551615ULL;
    request.cpu = 3;
    request.limits.max_samples = 100;
    request.limits.budget_seconds = 2.5;
    request.benchmark_flags = {"--benchmark_min_time=0.1"};
    request.vm_flags = {"--cpus", "2"};
    request.device.emplace();
    request.device->node = "/dev/mine";
    request.device->operations = {"read"};
    request.device->ko = "mine.ko";
    return request;
}

TEST(Manifest, WhatWasAskedForComesBack) {
    const auto stored = request_to_json(some_request(), "sim");
    RunRequest again;
    request_from_json(json::parse(stored.dump()), again);
    EXPECT_EQ(again.target, "sim");
    EXPECT_EQ(request_to_json(again, "sim"), stored);
}

TEST(Manifest, WhatIsMissingOrOfAnotherTypeIsSaid) {
    const auto stored = request_to_json(some_request(), "sim");
    const auto expect_refused = [](const json& damaged) {
        RunRequest request;
        try {
            request_from_json(damaged, request);
            ADD_FAILURE() << damaged;
        } catch (const std::runtime_error& error) {
            const std::string said = error.what();
            EXPECT_NE(said.find("manifest.json"), std::string::npos) << said;
            EXPECT_NE(said.find("start a new run"), std::string::npos) << said;
        }
    };
    expect_refused(json::array());
    for (const char* key : {"target", "sweep", "pattern", "seed", "benchmark_flags", "vm_flags"}) {
        auto damaged = stored;
        damaged.erase(key);
        expect_refused(damaged);
    }
    for (const char* key : {"target", "pattern", "seed", "cpu", "max_samples", "budget_seconds",
                            "benchmark_flags", "vm_flags", "device"}) {
        auto damaged = stored;
        damaged[key] = json::object({{"of", "another type"}});
        expect_refused(damaged);
    }
}

}  // namespace
}  // namespace kmb::bench
