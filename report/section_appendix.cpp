// Every point: what the main text shows a choice of.
#include <algorithm>
#include <limits>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::Measure;
using analysis::SeriesResult;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

// All against kept, of the primary measure.
Table comparison(const Context& context, const Grid& grid) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("appendix.comparison", {{"unit", context.unit()}});
    table.columns = {{words.say("table.point"), false},
                     {words.say("table.measure"), false},
                     {words.say("table.samples"), true},
                     {words.say("removed.removed"), true},
                     {context.with_unit(words.say("removed.median-all")), true},
                     {context.with_unit(words.say("removed.median-kept")), true},
                     {context.with_unit(words.say("bracket.net")), true},
                     {context.with_unit(words.say("removed.mean-all")), true},
                     {context.with_unit(words.say("removed.mean-kept")), true},
                     {context.with_unit(words.say("appendix.sd")), true},
                     {context.with_unit(words.say("appendix.mad")), true},
                     {context.with_unit(words.say("appendix.min")), true},
                     {context.with_unit(words.say("appendix.max")), true}};
    for (const SeriesResult& series : context.input.run.series) {
        const Measure* measure = find_measure(series, series.primary);
        if (series.case_name != grid.case_name || measure == nullptr) {
            continue;
        }
        const auto median = [](const analysis::Summary& summary) {
            const Rounded shown = rounded(summary.median, 1);
            return Cell{text(shown.value), shown.interval};
        };
        const auto net = [](const std::optional<analysis::Estimate>& value) {
            const Rounded shown = value ? rounded(*value, 1) : Rounded{"-", {}};
            return Cell{text(shown.value), shown.interval};
        };
        const auto mean = [](const analysis::Summary& summary) {
            return Cell{text(alike(summary.mean.value, summary.median, 1)), {}};
        };
        const auto number = [](double value, int digits) {
            return Cell{text(significant(value, digits)), {}};
        };
        table.rows.push_back(
            {Cell{code(series.point), {}}, Cell{code(measure->name), {}},
             Cell{text(grouped(series.n)), {}}, Cell{text(grouped(series.removed.rows.size())), {}},
             median(measure->all), median(measure->kept), net(series.net), mean(measure->all),
             mean(measure->kept), number(measure->all.sd, 3), number(measure->all.mad, 4),
             number(measure->all.min, 12), number(measure->all.max, 12)});
    }
    return table;
}

}  // namespace

void add_appendix(const Context& context, bool whole) {
    if (context.grids.empty()) {
        return;
    }
    context.heading(2, "head.appendix");
    if (!whole) {
        const std::size_t points = context.input.run.series.size();
        context.paragraph("appendix.elsewhere", {{"points", text(grouped(points))}});
        return;
    }
    for (const Grid& grid : context.grids) {
        std::vector<std::string> groups;
        bool all_shown = true;
        for (const Panel& panel : grid.panels) {
            all_shown = all_shown && shown_in_results(grid, panel);
            groups.insert(groups.end(), panel.groups.begin(), panel.groups.end());
            PanelTable made = panel_table(context, grid, panel, kAll, true);
            const std::string labels = joined(panel.labels);
            const std::string name = grid.case_name + (labels.empty() ? "" : ": " + labels);
            context.add({Folded{context.words.say("appendix.panel", {{"name", text(name)}}),
                                {Block{std::move(made.table)}}}});
        }
        const Table fits = fit_table(context, grid, groups);
        if (!fits.rows.empty() && !all_shown) {
            std::vector<Block> blocks{Block{fits}};
            for (Table& table :
                 std::vector{growth_table(context, groups), crossover_table(context, groups)}) {
                if (!table.rows.empty()) {
                    blocks.push_back({std::move(table)});
                }
            }
            context.add(
                {Folded{context.words.say("appendix.fits", {{"name", text(grid.case_name)}}),
                        std::move(blocks)}});
        }
        Table grades = grade_table(context, grid.case_name);
        if (!grades.rows.empty()) {
            context.add(
                {Folded{context.words.say("appendix.grades", {{"name", text(grid.case_name)}}),
                        {Block{std::move(grades)}}}});
        }
        context.add({Folded{context.words.say("appendix.removal", {{"name", text(grid.case_name)}}),
                            {Block{comparison(context, grid)}}}});
    }
}

}  // namespace kmb::report
