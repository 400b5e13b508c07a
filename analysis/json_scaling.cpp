#include "analysis/json_parts.h"

namespace kmb::analysis::parts {
namespace {

Json write(const LawFit& one) {
    return {{"law", one.law},
            {"weight", number(one.weight)},
            {"relative_rms", number(one.relative_rms)}};
}

Json write(const Growth& one) {
    return {
        {"group", one.group},
        {"sweep", one.sweep},
        {"measure", one.measure},
        {"law", one.law},
        {"model", one.model},
        {"weight", number(one.weight)},
        {"relative_rms", number(one.relative_rms)},
        {"points", one.points},
        {"from", number(one.from)},
        {"to", number(one.to)},
        {"parameters", list(one.parameters, [](const Parameter& p) { return parts::write(p); })},
        {"exponent", one.exponent ? parts::write(*one.exponent) : Json(nullptr)},
        {"laws", list(one.laws, [](const LawFit& law) { return write(law); })},
        {"warnings", one.warnings}};
}

Growth read_growth(const Json& json) {
    Growth one;
    json.at("group").get_to(one.group);
    json.at("sweep").get_to(one.sweep);
    json.at("measure").get_to(one.measure);
    json.at("law").get_to(one.law);
    json.at("model").get_to(one.model);
    one.weight = number(json.at("weight"));
    one.relative_rms = number(json.at("relative_rms"));
    json.at("points").get_to(one.points);
    one.from = number(json.at("from"));
    one.to = number(json.at("to"));
    one.parameters = list(json.at("parameters"), read_parameter);
    if (const Json& exponent = json.at("exponent"); !exponent.is_null()) {
        one.exponent = read_estimate(exponent);
    }
    one.laws = list(json.at("laws"), [](const Json& law) {
        return LawFit{law.at("law"), number(law.at("weight")), number(law.at("relative_rms"))};
    });
    json.at("warnings").get_to(one.warnings);
    return one;
}

Json write(const PieceFit& one) {
    return {
        {"points", one.points},
        {"from", number(one.from)},
        {"to", number(one.to)},
        {"parameters", list(one.parameters, [](const Parameter& p) { return parts::write(p); })}};
}

Json write(const Pieces& one) {
    return {{"group", one.group},
            {"sweep", one.sweep},
            {"measure", one.measure},
            {"relative_rms", number(one.relative_rms)},
            {"pieces", list(one.pieces, [](const PieceFit& piece) { return write(piece); })},
            {"knees", list(one.knees, [](const Estimate& knee) { return parts::write(knee); })}};
}

Pieces read_pieces(const Json& json) {
    Pieces one;
    json.at("group").get_to(one.group);
    json.at("sweep").get_to(one.sweep);
    json.at("measure").get_to(one.measure);
    one.relative_rms = number(json.at("relative_rms"));
    one.pieces = list(json.at("pieces"), [](const Json& piece) {
        return PieceFit{piece.at("points"), number(piece.at("from")), number(piece.at("to")),
                        list(piece.at("parameters"), read_parameter)};
    });
    one.knees = list(json.at("knees"), read_estimate);
    return one;
}

Json write(const Crossover& one) {
    Json json = {{"family", one.family}, {"sweep", one.sweep}, {"measure", one.measure},
                 {"below", one.below},   {"above", one.above}, {"leading", one.leading}};
    json.update(parts::write(one.at));
    return json;
}

Crossover read_crossover(const Json& json) {
    return {json.at("family"), json.at("sweep"),    json.at("measure"), json.at("below"),
            json.at("above"),  read_estimate(json), json.at("leading")};
}

}  // namespace

Json write_growth(const RunResult& run) {
    return list(run.growth, [](const Growth& one) { return write(one); });
}

Json write_pieces(const RunResult& run) {
    return list(run.pieces, [](const Pieces& one) { return write(one); });
}

Json write_crossovers(const RunResult& run) {
    return list(run.crossovers, [](const Crossover& one) { return write(one); });
}

void read_scaling(const Json& json, RunResult& run) {
    const auto read = [&](const char* key, auto one, auto& into) {
        if (const auto there = json.find(key); there != json.end()) {
            into = list(*there, one);
        }
    };
    read("growth", read_growth, run.growth);
    read("pieces", read_pieces, run.pieces);
    read("crossovers", read_crossover, run.crossovers);
}

}  // namespace kmb::analysis::parts
