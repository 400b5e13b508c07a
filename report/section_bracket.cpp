// What measuring itself cost, and what is left of the points when it is taken off.
#include <algorithm>
#include <cmath>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::Measure;
using analysis::SeriesResult;

constexpr std::size_t kMostShown = 20;
constexpr double kMatters = 0.01;  // share of a median below which a bracket is no matter

Cell estimate(const analysis::Estimate& value) {
    const Rounded shown = rounded(value, 1);
    return {text(shown.value), shown.interval};
}

// Share of the median that is the measuring's own.
double share_of(const SeriesResult& series) {
    const Measure* measure = find_measure(series, series.primary);
    const double median = measure == nullptr ? 0 : measure->kept.median.value;
    return median > 0 ? 1 - series.net->value / median : 0;
}

}  // namespace

void add_bracket(const Context& context) {
    const Words& words = context.words;
    std::vector<const SeriesResult*> matter;
    std::size_t all = 0;
    for (const SeriesResult& series : context.input.run.series) {
        if (series.net && series.operation != "nop") {
            ++all;
            if (share_of(series) >= kMatters) {
                matter.push_back(&series);
            }
        }
    }
    if (all == 0) {
        return;
    }
    context.heading(2, "head.bracket");
    context.paragraph("bracket.how",
                      {{"few", text(grouped(all - matter.size()))}, {"all", text(grouped(all))}});
    if (matter.empty()) {
        return;
    }
    std::stable_sort(matter.begin(), matter.end(),
                     [](const auto* a, const auto* b) { return share_of(*a) > share_of(*b); });
    Table table;
    table.caption = words.say("bracket.table", {{"unit", context.unit()}});
    table.columns = {{words.say("table.point"), false},
                     {words.say("table.measure"), false},
                     {words.say("removed.median-kept"), true},
                     {words.say("bracket.net"), true},
                     {words.say("bracket.share"), true}};
    for (std::size_t i = 0; i < std::min(kMostShown, matter.size()); ++i) {
        const SeriesResult& series = *matter[i];
        const Measure* measure = find_measure(series, series.primary);
        table.rows.push_back({{code(series.point), {}},
                              {code(series.primary), {}},
                              estimate(measure->kept.median),
                              estimate(*series.net),
                              {text(significant(100 * share_of(series), 2) + " %"), {}}});
    }
    context.add({table});
    if (matter.size() > kMostShown) {
        context.paragraph("bracket.more", {{"shown", text(grouped(kMostShown))},
                                           {"all", text(grouped(matter.size()))}});
    }
}

}  // namespace kmb::report
