// How times change with the size: laws of growth, knees, and where variants cross.
#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

constexpr int kFinest = 9;

bool among(const std::vector<std::string>& groups, const std::string& group) {
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

Cell cell(const analysis::Estimate& estimate, int least) {
    if (!estimate.interval) {
        return {text(significant(estimate.value, 4)), {}};
    }
    const Rounded shown = rounded(estimate, least);
    return {text(shown.value), shown.interval};
}

// A size, with the measured sizes that it lies between.
Cell place_cell(const analysis::Estimate& at) {
    return {text(significant(at.value, 2)), "[" + significant(at.interval->low, 15) + ", " +
                                                significant(at.interval->high, 15) + "]"};
}

Cell parameter_cell(const std::vector<analysis::Parameter>& all, const std::string& name) {
    for (const analysis::Parameter& one : all) {
        if (one.name == name) {
            return cell(one.estimate, kFinest);
        }
    }
    return {text("-"), {}};
}

Cell range_cell(const Words& words, double low, double high) {
    return {words.say("range",
                      {{"low", text(significant(low, 15))}, {"high", text(significant(high, 15))}}),
            {}};
}

// Whether a crossover is one of the variant whose sweep is this group.
bool of_group(const analysis::Crossover& crossover, const std::string& group) {
    return std::any_of(std::begin(kVariantKeys), std::end(kVariantKeys), [&](const char* key) {
        const std::string part = "/" + std::string(key) + "=" + crossover.below;
        const std::size_t at = group.find(part);
        return at != std::string::npos &&
               group.substr(0, at) + group.substr(at + part.size()) == crossover.family;
    });
}

}  // namespace

Table growth_table(const Context& context, const std::vector<std::string>& groups) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("scaling.growth");
    table.columns = {{words.say("table.group"), false},   {words.say("table.measure"), false},
                     {words.say("scaling.law"), false},   {words.say("scaling.free"), true},
                     {words.say("scaling.leaves"), true}, {words.say("table.points"), true},
                     {words.say("scaling.sizes"), true}};
    for (const analysis::Growth& growth : context.input.run.growth) {
        if (!among(groups, growth.group)) {
            continue;
        }
        const bool none = growth.law == "none";
        table.rows.push_back({{code(growth.group), {}},
                              {code(growth.measure), {}},
                              {none ? words.say("scaling.none") : code(growth.model), {}},
                              growth.exponent ? cell(*growth.exponent, 4) : Cell{text("-"), {}},
                              {text(grouped(100 * growth.relative_rms, 1) + " %"), {}},
                              {text(grouped(growth.points)), {}},
                              range_cell(words, growth.from, growth.to)});
    }
    return table;
}

Table knee_table(const Context& context, const std::vector<std::string>& groups) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("scaling.knees", {{"unit", context.unit()}});
    table.columns = {{words.say("table.group"), false},
                     {words.say("table.measure"), false},
                     {words.say("scaling.sizes"), true},
                     {code("a"), true},
                     {code("b"), true},
                     {words.say("scaling.knee"), true}};
    for (const analysis::Pieces& one : context.input.run.pieces) {
        if (!among(groups, one.group) || one.knees.empty()) {
            continue;
        }
        for (std::size_t k = 0; k < one.pieces.size(); ++k) {
            const analysis::PieceFit& piece = one.pieces[k];
            table.rows.push_back(
                {{code(one.group), {}},
                 {code(one.measure), {}},
                 range_cell(words, piece.from, piece.to),
                 parameter_cell(piece.parameters, "a"),
                 parameter_cell(piece.parameters, "b"),
                 k < one.knees.size() ? place_cell(one.knees[k]) : Cell{text("-"), {}}});
        }
    }
    return table;
}

Table crossover_table(const Context& context, const std::vector<std::string>& groups) {
    // Variants that cannot be told apart take the lead from the same one at once: one row.
    using Place = std::tuple<std::string, double, double, std::string>;
    std::map<Place, std::vector<const analysis::Crossover*>> rows;
    for (const analysis::Crossover& one : context.input.run.crossovers) {
        const bool here = std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
            return of_group(one, group);
        });
        if (one.leading && here && one.at.interval) {
            rows[{one.family, one.at.interval->low, one.at.interval->high, one.below}].push_back(
                &one);
        }
    }
    const Words& words = context.words;
    Table table;
    table.caption = words.say("scaling.crossovers");
    table.columns = {{words.say("table.group"), false},
                     {words.say("scaling.below"), false},
                     {words.say("scaling.crossing"), true},
                     {words.say("scaling.above"), false}};
    for (const auto& [place, all] : rows) {
        Inline above;
        for (const analysis::Crossover* one : all) {
            append(above, text(above.empty() ? "" : ", "));
            append(above, code(one->above));
        }
        const analysis::Crossover& first = *all.front();
        table.rows.push_back(
            {{code(first.family), {}}, {code(first.below), {}}, place_cell(first.at), {above, {}}});
    }
    return table;
}

}  // namespace kmb::report
