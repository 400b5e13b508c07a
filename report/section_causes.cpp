// Why samples differ, as the kernel saw it.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::CauseCost;
using analysis::Causes;
using analysis::SeriesResult;

// "0.4 %"; "-" of nothing.
std::string share(double part, double whole) {
    return whole > 0 ? fmt::format("{} %", significant(100 * part / whole, 2)) : "-";
}

// Sums over the series of one case, or of one operation of a module.
struct Group {
    Causes causes;
    std::map<std::string, CauseCost> costs;
    std::size_t samples = 0;
};

void add_to(Group& group, const SeriesResult& series) {
    const Causes& causes = series.causes;
    group.samples += series.n;
    group.causes.undisturbed += causes.undisturbed;
    group.causes.outliers += causes.outliers;
    group.causes.unexplained += causes.unexplained;
    // Where every sample was disturbed nothing says what they would have taken.
    const bool priced = causes.undisturbed > 0;
    group.causes.time += priced ? causes.time : 0;
    group.causes.lost += priced ? causes.lost : 0;
    for (const CauseCost& one : causes.costs) {
        CauseCost& sum = group.costs[one.cause];
        sum.samples += one.samples;
        sum.alone += one.alone;
        sum.time += priced ? one.time : 0;
    }
}

// In the order in which the analysis lists them.
std::vector<std::string> cause_order(const analysis::RunResult& run) {
    std::vector<std::string> order;
    for (const SeriesResult& series : run.series) {
        for (const CauseCost& one : series.causes.costs) {
            if (std::find(order.begin(), order.end(), one.cause) == order.end()) {
                order.push_back(one.cause);
            }
        }
    }
    return order;
}

Inline cause_name(const Context& context, const std::string& cause) {
    const std::string key = std::string("cause.") + cause;
    return context.words.has(key) ? context.words.say(key) : code(cause);
}

void add_totals(const Context& context, const std::map<std::string, Group>& groups) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("causes.totals", {{"unit", context.unit()}});
    table.columns = {
        {words.say("table.case"), false},       {words.say("table.samples"), true},
        {words.say("causes.disturbed"), true},  {context.with_unit(words.say("causes.lost")), true},
        {words.say("causes.of-time"), true},    {words.say("causes.outliers"), true},
        {words.say("causes.unexplained"), true}};
    for (const auto& [name, group] : groups) {
        const Causes& sum = group.causes;
        table.rows.push_back({Cell{code(name), {}}, Cell{text(grouped(group.samples)), {}},
                              Cell{text(grouped(group.samples - sum.undisturbed)), {}},
                              Cell{text(significant(sum.lost, 4)), {}},
                              Cell{text(share(sum.lost, sum.time)), {}},
                              Cell{text(grouped(sum.outliers)), {}},
                              Cell{text(grouped(sum.unexplained)),
                                   fmt::format("({})", share(static_cast<double>(sum.unexplained),
                                                             static_cast<double>(sum.outliers)))}});
    }
    context.add({table});
}

void add_each(const Context& context, const std::map<std::string, Group>& groups) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("causes.each", {{"unit", context.unit()}});
    table.columns = {{words.say("table.case"), false},
                     {words.say("causes.cause"), false},
                     {words.say("table.samples"), true},
                     {words.say("causes.alone"), true},
                     {context.with_unit(words.say("causes.lost")), true},
                     {words.say("causes.of-time"), true}};
    const auto order = cause_order(context.input.run);
    for (const auto& [name, group] : groups) {
        for (const std::string& cause : order) {
            const auto found = group.costs.find(cause);
            if (found == group.costs.end() || found->second.samples == 0) {
                continue;
            }
            const CauseCost& cost = found->second;
            table.rows.push_back({Cell{code(name), {}}, Cell{cause_name(context, cause), {}},
                                  Cell{text(grouped(cost.samples)), {}},
                                  Cell{text(grouped(cost.alone)), {}},
                                  Cell{text(significant(cost.time, 4)), {}},
                                  Cell{text(share(cost.time, group.causes.time)), {}}});
        }
    }
    if (!table.rows.empty()) {
        context.add({table});
    }
}

}  // namespace

void add_causes(const Context& context) {
    std::map<std::string, Group> groups;
    std::size_t untold = 0;
    for (const SeriesResult& series : context.input.run.series) {
        if (series.causes.told) {
            add_to(groups[series.case_name], series);
        } else {
            untold += series.n;
        }
    }
    if (groups.empty()) {
        return;
    }
    context.heading(2, "head.causes");
    context.paragraph("causes.how");
    if (untold > 0) {
        context.paragraph("causes.untold", {{"samples", text(grouped(untold))}});
    }
    add_totals(context, groups);
    add_each(context, groups);
    add_sleeping(context);
}

}  // namespace kmb::report
