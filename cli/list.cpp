#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "bench/runner.h"
#include "cli/verbs.h"

namespace kmb::cli {

int list(const ListOptions& options) {
    bench::RunSettings settings;
    settings.sweep = options.quick ? bench::Sweep::quick : bench::Sweep::full;
    settings.pattern = options.pattern;
    const auto selected = bench::select_points(settings);
    nlohmann::json cases = nlohmann::json::array();
    for (const auto& entry : bench::all_cases()) {
        nlohmann::json points = nlohmann::json::array();
        for (const auto& one : selected) {
            if (one.source == entry.get()) {
                points.push_back(one.point.name());
            }
        }
        if (points.empty()) {
            continue;
        }
        cases.push_back({{"case", entry->name()},
                         {"description", entry->description()},
                         {"module", entry->module()},
                         {"points", points}});
    }
    if (options.json) {
        fmt::print("{}\n", cases.dump(2));
        return 0;
    }
    for (const auto& entry : cases) {
        fmt::print("{} ({}): {}, {} points\n", entry["case"].get<std::string>(),
                   entry["module"].get<std::string>(), entry["description"].get<std::string>(),
                   entry["points"].size());
        for (const auto& point : entry["points"]) {
            fmt::print("  {}\n", point.get<std::string>());
        }
    }
    return 0;
}

}  // namespace kmb::cli
