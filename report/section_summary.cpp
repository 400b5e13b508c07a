// The title and what was found, an item a case: only what was measured.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::Measure;
using analysis::SeriesResult;

// Date of the run, "2026-11-22".
Inline date(const Context& context) {
    const Fact& started = context.input.manifest.started;
    return started ? text(started->substr(0, 10)) : context.words.say("date-unknown");
}

Inline with_interval(const Rounded& rounded) {
    return text(rounded.value + (rounded.interval.empty() ? "" : " " + rounded.interval));
}

class Summary {
  public:
    explicit Summary(const Context& context) : context_(context) {}

    // One more sentence of the item that is being written.
    void add(std::string_view key, Values values) {
        append(line_, text(line_.empty() ? "" : context_.words.plainly("join")));
        append(line_, context_.words.say(key, values));
    }
    void end_item() {
        if (!line_.empty()) {
            items_.push_back(std::exchange(line_, {}));
        }
    }
    [[nodiscard]] const std::vector<Inline>& items() const { return items_; }

  private:
    const Context& context_;
    Inline line_;
    std::vector<Inline> items_;
};

void add_extent(const Context& context, Summary& summary) {
    std::size_t samples = 0;
    std::size_t points = 0;
    for (const SeriesResult& series : context.input.run.series) {
        samples += series.n;
        points += series.n > 0 ? 1 : 0;
    }
    Inline cases;
    for (const Grid& grid : context.grids) {
        append(cases, text(cases.empty() ? "" : ", "));
        append(cases, code(grid.case_name));
    }
    summary.add("summary.extent", {{"samples", text(grouped(samples))},
                                   {"points", text(grouped(points))},
                                   {"cases", cases},
                                   {"target", code(context.input.run.target)},
                                   {"unit", context.unit()}});
}

const analysis::Parameter* parameter(const analysis::Fit& fit, const std::string& name) {
    for (const analysis::Parameter& one : fit.parameters) {
        if (one.name == name) {
            return &one;
        }
    }
    return nullptr;
}

// More laws than these in one case are left to their table.
constexpr std::size_t kMostLaws = 2;

// What a call costs and what each byte adds, as the calling program sees it.
void add_costs(const Context& context, const Grid& grid, Summary& summary) {
    std::vector<const analysis::Fit*> laws;
    for (const analysis::Fit& fit : context.input.run.fits) {
        const bool ours = std::any_of(grid.panels.begin(), grid.panels.end(), [&](const Panel& p) {
            return std::find(p.groups.begin(), p.groups.end(), fit.group) != p.groups.end();
        });
        if (ours && fit.kind == "affine" && fit.measure == "user" &&
            parameter(fit, "a") != nullptr && parameter(fit, "b") != nullptr) {
            laws.push_back(&fit);
        }
    }
    if (laws.size() > kMostLaws) {
        return;
    }
    for (const analysis::Fit* fit : laws) {
        summary.add("summary.affine",
                    {{"group", code(fit->group)},
                     {"a", with_interval(rounded(parameter(*fit, "a")->estimate, 3))},
                     {"b", with_interval(rounded(parameter(*fit, "b")->estimate, 9))},
                     {"count", context.count()},
                     {"sweep", code(fit->sweep)},
                     {"from", text(significant(fit->from, 15))},
                     {"to", text(significant(fit->to, 15))}});
    }
}

struct Contender {
    std::string column;
    const analysis::Estimate* median;
};

bool runs_in_kernel(const SeriesResult& series) {
    return std::none_of(series.coordinates.begin(), series.coordinates.end(), [](const auto& at) {
        return at.first == "where" && at.second != "kernel";
    });
}

// The variants measured at one size of a panel, cheapest first. Variant "nop" only
// measures the measurement.
std::vector<Contender> contenders(const Panel& panel, double size, bool kernel_only) {
    std::vector<Contender> out;
    for (const std::string& column : panel.columns) {
        const SeriesResult* series = panel.at(size, column);
        const Measure* measure =
            series == nullptr ? nullptr : find_measure(*series, series->primary);
        if (measure != nullptr && !column.starts_with("nop") &&
            (!kernel_only || runs_in_kernel(*series))) {
            out.push_back({column, &measure->all.median});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const Contender& a, const Contender& b) {
        return a.median->value < b.median->value;
    });
    return out;
}

// Ends of the ratio of two medians, from the ends of their intervals.
std::optional<std::pair<double, double>> ratio_bounds(const analysis::Estimate& above,
                                                      const analysis::Estimate& below) {
    if (!above.interval || !below.interval || !(below.interval->low > 0)) {
        return std::nullopt;
    }
    return std::pair{above.interval->low / below.interval->high,
                     above.interval->high / below.interval->low};
}

// Those whose intervals reach the cheapest one's: no order can be told.
Inline tied_with_first(const std::vector<Contender>& list) {
    Inline names;
    const auto& first = list.front().median->interval;
    for (std::size_t i = 1; i < list.size(); ++i) {
        const auto& interval = list[i].median->interval;
        if (!first || !interval || interval->low <= first->high) {
            append(names, text(names.empty() ? "" : ", "));
            append(names, code(list[i].column));
        }
    }
    return names;
}

void add_ranking_at(const Context& context, const Grid& grid, const Panel& panel, double size,
                    const std::vector<Contender>& list, Summary& summary) {
    const Contender& best = list.front();
    const Contender& worst = list.back();
    const auto bounds = ratio_bounds(*worst.median, *best.median);
    if (!bounds || bounds->first <= 1) {
        summary.add("summary.level", {{"case", code(grid.case_name)},
                                      {"sweep", code(grid.sweep)},
                                      {"size", text(significant(size, 15))}});
        return;
    }
    Inline where = code(grid.sweep);
    append(where, text(" = " + significant(size, 15)));
    append(where, text(panel.labels.empty() ? "" : ", " + joined(panel.labels)));
    const std::string low = significant(bounds->first, 3);
    const std::string high = significant(bounds->second, 3);
    const Inline both = context.words.say("range", {{"low", text(low)}, {"high", text(high)}});
    summary.add("summary.ranking", {{"case", code(grid.case_name)},
                                    {"where", where},
                                    {"best", code(best.column)},
                                    {"best-median", with_interval(rounded(*best.median, 1))},
                                    {"worst", code(worst.column)},
                                    {"ratio", low == high ? text(low) : both},
                                    {"count", context.count()}});
    const Inline tied = tied_with_first(list);
    if (!tied.empty()) {
        summary.add("summary.tied", {{"tied", tied}, {"best", code(best.column)}});
    }
}

// The cheapest variant in the kernel at the largest size above 0 that at least two of
// them were measured at; of all variants where the kernel has but one.
void add_ranking(const Context& context, const Grid& grid, Summary& summary) {
    const Panel& panel = leading_panel(grid);
    for (const bool kernel_only : {true, false}) {
        for (auto size = panel.rows.rbegin(); size != panel.rows.rend(); ++size) {
            const auto list = contenders(panel, *size, kernel_only);
            if (*size > 0 && list.size() >= 2) {
                add_ranking_at(context, grid, panel, *size, list, summary);
                return;
            }
        }
    }
}

void add_removal(const Context& context, Summary& summary) {
    std::size_t samples = 0;
    std::size_t removed = 0;
    for (const SeriesResult& series : context.input.run.series) {
        samples += series.n;
        removed += series.removed.rows.size();
    }
    summary.add("summary.removed", {{"rule", code(context.input.run.rule)},
                                    {"removed", text(grouped(removed))},
                                    {"samples", text(grouped(samples))}});
}

}  // namespace

void add_summary(const Context& context) {
    const Words& words = context.words;
    const auto title = words.say("title", {{"date", date(context)},
                                           {"target", text(context.input.run.target)},
                                           {"unit", context.unit()}});
    context.document.title = plain(title);
    context.add({Heading{1, title, {}}});
    Summary summary(context);
    add_extent(context, summary);
    add_removal(context, summary);
    summary.end_item();
    for (const Grid& grid : context.grids) {
        add_costs(context, grid, summary);
        add_ranking(context, grid, summary);
        summary.end_item();
    }
    context.add({ItemList{false, summary.items()}});
    if (context.input.run.time_unit == "instructions") {
        context.notice("notice.instructions");
    }
    if (context.input.run.target == "vm") {
        context.notice("notice.guest");
    }
    const std::size_t failures = context.input.manifest.failures.size();
    const auto truncated = static_cast<std::size_t>(
        std::count_if(context.input.run.series.begin(), context.input.run.series.end(),
                      [](const SeriesResult& s) { return s.rounds_complete < s.rounds_planned; }));
    if (failures > 0 || truncated > 0) {
        context.notice("notice.incomplete", {{"failures", text(grouped(failures))},
                                             {"truncated", text(grouped(truncated))}});
    }
}

}  // namespace kmb::report
