// False alarms and power of the verdict of a comparison.
#include <fmt/format.h>

#include <optional>

#include "analysis/calibration/sources.h"
#include "analysis/calibration/tables.h"
#include "analysis/compare.h"

namespace kmb::analysis::calibration {
namespace {

constexpr double kSlowdown = 0.02;
constexpr double kTicksOfSlowdown = 3;
constexpr std::size_t kPilot = 100;
constexpr std::size_t kMostPlanned = 20000;

bool alarm(const Comparison& comparison) {
    return comparison.verdict == Verdict::slower || comparison.verdict == Verdict::faster;
}

// No margin hides an alarm; the tick of a clock stays in force.
CompareOptions without_margin(const Source& source) {
    CompareOptions options;
    options.margin = 0;
    options.step = source.tick;
    return options;
}

bool false_alarm(const Source& source, std::size_t n, Random& random) {
    const auto before = draw(source, n, random);
    const auto now = draw(source, n, random);
    return alarm(compare(before, now, without_margin(source)));
}

// A slowdown of one tick is below the threshold whatever the number of values: there, three.
double planted(const Source& source) {
    const double ticks = kTicksOfSlowdown * source.tick / source.median;
    return source.tick < kSlowdown / 2 * source.median ? kSlowdown : ticks;
}

// A first series says how many values a side are needed, fresh ones of that number are
// compared. Without a plan it counts as missed.
bool found_as_planned(const Source& source, Random& random) {
    const double slowdown = planted(source);
    CompareOptions options = without_margin(source);
    options.step = 0;
    const std::size_t pilot = source.rho > 0 ? 10 * kPilot : kPilot;
    const auto planned = planned_samples(draw(source, pilot, random), slowdown, options);
    if (!planned || *planned > kMostPlanned) {
        return false;
    }
    const auto before = draw(source, *planned, random);
    const auto now = draw(source, *planned, random, slowdown);
    return compare(before, now, options).middle == Verdict::slower;
}

}  // namespace

void verdicts(Runner& run) {
    for (const Source& source : sources()) {
        for (const std::size_t n : sizes_of(source)) {
            run.measure({"A/A", "slower or faster, margin 0", data_of(source, n)},
                        {0, source.rho > 0.8 ? 0.08 : 0.05}, 1000,
                        [&, n](Random& random) { return false_alarm(source, n, random); });
        }
    }
    for (const Source& source : sources()) {
        run.measure({"power", "slowdown found at the planned n, margin 0",
                     fmt::format("{}, {:.0f} %", source.name, 100 * planted(source))},
                    {0.8, 1}, 500,
                    [&](Random& random) { return found_as_planned(source, random); });
    }
}

}  // namespace kmb::analysis::calibration
