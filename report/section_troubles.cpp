// Warnings, failures, and what is not whole.
#include <algorithm>
#include <map>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::SeriesResult;

constexpr std::size_t kExamples = 3;

// Warnings are "code: sentence"; those of one code stand together.
struct Group {
    std::size_t count = 0;
    std::vector<std::pair<std::string, std::string>> examples;  // where, sentence
};

using Groups = std::map<std::string, Group>;

void collect(Groups& groups, const std::string& where, const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings) {
        const std::size_t colon = warning.find(": ");
        const bool coded =
            colon != std::string::npos && warning.substr(0, colon).find(' ') == std::string::npos;
        Group& group = groups[coded ? warning.substr(0, colon) : ""];
        ++group.count;
        if (group.examples.size() < kExamples) {
            group.examples.emplace_back(where, coded ? warning.substr(colon + 2) : warning);
        }
    }
}

void add_warnings(const Context& context) {
    const analysis::RunResult& run = context.input.run;
    Groups groups;
    collect(groups, "", run.warnings);
    for (const SeriesResult& series : run.series) {
        collect(groups, series.point, series.warnings);
    }
    for (const analysis::Fit& fit : run.fits) {
        collect(groups, fit.group + " (" + fit.measure + ")", fit.warnings);
    }
    if (groups.empty()) {
        context.paragraph("warnings.none");
        return;
    }
    Table table;
    table.columns = {{context.words.say("warnings.warning"), false},
                     {context.words.say("warnings.count"), true},
                     {context.words.say("warnings.examples"), false}};
    for (const auto& [name, group] : groups) {
        const std::string key = "warning." + name;
        Inline meaning = name.empty() ? text("-") : code(name);
        if (context.words.has(key)) {
            append(meaning, text(" "));
            append(meaning, context.words.say(key));
        }
        Inline examples;
        for (const auto& [where, sentence] : group.examples) {
            append(examples, text(examples.empty() ? "" : "; "));
            append(examples, where.empty() ? Inline{} : code(where));
            append(examples, text((where.empty() ? "" : ": ") + sentence));
        }
        append(examples, text(group.count > group.examples.size() ? "; …" : ""));
        table.rows.push_back(
            {Cell{meaning, {}}, Cell{text(grouped(group.count)), {}}, Cell{examples, {}}});
    }
    context.add({table});
}

void add_failures(const Context& context) {
    const auto& failures = context.input.manifest.failures;
    if (failures.empty()) {
        return;
    }
    Table table;
    table.caption = context.words.say("failures.caption");
    table.columns = {{context.words.say("table.point"), false},
                     {context.words.say("failures.message"), false}};
    for (const Failure& failure : failures) {
        table.rows.push_back({Cell{code(failure.point.value_or("?")), {}},
                              Cell{text(failure.message.value_or("?")), {}}});
    }
    context.add({table});
}

void add_truncated(const Context& context) {
    Table table;
    table.caption =
        context.words.say("truncated.caption",
                          {{"command", code("kmodbench run --resume " + context.input.directory)}});
    table.columns = {{context.words.say("table.point"), false},
                     {context.words.say("truncated.rounds"), true},
                     {context.words.say("truncated.planned"), true},
                     {context.words.say("truncated.rows"), true}};
    for (const SeriesResult& series : context.input.run.series) {
        if (series.truncated_rows > 0 || series.rounds_complete < series.rounds_planned) {
            table.rows.push_back({Cell{code(series.point), {}},
                                  Cell{text(grouped(series.rounds_complete)), {}},
                                  Cell{text(grouped(series.rounds_planned)), {}},
                                  Cell{text(grouped(series.truncated_rows)), {}}});
        }
    }
    if (!table.rows.empty()) {
        context.add({table});
    }
}

}  // namespace

void add_troubles(const Context& context) {
    context.heading(2, "head.warnings");
    if (!context.input.manifest.present) {
        context.notice("warnings.no-manifest");
    }
    add_warnings(context);
    add_failures(context);
    add_truncated(context);
}

}  // namespace kmb::report
