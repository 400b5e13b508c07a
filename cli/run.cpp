#include "bench/run.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/ksamp_reader.h"
#include "bench/manifest.h"
#include "cli/verbs.h"

namespace kmb::cli {
namespace {

namespace fs = std::filesystem;

// What a killed run was asked for and what of it is done.
void take_up(bench::RunRequest& request) {
    const auto manifest = bench::read_manifest(request.resume);
    if (manifest.contains("finished")) {
        throw std::runtime_error(request.resume + ": this run was finished; nothing to resume");
    }
    bench::request_from_json(manifest.at("request"), request);
    for (const auto& entry : fs::directory_iterator(request.resume)) {
        if (entry.path().extension() == ".ksamp") {
            for (const auto& one : analysis::round_medians(entry.path().string())) {
                request.complete.emplace(
                    std::pair(one.point, static_cast<std::uint64_t>(one.round)), one.median);
            }
        }
    }
}

}  // namespace

int run(const RunOptions& options) {
    auto request = options.request;
    if (!options.inside.empty()) {
        return bench::run_inside({.request = request,
                                  .target = options.inside,
                                  .stream = options.stream,
                                  .skip = options.skip,
                                  .plan = options.plan});
    }
    if (!request.resume.empty()) {
        take_up(request);
    }
    return bench::run(std::move(request));
}

}  // namespace kmb::cli
