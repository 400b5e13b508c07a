// manifest.json (docs/format-manifest.md): where, with what and how a run was measured.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bench/module_loader.h"
#include "bench/run.h"
#include "bench/runner.h"
#include "bench/target.h"

namespace kmb::bench {

// What a resumed run must know again.
nlohmann::json request_to_json(const RunRequest& request, const std::string& target);
// manifest.json of a results directory. Throws std::runtime_error naming it.
nlohmann::json read_manifest(const std::string& directory);
// Throws std::runtime_error where something is missing or of another type.
void request_from_json(const nlohmann::json& stored, RunRequest& request);

// The part that only the measured kernel can tell.
nlohmann::json measured_part(const std::vector<LoadedModule>& modules,
                             const std::vector<Selected>& points, const RunSettings& settings);

// The part that is known before the start.
nlohmann::json outer_part(const RunRequest& request, const Target& target);

}  // namespace kmb::bench
