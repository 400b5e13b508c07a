// What was measured, case by case: tables, fitted laws, figures.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::Measure;
using analysis::SeriesResult;

// The measures of the main text, in the order of a call, and of the appendix.
constexpr const char* kMainMeasures[] = {"user", "total", "overhead"};
constexpr const char* kAllMeasures[] = {"user",    "total", "overhead", "entry",
                                        "copy_in", "work",  "copy_out", "exit"};

// The finest digit of a fitted parameter: a cost a byte may be a millionth.
constexpr int kFinest = 9;

// More variants than this run down a table, and this many sizes then across.
constexpr std::size_t kMostColumns = 8;
constexpr std::size_t kMainColumns = 8;

Cell estimate_cell(const Measure* measure) {
    if (measure == nullptr) {
        return {text("-"), {}};
    }
    const Rounded median = rounded(measure->all.median, 1);
    const bool none = !measure->all.median.interval.has_value();
    return {text(median.value), none ? "[?]" : median.interval};
}

bool has_measure(const Panel& panel, const std::string& name) {
    return std::any_of(panel.cells.begin(), panel.cells.end(), [&](const auto& entry) {
        return find_measure(*entry.second, name) != nullptr;
    });
}

std::vector<std::string> measures_of(const Panel& panel, bool every) {
    std::vector<std::string> names;
    const auto add = [&](const char* name) {
        if (has_measure(panel, name)) {
            names.emplace_back(name);
        }
    };
    if (every) {
        std::for_each(std::begin(kAllMeasures), std::end(kAllMeasures), add);
    } else {
        std::for_each(std::begin(kMainMeasures), std::end(kMainMeasures), add);
    }
    if (names.empty() && !panel.cells.empty()) {
        names.push_back(panel.cells.begin()->second->primary);
    }
    return names;
}

Cell row_title(const Grid& grid, double row) {
    return {grid.sweep.empty() ? text("") : text(significant(row, 15)), {}};
}

// Kernel side variants are compared by the measure that removal judged; a user
// space variant has only the time that the program saw.
const Measure* primary_of(const SeriesResult* series) {
    return series == nullptr ? nullptr : find_measure(*series, series->primary);
}

// Measures named in the caption, "work" or "work, user".
std::string primaries(const Panel& panel) {
    std::set<std::string> names;
    for (const auto& [at, series] : panel.cells) {
        names.insert(series->primary);
    }
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

Inline caption(const Context& context, const Grid& grid, const Panel& panel, bool variants) {
    Inline out;
    Labels labels = panel.labels;
    for (const auto& [key, value] : grid.constant) {
        if (key != "module" && key != "operation") {
            labels.emplace_back(key, value);
        }
    }
    for (const auto& label : labels) {
        append(out, text(out.empty() ? "" : " "));
        append(out, code(label_text(label)));
    }
    append(out, text(out.empty() ? "" : context.words.plainly("colon")));
    append(out, context.words.say(variants ? "results.caption-variants" : "results.caption",
                                  {{"unit", context.unit()}, {"measure", code(primaries(panel))}}));
    return out;
}

Inline sweep_title(const Context& context, const Grid& grid) {
    return grid.sweep.empty() ? context.words.say("table.point") : code(grid.sweep);
}

// The largest size at which most of the case's tables have two variants or more.
double crossing_size(const Grid& grid) {
    std::map<double, std::size_t> panels_at;
    for (const Panel& panel : grid.panels) {
        std::map<double, std::size_t> variants_at;
        for (const auto& [at, series] : panel.cells) {
            ++variants_at[at.first];
        }
        for (const auto& [size, variants] : variants_at) {
            panels_at[size] += variants > 1 ? 1 : 0;
        }
    }
    double best = 0;
    std::size_t most = 0;
    for (const auto& [size, panels] : panels_at) {
        if (panels >= most) {
            best = size;
            most = panels;
        }
    }
    return best;
}

// Variants by input at one size: which input suits which variant.
void add_cross_table(const Context& context, const Grid& grid) {
    const double size = crossing_size(grid);
    std::set<std::string> variants;
    Table table;
    table.caption = context.words.say("results.cross", {{"sweep", code(grid.sweep)},
                                                        {"size", text(significant(size, 15))},
                                                        {"unit", context.unit()}});
    table.columns.push_back({context.words.say("table.variant"), false});
    std::vector<const Panel*> panels;
    for (const Panel& panel : grid.panels) {
        std::set<std::string> here;
        for (const auto& [at, series] : panel.cells) {
            if (at.first == size) {
                here.insert(at.second);
            }
        }
        if (here.size() > 1) {
            panels.push_back(&panel);
            variants.insert(here.begin(), here.end());
            table.columns.push_back({context.with_unit(code(joined(panel.labels))), true});
        }
    }
    if (panels.size() < 2) {
        return;
    }
    for (const std::string& variant : variants) {
        std::vector<Cell> row{{code(variant), {}}};
        for (const Panel* panel : panels) {
            row.push_back(estimate_cell(primary_of(panel->at(size, variant))));
        }
        table.rows.push_back(std::move(row));
    }
    context.add({table});
}

void add_figure(const Context& context, const Figure& figure) {
    const std::string key = "figure." + figure.name;
    Inline caption = context.words.has(key) ? context.words.say(key) : text(figure.title);
    const std::string alternative = plain(caption);
    if (!figure.subject.empty()) {
        append(caption, text(" "));
        append(caption, code(figure.subject));
    }
    context.add({Picture{figure.file, figure.content, figure.type, alternative, caption}});
}

// "copy-overhead" belongs to the case "copy", "fibonacci-scaling" to "fib".
bool of_case(const Figure& figure, const std::string& name) {
    return figure.name.starts_with(name);
}

// Nothing is swept: a table a point would be a table a row.
bool without_sweep(const Grid& grid) {
    return grid.sweep.empty() && grid.panels.size() > 1 &&
           std::all_of(grid.panels.begin(), grid.panels.end(),
                       [](const Panel& panel) { return panel.columns.size() == 1; });
}

// One table, a row a point.
void add_points(const Context& context, const Grid& grid) {
    Table table;
    table.caption = context.words.say("results.caption", {{"unit", context.unit()}});
    table.columns.push_back({context.words.say("table.point"), false});
    std::vector<std::string> measures;
    for (const char* measure : kMainMeasures) {
        if (std::any_of(grid.panels.begin(), grid.panels.end(),
                        [&](const Panel& panel) { return has_measure(panel, measure); })) {
            measures.emplace_back(measure);
            table.columns.push_back({context.measure_title(measure), true});
        }
    }
    for (const Panel& panel : grid.panels) {
        std::vector<Cell> row{{code(joined(panel.labels)), {}}};
        const SeriesResult* series = panel.at(panel.rows.front(), panel.columns.front());
        for (const std::string& measure : measures) {
            row.push_back(
                estimate_cell(series == nullptr ? nullptr : find_measure(*series, measure)));
        }
        table.rows.push_back(std::move(row));
    }
    context.add({table});
}

void add_case(const Context& context, const Grid& grid) {
    const std::string key = "case." + grid.case_name;
    Inline title = context.words.has(key) ? context.words.say(key) : text("");
    append(title, title.empty() || plain(title).empty() ? Inline{} : text(" "));
    append(title, code(grid.case_name));
    context.add({Heading{3, title, {}}});
    bool complete = true;
    std::vector<std::string> groups;
    if (without_sweep(grid)) {
        add_points(context, grid);
        return;
    }
    for (const Panel& panel : grid.panels) {
        if (!shown_in_results(grid, panel)) {
            complete = false;
            continue;
        }
        PanelTable made = panel_table(context, grid, panel, kMainRows, false);
        complete = complete && made.complete;
        groups.insert(groups.end(), panel.groups.begin(), panel.groups.end());
        context.add({std::move(made.table)});
    }
    if (grid.panels.size() > kMainPanels) {
        add_cross_table(context, grid);
    }
    if (!complete) {
        context.paragraph("results.more");
    }
    for (Table& table :
         std::vector{fit_table(context, grid, groups), growth_table(context, groups),
                     knee_table(context, groups), crossover_table(context, groups)}) {
        if (!table.rows.empty()) {
            context.add({std::move(table)});
        }
    }
    for (const Figure& figure : context.input.figures) {
        if (of_case(figure, grid.case_name)) {
            add_figure(context, figure);
        }
    }
}

// Sizes down, variants across.
void fill_by_size(const Context& context, const Grid& grid, const Panel& panel,
                  const std::vector<double>& sizes, Table& table) {
    table.columns.push_back({sweep_title(context, grid), true});
    for (const std::string& column : panel.columns) {
        table.columns.push_back({context.with_unit(code(column)), true});
    }
    for (const double size : sizes) {
        std::vector<Cell> row{row_title(grid, size)};
        for (const std::string& column : panel.columns) {
            row.push_back(estimate_cell(primary_of(panel.at(size, column))));
        }
        table.rows.push_back(std::move(row));
    }
}

// Variants down, sizes across: for more variants than fit side by side.
void fill_by_variant(const Context& context, const Grid& grid, const Panel& panel,
                     const std::vector<double>& sizes, Table& table) {
    table.columns.push_back({context.words.say("table.variant"), false});
    for (const double size : sizes) {
        const std::string title = grid.sweep + " = " + significant(size, 15);
        table.columns.push_back({context.with_unit(code(title)), true});
    }
    for (const std::string& column : panel.columns) {
        std::vector<Cell> row{{code(column), {}}};
        for (const double size : sizes) {
            row.push_back(estimate_cell(primary_of(panel.at(size, column))));
        }
        table.rows.push_back(std::move(row));
    }
}

// Sizes down, measures across: for a panel of one variant.
void fill_measures(const Context& context, const Grid& grid, const Panel& panel,
                   const std::vector<double>& sizes, const std::vector<std::string>& measures,
                   Table& table) {
    table.columns.push_back({sweep_title(context, grid), true});
    for (const std::string& measure : measures) {
        table.columns.push_back({context.measure_title(measure), true});
    }
    for (const double size : sizes) {
        const SeriesResult* series = panel.at(size, panel.columns.front());
        std::vector<Cell> row{row_title(grid, size)};
        for (const std::string& measure : measures) {
            row.push_back(
                estimate_cell(series == nullptr ? nullptr : find_measure(*series, measure)));
        }
        table.rows.push_back(std::move(row));
    }
}

Cell parameter_cell(const analysis::Fit& fit, const std::string& name, const std::string& unit) {
    for (const analysis::Parameter& parameter : fit.parameters) {
        if (parameter.name != name || parameter.unit != unit) {
            continue;
        }
        if (!parameter.estimate.interval) {
            return {text(significant(parameter.estimate.value, 4)), "[?]"};
        }
        const Rounded shown = rounded(parameter.estimate, kFinest);
        return {text(shown.value), shown.interval};
    }
    return {text("-"), {}};
}

// A power law whose exponent may be that of n as well as that of n^2.
bool says_nothing(const analysis::Fit& fit) {
    return std::any_of(fit.parameters.begin(), fit.parameters.end(), [](const auto& one) {
        const auto& interval = one.estimate.interval;
        return one.name == "exponent" && (!interval || !(interval->high - interval->low < 1));
    });
}

}  // namespace

const Panel& leading_panel(const Grid& grid) {
    const auto weight = [](const Panel& panel) {
        const bool random = std::any_of(panel.labels.begin(), panel.labels.end(),
                                        [](const auto& label) { return label.second == "random"; });
        return std::pair(random, panel.columns.size());
    };
    return *std::max_element(grid.panels.begin(), grid.panels.end(),
                             [&](const Panel& a, const Panel& b) { return weight(a) < weight(b); });
}

bool shown_in_results(const Grid& grid, const Panel& panel) {
    return grid.panels.size() <= kMainPanels || &panel == &leading_panel(grid);
}

PanelTable panel_table(const Context& context, const Grid& grid, const Panel& panel,
                       std::size_t sizes, bool every) {
    const std::size_t variants = panel.columns.size();
    PanelTable out;
    out.table.caption = caption(context, grid, panel, variants > 1);
    const auto chosen =
        key_values(panel.rows, variants > kMostColumns ? std::min(sizes, kMainColumns) : sizes);
    out.complete = chosen.size() == panel.rows.size();
    if (variants > kMostColumns) {
        fill_by_variant(context, grid, panel, chosen, out.table);
    } else if (variants > 1) {
        fill_by_size(context, grid, panel, chosen, out.table);
    } else {
        fill_measures(context, grid, panel, chosen, measures_of(panel, every), out.table);
    }
    return out;
}

Table fit_table(const Context& context, const Grid& grid, const std::vector<std::string>& groups) {
    std::vector<const analysis::Fit*> fits;
    std::vector<std::pair<std::string, std::string>> parameters;  // name, unit
    bool told = true;
    for (const analysis::Fit& fit : context.input.run.fits) {
        if (std::find(groups.begin(), groups.end(), fit.group) == groups.end()) {
            continue;
        }
        if (says_nothing(fit)) {
            told = false;
            continue;
        }
        fits.push_back(&fit);
        for (const analysis::Parameter& parameter : fit.parameters) {
            const std::pair key(parameter.name, parameter.unit);
            if (std::find(parameters.begin(), parameters.end(), key) == parameters.end()) {
                parameters.push_back(key);
            }
        }
    }
    const Words& words = context.words;
    Table table;
    table.caption = words.say("results.fits", {{"unit", context.unit()}});
    if (!told) {
        append(table.caption, words.say("results.fits-left-out"));
    }
    table.columns = {{words.say("table.group"), false},
                     {words.say("table.measure"), false},
                     {words.say("table.model"), false}};
    for (const auto& [name, unit] : parameters) {
        Inline title = code(name);
        append(title, unit.empty() ? Inline{} : words.say("table.unit", {{"unit", text(unit)}}));
        table.columns.push_back({title, true});
    }
    table.columns.push_back({text("R²"), true});
    table.columns.push_back({words.say("table.points"), true});
    table.columns.push_back({code(grid.sweep), true});
    for (const analysis::Fit* fit : fits) {
        std::vector<Cell> row{
            {code(fit->group), {}}, {code(fit->measure), {}}, {code(fit->model), {}}};
        for (const auto& [name, unit] : parameters) {
            row.push_back(parameter_cell(*fit, name, unit));
        }
        row.push_back({text(grouped(fit->r_squared, 4)), {}});
        row.push_back({text(grouped(fit->points)), {}});
        row.push_back({words.say("range", {{"low", text(significant(fit->from, 15))},
                                           {"high", text(significant(fit->to, 15))}}),
                       {}});
        table.rows.push_back(std::move(row));
    }
    return table;
}

void add_results(const Context& context) {
    context.heading(2, "head.results");
    if (context.grids.empty()) {
        context.notice("results.none");
        return;
    }
    if (context.input.figures.empty()) {
        context.notice("results.no-figures",
                       {{"command", code("kmodbench plot " + context.input.directory)}});
    }
    for (const std::string& file : context.input.lost_figures) {
        context.notice(
            "results.lost-figure",
            {{"file", code(file)}, {"command", code("kmodbench plot " + context.input.directory)}});
    }
    for (const Grid& grid : context.grids) {
        add_case(context, grid);
    }
    bool first = true;
    for (const Figure& figure : context.input.figures) {
        const bool taken =
            std::any_of(context.grids.begin(), context.grids.end(),
                        [&](const Grid& grid) { return of_case(figure, grid.case_name); });
        if (taken) {
            continue;
        }
        if (first) {
            context.heading(3, "head.more-figures");
            first = false;
        }
        add_figure(context, figure);
    }
}

}  // namespace kmb::report
