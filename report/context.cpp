#include <fmt/core.h>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {

void Context::heading(int level, std::string_view key, Values values) const {
    std::string anchor;
    if (level == 2) {  // "head.machine" is found under #machine
        anchor = std::string(key.substr(key.find('.') + 1));
    }
    add({Heading{level, words.say(key, values), anchor}});
}

void Context::paragraph(std::string_view key, Values values) const {
    add({Paragraph{words.say(key, values)}});
}

void Context::notice(std::string_view key, Values values) const {
    add({Notice{words.say(key, values)}});
}

Inline Context::unit() const {
    const std::string key = "unit." + input.run.time_unit;
    return words.has(key) ? words.say(key) : text(input.run.time_unit);
}

Inline Context::count() const {
    const std::string key = "count." + input.run.time_unit;
    return words.has(key) ? words.say(key) : text(input.run.time_unit);
}

Inline Context::fact(const Fact& fact) const {
    return fact && !fact->empty() ? text(*fact) : words.say("unknown");
}

Inline Context::measure_title(const std::string& measure) const {
    const std::string key = "measure." + measure;
    return with_unit(words.has(key) ? words.say(key) : code(measure));
}

Inline Context::with_unit(Inline title) const {
    append(title, words.say("table.unit", {{"unit", unit()}}));
    return title;
}

std::string range(std::size_t low, std::size_t high, const Words& words) {
    return low == high ? grouped(low)
                       : words.plainly(
                             "range", {{"low", text(grouped(low))}, {"high", text(grouped(high))}});
}

const analysis::Measure* find_measure(const analysis::SeriesResult& series,
                                      const std::string& name) {
    for (const analysis::Measure& measure : series.measures) {
        if (measure.name == name && measure.all.n > 0) {
            return &measure;
        }
    }
    return nullptr;
}

}  // namespace kmb::report
