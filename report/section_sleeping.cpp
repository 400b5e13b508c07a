// Did the caller sleep in its calls? Whether, how often and how long it was off the CPU, and
// where work ran that others did for it.
#include <fmt/core.h>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::SeriesResult;
using analysis::Sleeping;

// "0, 2, 3" of a bit set.
std::string cpu_list(std::uint64_t bits) {
    std::string list;
    for (int cpu = 0; cpu < 64; ++cpu) {
        if ((bits >> cpu & 1U) != 0) {
            list += fmt::format("{}{}", list.empty() ? "" : ", ", cpu);
        }
    }
    return list;
}

// "1 203; 1 187", or "-" where it is not known.
std::string time_list(const analysis::WorkPlace& place) {
    std::string list;
    for (const double time : place.times) {
        list += (list.empty() ? "" : "; ") + significant(time, 4);
    }
    return list.empty() ? "-" : list;
}

// "282 (301)": calls, and switches in all of them.
Cell calls_with(std::size_t calls, std::uint64_t switches) {
    return {text(grouped(calls)), fmt::format("({})", grouped(static_cast<std::size_t>(switches)))};
}

std::vector<Cell> row_of(const SeriesResult& series) {
    const Sleeping& sleeping = series.sleeping;
    const bool known = sleeping.times_known > 0 && sleeping.elapsed > 0;
    Cell away{text("-"), {}};
    if (known && sleeping.off_cpu > 0) {
        away = {text(significant(sleeping.off_cpu_median, 4)),
                fmt::format("({})", significant(sleeping.off_cpu_max, 4))};
    }
    Cell share{text("-"), {}};
    if (known) {
        const double on = 1 - sleeping.off_cpu / sleeping.elapsed;
        share = {text(grouped(100 * on, 1) + " %"),
                 fmt::format("({})", significant(sleeping.elapsed, 4))};
    }
    return {{code(series.point), {}},
            {text(grouped(sleeping.calls)), {}},
            calls_with(sleeping.slept, sleeping.sleeps),
            calls_with(sleeping.preempted, sleeping.preemptions),
            std::move(away),
            std::move(share)};
}

// Where work ran that others did for the caller, one row a set of CPUs.
void add_places(const Context& context) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("sleep.places");
    table.columns = {{words.say("table.point"), false},
                     {words.say("sleep.caller"), true},
                     {words.say("sleep.work"), false},
                     {words.say("sleep.calls"), true},
                     {words.say("sleep.there", {{"unit", context.unit()}}), false}};
    for (const SeriesResult& series : context.input.run.series) {
        for (const auto& place : series.sleeping.work) {
            table.rows.push_back({{code(series.point), {}},
                                  {text(fmt::format("{}", place.caller)), {}},
                                  {text(cpu_list(place.cpus)), {}},
                                  {text(grouped(place.calls)), {}},
                                  {text(time_list(place)), {}}});
        }
    }
    if (!table.rows.empty()) {
        context.add({table});
    }
}

}  // namespace

void add_sleeping(const Context& context) {
    const Words& words = context.words;
    Table table;
    table.caption = words.say("sleep.table", {{"unit", context.unit()}});
    table.columns = {{words.say("table.point"), false}, {words.say("sleep.calls"), true},
                     {words.say("sleep.slept"), true},  {words.say("sleep.preempted"), true},
                     {words.say("sleep.off"), true},    {words.say("sleep.on-cpu"), true}};
    std::size_t calls = 0;
    std::size_t never = 0;
    for (const SeriesResult& series : context.input.run.series) {
        const Sleeping& sleeping = series.sleeping;
        calls += sleeping.calls;
        if (sleeping.slept == 0 && sleeping.preempted == 0 && sleeping.work.empty()) {
            never += sleeping.calls;
        } else {
            table.rows.push_back(row_of(series));
        }
    }
    if (calls == 0) {
        return;
    }
    context.heading(3, "sleep.head");
    if (table.rows.empty()) {
        context.paragraph("sleep.none", {{"calls", text(grouped(calls))}});
        return;
    }
    context.paragraph("sleep.some",
                      {{"never", text(grouped(never))}, {"calls", text(grouped(calls))}});
    context.add({table});
    add_places(context);
}

}  // namespace kmb::report
