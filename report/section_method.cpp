// How it was measured, how to read it, and how to make it again.
#include <algorithm>
#include <set>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::SeriesResult;

// "95 %" of the intervals of medians, or what stands there instead.
std::string level(const analysis::RunResult& run) {
    std::set<double> levels;
    for (const SeriesResult& series : run.series) {
        for (const analysis::Measure& measure : series.measures) {
            if (measure.all.median.interval) {
                levels.insert(measure.all.median.interval->level);
            }
        }
    }
    return levels.size() == 1 ? significant(*levels.begin() * 100, 4) + " %" : "-";
}

// Least and most of a count over the series that have samples.
template <typename Count>
std::pair<std::size_t, std::size_t> extremes(const analysis::RunResult& run, Count count) {
    std::size_t low = 0;
    std::size_t high = 0;
    bool first = true;
    for (const SeriesResult& series : run.series) {
        if (series.n == 0) {
            continue;
        }
        const std::size_t value = count(series);
        low = first ? value : std::min(low, value);
        high = std::max(high, value);
        first = false;
    }
    return {low, high};
}

}  // namespace

void add_method(const Context& context) {
    const analysis::RunResult& run = context.input.run;
    context.heading(2, "head.method");
    const auto rounds = extremes(run, [](const SeriesResult& s) { return s.rounds_planned; });
    const auto samples = extremes(run, [](const SeriesResult& s) { return s.n; });
    // A device that knows nothing of us has no clock reads of ours.
    const bool foreign = std::all_of(run.series.begin(), run.series.end(), [](const auto& series) {
        return series.case_name == "device";
    });
    Inline line =
        context.words.say(foreign ? "method.order-device" : "method.order",
                          {{"rounds", text(range(rounds.first, rounds.second, context.words))},
                           {"samples", text(range(samples.first, samples.second, context.words))}});
    const auto more = [&](std::string_view key, Values values = {}) {
        append(line, text(context.words.plainly("join")));
        append(line, context.words.say(key, values));
    };
    const bool probed = std::any_of(run.series.begin(), run.series.end(),
                                    [](const auto& series) { return series.causes.told; });
    more(!foreign ? "method.phases" : probed ? "method.device-probe" : "method.device");
    more("method.interval", {{"level", text(level(run))}});
    more(run.time_unit == "instructions" ? "method.instructions" : "method.wall-time");
    context.add({Paragraph{line}});
}

void add_notes(const Context& context) {
    context.heading(2, "head.notes");
    if (context.input.notes.empty()) {
        context.paragraph("notes.empty", {{"file", code(context.input.directory + "/notes.md")}});
        return;
    }
    context.add({UserText{context.input.notes}});
}

void add_again(const Context& context) {
    context.heading(2, "head.again");
    const Manifest& manifest = context.input.manifest;
    const Fact& again = manifest.again ? manifest.again : manifest.command;
    if (again) {
        context.paragraph("again.run");
        context.add({CodeBlock{*again, "sh"}});
    } else {
        context.paragraph("again.unknown");
    }
    const std::string& directory = context.input.directory;
    context.paragraph("again.stages");
    context.add({CodeBlock{"kmodbench analyze " + directory + "\nkmodbench plot " + directory +
                               "\nkmodbench report " + directory,
                           "sh"}});
}

void add_reading(const Context& context) {
    const analysis::RunResult& run = context.input.run;
    context.heading(2, "head.reading");
    const Words& words = context.words;
    ItemList list;
    list.items.push_back(words.say("reading.cell", {{"level", text(level(run))}}));
    list.items.push_back(words.say("reading.digits"));
    list.items.push_back(words.say("reading.dash"));
    list.items.push_back(words.say("reading.measures"));
    list.items.push_back(words.say("reading.fits"));
    list.items.push_back(words.say("reading.within-run"));
    list.items.push_back(
        words.say(run.time_unit == "instructions" ? "reading.instructions" : "reading.wall-time"));
    list.items.push_back(words.say("reading.targets"));
    context.add({list});
}

}  // namespace kmb::report
