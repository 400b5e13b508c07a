// What was set aside, by which rule, and what that changed.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::Measure;
using analysis::SeriesResult;

constexpr std::size_t kLargest = 10;

struct Counts {
    std::size_t samples = 0;
    std::size_t removed = 0;
    std::map<std::string, std::size_t> by_rule;
};

// Counts a case; rules other than the chosen one are what they would have removed.
void add_counts(const Context& context) {
    const analysis::RunResult& run = context.input.run;
    std::map<std::string, Counts> by_case;
    std::map<std::string, bool> rules;
    for (const SeriesResult& series : run.series) {
        Counts& counts = by_case[series.case_name];
        counts.samples += series.n;
        counts.removed += series.removed.rows.size();
        for (const analysis::Labelling& label : series.labels) {
            counts.by_rule[label.rule] += label.rows.size();
            rules[label.rule] = true;
        }
    }
    Table table;
    table.caption = context.words.say("removed.counts");
    table.columns = {{context.words.say("table.case"), false},
                     {context.words.say("table.samples"), true},
                     {context.words.say("removed.by", {{"rule", code(run.rule)}}), true}};
    for (const auto& [rule, used] : rules) {
        table.columns.push_back({code(rule), true});
    }
    for (const Grid& grid : context.grids) {
        const Counts& counts = by_case[grid.case_name];
        std::vector<Cell> row{{code(grid.case_name), {}},
                              {text(grouped(counts.samples)), {}},
                              {text(grouped(counts.removed)), {}}};
        for (const auto& [rule, used] : rules) {
            const auto found = counts.by_rule.find(rule);
            row.push_back({text(grouped(found == counts.by_rule.end() ? 0 : found->second)), {}});
        }
        table.rows.push_back(std::move(row));
    }
    context.add({table});
}

struct Effect {
    const SeriesResult* series;
    const Measure* measure;
    double shift;  // of the mean, kept against all
};

std::vector<Effect> effects(const analysis::RunResult& run) {
    std::vector<Effect> out;
    for (const SeriesResult& series : run.series) {
        const Measure* measure = find_measure(series, series.primary);
        if (measure == nullptr || series.removed.rows.empty() || measure->all.mean.value == 0) {
            continue;
        }
        out.push_back({&series, measure, measure->kept.mean.value / measure->all.mean.value - 1});
    }
    std::stable_sort(out.begin(), out.end(), [](const Effect& a, const Effect& b) {
        return std::abs(a.shift) > std::abs(b.shift);
    });
    return out;
}

void add_effects(const Context& context) {
    const auto list = effects(context.input.run);
    if (list.empty()) {
        context.paragraph("removed.nothing");
        return;
    }
    const Words& words = context.words;
    Table table;
    table.caption = words.say("removed.largest", {{"unit", context.unit()}});
    table.columns = {{words.say("table.point"), false},
                     {words.say("table.measure"), false},
                     {words.say("table.samples"), true},
                     {words.say("removed.removed"), true},
                     {context.with_unit(words.say("removed.median-all")), true},
                     {context.with_unit(words.say("removed.median-kept")), true},
                     {context.with_unit(words.say("removed.mean-all")), true},
                     {context.with_unit(words.say("removed.mean-kept")), true},
                     {words.say("removed.shift"), true}};
    const auto median = [](const analysis::Summary& summary) {
        const Rounded shown = rounded(summary.median, 1);
        return Cell{text(shown.value), shown.interval};
    };
    // Without an interval that holds: as fine as the median's.
    const auto mean = [](const analysis::Summary& summary) {
        return Cell{text(alike(summary.mean.value, summary.median, 1)), {}};
    };
    for (std::size_t i = 0; i < std::min(kLargest, list.size()); ++i) {
        const auto& [series, measure, shift] = list[i];
        table.rows.push_back({Cell{code(series->point), {}}, Cell{code(measure->name), {}},
                              Cell{text(grouped(series->n)), {}},
                              Cell{text(grouped(series->removed.rows.size())), {}},
                              median(measure->all), median(measure->kept), mean(measure->all),
                              mean(measure->kept), Cell{text(percent(shift)), {}}});
    }
    context.add({table});
}

// The constants of a rule are the same for all series, its fences are not: shown
// are those that all series share.
Inline parameters(const analysis::RunResult& run) {
    std::map<std::string, double> shared;
    bool first = true;
    for (const SeriesResult& series : run.series) {
        if (first) {
            shared = series.removed.parameters;
            first = series.n == 0;
            continue;
        }
        std::erase_if(shared, [&](const auto& entry) {
            const auto found = series.removed.parameters.find(entry.first);
            return series.n > 0 &&
                   (found == series.removed.parameters.end() || found->second != entry.second);
        });
    }
    Inline out;
    for (const auto& [name, value] : shared) {
        append(out, text(out.empty() ? "" : ", "));
        append(out, code(fmt::format("{} = {}", name, significant(value, 6))));
    }
    return out.empty() ? text("-") : out;
}

}  // namespace

void add_removed(const Context& context) {
    if (context.input.run.series.empty()) {
        return;
    }
    context.heading(2, "head.removed");
    const std::string& rule = context.input.run.rule;
    const std::string key = "rule." + rule;
    context.paragraph("removed.rule",
                      {{"rule", code(rule)},
                       {"meaning", context.words.has(key) ? context.words.say(key) : text(rule)},
                       {"parameters", parameters(context.input.run)}});
    add_counts(context);
    add_effects(context);
}

}  // namespace kmb::report
