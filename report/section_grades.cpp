// How far each series can be relied on, and why not further.
#include <algorithm>
#include <cmath>
#include <map>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

using analysis::SeriesResult;

constexpr std::size_t kMostShown = 20;

Inline grade_name(const Context& context, const std::string& grade) {
    const std::string key = "grade." + grade;
    return context.words.has(key) ? context.words.say(key) : text(grade);
}

bool graded(const SeriesResult& series) {
    return !series.grade.grade.empty();
}

std::string code_of(const std::string& reason) {
    return reason.substr(0, reason.find(':'));
}

Inline reasons(const SeriesResult& series) {
    Inline out;
    for (const std::string& reason : series.grade.reasons) {
        append(out, text(out.empty() ? "" : "; "));
        append(out, text(reason));
    }
    return out;
}

// What stands beside a grade: the state of the series and what its samples are worth.
std::vector<Cell> row_of(const Context& context, const SeriesResult& series) {
    const double r = series.order.autocorrelation;
    const std::string state = "state." + series.order.state;
    return {{code(series.point), {}},
            {grade_name(context, series.grade.grade), {}},
            {text(grouped(series.n)), {}},
            {text(significant(std::floor(series.order.effective), 12)), {}},
            {text(std::isfinite(r) ? grouped(r, 2) : "-"), {}},
            {context.words.has(state) ? context.words.say(state) : text("-"), {}},
            {reasons(series), {}}};
}

Table table_of(const Context& context) {
    const Words& words = context.words;
    Table table;
    table.columns = {{words.say("table.point"), false},      {words.say("grades.grade"), false},
                     {words.say("table.samples"), true},     {words.say("grades.effective"), true},
                     {words.say("grades.neighbours"), true}, {words.say("grades.state"), false},
                     {words.say("grades.reasons"), false}};
    return table;
}

// The median of a level that moved is one of this very course.
void add_courses(const Context& context) {
    Table table;
    table.caption = context.words.say("grades.courses", {{"unit", context.unit()}});
    table.columns = {{context.words.say("table.point"), false},
                     {context.words.say("table.measure"), false},
                     {context.words.say("grades.state"), false},
                     {context.words.say("removed.median-kept"), true},
                     {context.words.say("grades.course"), true}};
    for (const SeriesResult& series : context.input.run.series) {
        const analysis::Measure* measure = find_measure(series, series.primary);
        if (!series.course || measure == nullptr || table.rows.size() == kMostShown) {
            continue;
        }
        const Rounded plain = rounded(measure->kept.median, 1);
        const Rounded course = rounded(*series.course, 1);
        if (course.value == plain.value && course.interval == plain.interval) {
            continue;
        }
        table.rows.push_back({{code(series.point), {}},
                              {code(series.primary), {}},
                              context.words.has("state." + series.order.state)
                                  ? Cell{context.words.say("state." + series.order.state), {}}
                                  : Cell{text("-"), {}},
                              {text(plain.value), plain.interval},
                              {text(course.value), course.interval}});
    }
    if (!table.rows.empty()) {
        context.add({table});
    }
}

}  // namespace

void add_grades(const Context& context) {
    std::map<std::string, std::size_t> count;
    std::map<std::string, std::size_t> why;
    std::vector<const SeriesResult*> doubtful;
    for (const SeriesResult& series : context.input.run.series) {
        if (!graded(series)) {
            continue;
        }
        ++count[series.grade.grade];
        for (const std::string& reason : series.grade.reasons) {
            ++why[code_of(reason)];
        }
        if (series.grade.grade != "fit") {
            doubtful.push_back(&series);
        }
    }
    if (count.empty()) {
        return;
    }
    context.heading(2, "head.grades");
    context.paragraph("grades.counts", {{"fit", text(grouped(count["fit"]))},
                                        {"care", text(grouped(count["care"]))},
                                        {"unusable", text(grouped(count["unusable"]))}});
    if (doubtful.empty()) {
        return;
    }
    // Unusable ones first.
    std::stable_sort(doubtful.begin(), doubtful.end(),
                     [](const auto* a, const auto* b) { return a->grade.grade > b->grade.grade; });
    Table table = table_of(context);
    for (std::size_t i = 0; i < std::min(kMostShown, doubtful.size()); ++i) {
        table.rows.push_back(row_of(context, *doubtful[i]));
    }
    context.add({table});
    if (doubtful.size() > kMostShown) {
        Inline causes;
        for (const auto& [name, times] : why) {
            append(causes, text(causes.empty() ? "" : ", "));
            append(causes, code(name));
            append(causes, text(" " + grouped(times)));
        }
        context.paragraph("grades.more", {{"shown", text(grouped(kMostShown))},
                                          {"all", text(grouped(doubtful.size()))},
                                          {"reasons", causes}});
    }
    add_courses(context);
}

Table grade_table(const Context& context, const std::string& case_name) {
    Table table = table_of(context);
    for (const SeriesResult& series : context.input.run.series) {
        if (series.case_name == case_name && graded(series)) {
            table.rows.push_back(row_of(context, series));
        }
    }
    return table;
}

}  // namespace kmb::report
