#include "plots/figure_list.h"

#include <fmt/core.h>

#define JSON_DIAGNOSTICS 1
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/json.h"
#include "analysis/parse_json.h"

namespace kmb::plots {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kSchema = "kmodbench-figures/1";

std::string path_of(const std::string& directory) {
    return directory + "/figures/figures.json";
}

std::vector<DrawnFigure> parse(const Json& json, const std::string& path) {
    if (const std::string schema = json.at("schema"); schema != kSchema) {
        throw std::runtime_error(
            fmt::format("{}: schema '{}', this program reads '{}'; run 'kmodbench plot' again",
                        path, schema, kSchema));
    }
    std::vector<DrawnFigure> figures;
    for (const auto& one : json.at("figures")) {
        figures.push_back({one.at("name"), one.at("title_key"), one.at("title"), one.at("subject"),
                           one.at("svg"), one.at("png"), one.at("gp")});
    }
    return figures;
}

}  // namespace

void write_figure_list(const std::string& directory, const std::vector<DrawnFigure>& figures) {
    Json list = Json::array();
    for (const auto& one : figures) {
        list.push_back({{"name", one.name},
                        {"title_key", one.title_key},
                        {"title", one.title},
                        {"subject", one.subject},
                        {"svg", one.svg},
                        {"png", one.png},
                        {"gp", one.gp}});
    }
    const Json json = {{"schema", kSchema}, {"figures", list}};
    analysis::write_whole(path_of(directory),
                          json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<DrawnFigure> read_figure_list(const std::string& directory) {
    const std::string path = path_of(directory);
    if (!std::filesystem::exists(path)) {
        return {};
    }
    try {
        return parse(analysis::parse_json<Json>(analysis::read_whole(path), path), path);
    } catch (const Json::exception& error) {
        throw std::runtime_error(
            fmt::format("{}: {}; run 'kmodbench plot' again", path, error.what()));
    }
}

}  // namespace kmb::plots
