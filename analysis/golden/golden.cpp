#include "analysis/golden/golden.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "analysis/json.h"
#include "analysis/parse_json.h"

namespace kmb::analysis::golden {
namespace {

namespace fs = std::filesystem;

Inputs read_inputs(const Json& reference, const std::string& folder) {
    Inputs inputs;
    const Json sources = reference.value("inputs", Json::object());
    for (const auto& [name, source] : sources.items()) {
        if (source.is_string()) {
            const std::string path = folder + "/" + source.get<std::string>();
            inputs.add(name, parse_table(read_whole(path), path));
        } else {
            inputs.add(name, source.get<std::vector<double>>());
        }
    }
    return inputs;
}

// What a case says beside its parameters: a statistic in its name ("tiny_5/median"), a
// model in words ("y ~ polynomial degree 2, with intercept").
Json read_params(const Json& reference) {
    Json params = reference.contains("params") && reference["params"].is_object()
                      ? reference["params"]
                      : Json::object();
    const std::string id = reference.value("id", "");
    const auto slash = id.rfind('/');
    if (slash != std::string::npos && !params.contains("stat")) {
        params["stat"] = id.substr(slash + 1);
    }
    if (reference.contains("intercept")) {
        params["intercept"] = reference["intercept"];
    }
    const std::string model = reference.value("model", "");
    const std::string word = "degree ";
    if (const auto at = model.find(word); at != std::string::npos) {
        int degree = 1;
        std::from_chars(model.data() + at + word.size(), model.data() + model.size(), degree);
        params["degree"] = degree;
    }
    return params;
}

Score run_case(const std::string& method, const Json& reference, const Json& default_tol,
               const std::string& folder) {
    try {
        const Inputs inputs = read_inputs(reference, folder);
        const Json got = evaluate(method, inputs, read_params(reference));
        const Subject subject{reference, default_tol, inputs, got};
        if (reference.contains("expected")) {
            return score_expected(subject, method);
        }
        if (reference.contains("certified")) {
            return score_certified(subject);
        }
        if (reference.contains("accept")) {
            return score_accept(subject);
        }
        return {{"nothing to compare with: no expected, certified or accept"}, {}};
    } catch (const std::exception& error) {
        return {{error.what()}, {}};
    }
}

void run_cases(const Json& file, const fs::path& path, const std::string& folder, Report& report) {
    if (!file.is_object() || file.value("schema", "") != "kmodbench-golden/1" ||
        !file.contains("cases") || !file["cases"].is_array()) {
        throw std::runtime_error(fmt::format(
            "{}: no cases in the schema kmodbench-golden/1; name a folder of such files",
            path.string()));
    }
    const std::string method = file.value("method", path.stem().string());
    const Json tol = file.value("default_tol", Json::object());
    for (const Json& reference : file["cases"]) {
        report.cases.push_back(
            {method, reference.value("id", "?"), run_case(method, reference, tol, folder)});
    }
}

void run_file(const fs::path& path, const std::string& folder, Report& report) {
    try {
        run_cases(parse_json<Json>(read_whole(path.string()), path.string()), path, folder, report);
    } catch (const Json::exception& error) {
        throw std::runtime_error(
            fmt::format("{}: not JSON, or not in the schema kmodbench-golden/1: {}", path.string(),
                        error.what()));
    }
}

}  // namespace

std::size_t Report::right() const {
    return static_cast<std::size_t>(std::count_if(
        cases.begin(), cases.end(), [](const CaseResult& one) { return one.score.right(); }));
}

std::size_t Report::methods() const {
    std::set<std::string> names;
    for (const CaseResult& one : cases) {
        names.insert(one.method);
    }
    return names.size();
}

Report run(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    if (failed) {
        throw std::runtime_error(fmt::format("{}: {}", folder, failed.message()));
    }
    std::sort(files.begin(), files.end());
    Report report;
    for (const fs::path& path : files) {
        run_file(path, folder, report);
    }
    if (report.cases.empty()) {
        throw std::runtime_error(
            fmt::format("{}: no *.json with reference cases; name a folder that has them", folder));
    }
    return report;
}

}  // namespace kmb::analysis::golden
