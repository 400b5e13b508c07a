#include "analysis/truth.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/bracket.h"
#include "analysis/causes.h"
#include "analysis/order.h"
#include "analysis/stats/quantiles.h"
#include "analysis/summary.h"
#include "analysis/sweep.h"

namespace kmb::analysis {
namespace {

using Verdict = TruthLine::Verdict;

// As in modules/include/uapi/kmodbench.h, which this room does not know: bits of `truth`.
constexpr unsigned kDelayShift = 16;

struct Planted {
    std::string_view name;   // coordinate `cause`
    std::string_view cause;  // that the analysis has to give
    std::int64_t bit;
    bool by_tick;  // a tick of the timer shows the same, or wakes a thread that does
};

constexpr Planted kPlanted[] = {
    {"fault", "faulted", 0x10, false},    {"irq", "interrupted", 0x01, true},
    {"migrate", "migrated", 0x20, false}, {"preempt", "preempted", 0x08, true},
    {"sleep", "slept", 0x04, false},      {"softirq", "softirq", 0x02, true},
};

constexpr double kRight = 0.99;       // of the planted samples get their cause
constexpr double kElsewhere = 0.001;  // of the others may show it, beyond the ticks
constexpr double kMeanOff = 2;        // factor by which planting a fifth moves the mean
constexpr double kInstructionsPerTurn = 2;
constexpr double kBatchGain = 10;
constexpr double kRounding = 1;  // a difference of two reads of a clock of whole units
constexpr std::size_t kSteps = 200;
constexpr std::string_view kJudgedDelay = "20000";

Verdict verdict(bool holds) {
    return holds ? Verdict::holds : Verdict::fails;
}

struct Facts {
    const Samples& samples;
    const RunResult& run;
    const TruthOptions& options;
    std::vector<TruthLine> lines;

    [[nodiscard]] const SeriesResult* result(const std::string& point) const {
        const auto found = std::find_if(run.series.begin(), run.series.end(),
                                        [&](const auto& one) { return one.point == point; });
        return found == run.series.end() || found->n == 0 ? nullptr : &*found;
    }
    [[nodiscard]] const Series* series(const std::string& point) const {
        const auto found = std::find_if(samples.series.begin(), samples.series.end(),
                                        [&](const auto& one) { return one.point == point; });
        return found == samples.series.end() || found->rows == 0 ? nullptr : &*found;
    }
    // Median of the kept samples of a measure, nullptr where it was not measured.
    [[nodiscard]] const Estimate* median(const std::string& point, const char* measure) const {
        const SeriesResult* one = result(point);
        const Measure* found = one == nullptr ? nullptr : find_measure(*one, measure);
        return found == nullptr ? nullptr : &found->kept.median;
    }
    [[nodiscard]] bool exact() const { return run.time_unit == "instructions"; }
    void add(std::string fact, std::string shown, Verdict what) {
        lines.push_back({std::move(fact), std::move(shown), what});
    }
};

// Samples that a tick falls into, at most: those expected and three standard deviations of a
// count; ticks come at a fixed pace, so the count varies less than that.
double ticks_at_most(double busy_ns, double tick_ns) {
    const double expected = busy_ns / tick_ns;
    return expected + 3 * std::sqrt(expected) + 1;
}

struct Attribution {
    std::size_t planted = 0;
    std::size_t right = 0;
    std::size_t others = 0;
    std::size_t falsely = 0;
    double busy = 0;  // length of all brackets without a planted cause
};

Attribution attribution(const Series& series, const Planted& what) {
    const auto names = cause_names();
    const auto at = std::find(names.begin(), names.end(), what.cause) - names.begin();
    const auto& truth = *series.column("truth");
    const auto& total = *series.column("total");
    Attribution result;
    for (std::size_t row = 0; row < series.rows; ++row) {
        const bool labelled = (causes_of(series, row) >> at & 1U) != 0;
        if (truth[row] != kAbsent && (truth[row] & what.bit) != 0) {
            ++result.planted;
            result.right += labelled ? 1U : 0U;
        } else {
            ++result.others;
            result.falsely += labelled ? 1U : 0U;
            result.busy += static_cast<double>(total[row]);
        }
    }
    return result;
}

void planted_causes(Facts& facts) {
    for (const Planted& what : kPlanted) {
        const Series* series = facts.series(fmt::format("calib/plant/cause={}", what.name));
        const std::string fact = fmt::format("planted {} is labelled {}", what.name, what.cause);
        const auto names = cause_names();
        const auto at = std::find(names.begin(), names.end(), what.cause) - names.begin();
        if (series == nullptr || series->column("truth") == nullptr) {
            facts.add(fact, "not measured", Verdict::not_here);
            continue;
        }
        if ((causes_offered(*series) >> at & 1U) == 0) {
            facts.add(fact, "this kernel does not count it", Verdict::not_here);
            continue;
        }
        const auto got = attribution(*series, what);
        if (got.planted == 0) {
            facts.add(fact, "none could be planted (one CPU)", Verdict::not_here);
            continue;
        }
        const double right = static_cast<double>(got.right) / static_cast<double>(got.planted);
        const double ticks = what.by_tick ? ticks_at_most(got.busy, facts.options.tick_ns) : 0;
        const double allowed =
            ticks + (facts.exact() ? 0 : kElsewhere * static_cast<double>(got.others));
        facts.add(fact,
                  fmt::format("{} of {} planted ({:.4g} %); without one {} of {}, at most {:.3g}",
                              got.right, got.planted, 100 * right, got.falsely, got.others,
                              std::floor(allowed)),
                  verdict(right >= kRight && static_cast<double>(got.falsely) <= allowed));
    }
}

// Median of the delays of all samples, disturbed or not: as asked for, and as the device held
// them by its own clock reads.
double asked_median(const Series& series) {
    std::vector<double> delays;
    for (const auto truth : *series.column("truth")) {
        delays.push_back(static_cast<double>(truth >> kDelayShift));
    }
    return median(delays);
}

double held_median(const Series& series) {
    const auto& held = *series.column("held");
    return median(std::vector<double>(held.begin(), held.end()));
}

bool is_shape(const Series& series) {
    return series.module == "calib" && series.operation == "shape" && series.rows > 0 &&
           series.column("truth") != nullptr && series.column("held") != nullptr &&
           series.column("total") != nullptr;
}

const std::string& coordinate(const Series& series, std::string_view key) {
    static const std::string none;
    const auto found = std::find_if(series.coordinates.begin(), series.coordinates.end(),
                                    [key](const auto& one) { return one.first == key; });
    return found == series.coordinates.end() ? none : found->second;
}

// What kept samples cost beside the delays that they held: bracket, calls and the way to the
// device's own clock reads.
std::vector<double> beside_delays(const Series& series, const SeriesResult& result) {
    const auto& held = *series.column("held");
    const auto& total = *series.column("total");
    const auto& gone = result.removed.rows;
    std::vector<double> rest;
    for (std::size_t row = 0; row < series.rows; ++row) {
        if (!std::binary_search(gone.begin(), gone.end(), row)) {
            rest.push_back(static_cast<double>(total[row] - held[row]));
        }
    }
    return rest;
}

// kSteps values that stand for a distribution.
std::vector<double> steps_of(std::span<const double> values) {
    const Sorted sorted(values);
    std::vector<double> steps;
    for (std::size_t i = 0; i < kSteps; ++i) {
        steps.push_back(quantile(sorted, (static_cast<double>(i) + 0.5) / kSteps));
    }
    return steps;
}

// By how much a cost moves the median of the delays that it comes on top of. Medians of skewed
// distributions do not add up, so the two are added as distributions.
double moves_median(const std::vector<double>& delays, std::span<const double> cost) {
    std::vector<double> sums;
    for (const double beside : steps_of(cost)) {
        for (const double delay : delays) {
            sums.push_back(delay + beside);
        }
    }
    return median(sums) - median(delays);
}

// What that cost is by all other series of delays, from none to twice as long, that were
// disturbed alike: nothing of it comes from the series that is judged. It spans all of theirs,
// for what a sample costs beside its delay depends on how long ago the code ran last, and on
// what else the machine does.
struct Span {
    double low = INFINITY;
    double high = -INFINITY;
};

std::optional<Span> beside_other_delays(const Facts& facts, const Series& judged) {
    const auto& held = *judged.column("held");
    const auto delays = steps_of(std::vector<double>(held.begin(), held.end()));
    Span span;
    for (const Series& series : facts.samples.series) {
        const SeriesResult* result = facts.result(series.point);
        if (!is_shape(series) || result == nullptr || series.point == judged.point ||
            coordinate(series, "sleep_ppm") != coordinate(judged, "sleep_ppm")) {
            continue;
        }
        const auto cost = beside_delays(series, *result);
        SummaryOptions options;
        options.effective = effective_values(cost, {});
        const Estimate middle = order_estimate(Sorted(cost), 0.5, options);
        if (middle.interval) {
            const double moved = moves_median(delays, cost);
            span.low = std::min(span.low, moved - (middle.value - middle.interval->low));
            span.high = std::max(span.high, moved + (middle.interval->high - middle.value));
        }
    }
    return span.low <= span.high ? std::optional(span) : std::nullopt;
}

void planted_delay(Facts& facts, const Series& series, const SeriesResult& result) {
    const std::string fact = fmt::format(
        "{}: median has the delay", series.point.substr(std::string_view("calib/shape/").size()));
    const Measure* judged = find_measure(result, result.primary);
    const auto beside = beside_other_delays(facts, series);
    if (judged == nullptr || !beside) {
        facts.add(fact, "no other delay was measured", Verdict::not_here);
        return;
    }
    const double planted = held_median(series);
    const auto& reported = result.course.value_or(judged->kept.median).interval;
    if (!reported) {
        facts.add(fact, "no interval is reported", Verdict::fails);
        return;
    }
    // A span is no matter of chance: it widens the interval by all of itself.
    const double low = reported->low - beside->high;
    const double high = reported->high - beside->low;
    facts.add(fact,
              fmt::format("{:.6g} asked for, {:.6g} planted; [{:.6g}, {:.6g}]{}, less {:.4g} to "
                          "{:.4g} beside it; {} of {} kept",
                          asked_median(series), planted, low, high,
                          result.course ? " of this course" : "", beside->low, beside->high,
                          judged->kept.n, judged->all.n),
              verdict(low - kRounding <= planted && planted <= high + kRounding));
    if (coordinate(series, "sleep_ppm") != "0") {
        const double off = (judged->all.mean.value - beside->high) / planted;
        facts.add(fmt::format("{}: the plain mean is off",
                              series.point.substr(std::string_view("calib/shape/").size())),
                  fmt::format("{:.3g} times the delay", off), verdict(off > kMeanOff));
    }
}

void planted_delays(Facts& facts) {
    for (const Series& series : facts.samples.series) {
        const SeriesResult* result = facts.result(series.point);
        if (result != nullptr && is_shape(series) && coordinate(series, "delay") == kJudgedDelay) {
            planted_delay(facts, series, *result);
        }
    }
}

// No delay ends early, and the truth that samples carry is the one asked for.
void held_delays(Facts& facts) {
    const char* fact = "delays are held as asked for";
    std::size_t samples = 0;
    std::size_t early = 0;
    std::size_t other = 0;
    std::vector<double> late;
    for (const Series& series : facts.samples.series) {
        if (!is_shape(series)) {
            continue;
        }
        const auto& truth = *series.column("truth");
        const auto& held = *series.column("held");
        const std::string& delay = coordinate(series, "delay");
        const bool fixed = coordinate(series, "variant") == "fixed";
        for (std::size_t row = 0; row < series.rows; ++row) {
            const auto asked = truth[row] >> kDelayShift;
            ++samples;
            early += held[row] < asked ? 1U : 0U;
            other += fixed && std::to_string(asked) != delay ? 1U : 0U;
            late.push_back(static_cast<double>(held[row] - asked));
        }
    }
    if (samples == 0) {
        facts.add(fact, "not measured", Verdict::not_here);
        return;
    }
    facts.add(fact,
              fmt::format("{} of {} end early, {} have another truth; late by {:.4g} {} in the "
                          "median, of two loops a sample",
                          early, samples, other, median(late), facts.run.time_unit),
              verdict(early == 0 && other == 0));
}

// In instructions: what a sample costs beside its delay is one constant for all of them.
void constant_beside(Facts& facts) {
    const char* fact = "every delay is recovered sample by sample";
    double low = INFINITY;
    double high = -INFINITY;
    std::size_t samples = 0;
    for (const Series& series : facts.samples.series) {
        const SeriesResult* result = facts.result(series.point);
        if (!is_shape(series) || result == nullptr) {
            continue;
        }
        for (std::size_t row = 0; row < series.rows; ++row) {
            if (causes_of(series, row) == 0) {
                const auto rest = static_cast<double>((*series.column("total"))[row] -
                                                      (*series.column("held"))[row]);
                low = std::min(low, rest);
                high = std::max(high, rest);
                ++samples;
            }
        }
    }
    if (!facts.exact() || samples == 0) {
        facts.add(fact, "only where time is instructions", Verdict::not_here);
        return;
    }
    facts.add(fact,
              fmt::format("total less what was held is {:.6g} to {:.6g} in {} undisturbed samples",
                          low, high, samples),
              verdict(high - low <= 2 * kRounding));
}

void constant_bracket(Facts& facts) {
    const SeriesResult* bracket = facts.result("calib/nop/call=bracket");
    const Measure* total = bracket == nullptr ? nullptr : find_measure(*bracket, "total");
    const char* fact = "the empty bracket costs a constant";
    if (total == nullptr) {
        facts.add(fact, "not measured", Verdict::not_here);
        return;
    }
    const std::string shown = fmt::format("{:.6g} {}, {:.6g} to {:.6g} in {} undisturbed samples",
                                          total->kept.median.value, facts.run.time_unit,
                                          total->kept.min, total->kept.max, total->kept.n);
    // The clock is rounded to whole units, so a constant shows as two neighbours.
    facts.add(fact, shown,
              facts.exact() ? verdict(total->kept.max - total->kept.min <= 1) : Verdict::not_here);
}

// In instructions: time of n turns less the bracket is 2 n and the same small rest for all n.
void exact_delays(Facts& facts) {
    const Estimate* bracket = facts.median("calib/nop/call=bracket", "total");
    const char* fact = "delays are recovered exactly";
    if (!facts.exact() || bracket == nullptr) {
        facts.add(fact, "only where time is instructions", Verdict::not_here);
        return;
    }
    double low = INFINITY;
    double high = -INFINITY;
    std::size_t delays = 0;
    for (const SeriesResult& series : facts.run.series) {
        const Measure* total = find_measure(series, "total");
        const Series* raw = facts.series(series.point);
        if (series.operation != "exact" || total == nullptr || raw == nullptr ||
            asked_median(*raw) == 0) {
            continue;
        }
        const double rest =
            total->kept.median.value - bracket->value - kInstructionsPerTurn * asked_median(*raw);
        low = std::min(low, rest);
        high = std::max(high, rest);
        ++delays;
    }
    if (delays < 2) {
        facts.add(fact, "not measured", Verdict::not_here);
        return;
    }
    facts.add(fact,
              fmt::format("{} delays: two instructions a turn, and {:.6g} to {:.6g} of the "
                          "device's own beside the bracket",
                          delays, low, high),
              verdict(high - low <= kInstructionsPerTurn));
}

void delivery(Facts& facts) {
    const Estimate* calls = facts.median("calib/deliver/way=calls", "user");
    for (const char* way : {"ring", "batch"}) {
        const Estimate* other = facts.median(fmt::format("calib/deliver/way={}", way), "user");
        if (calls == nullptr || other == nullptr) {
            continue;
        }
        const double gain = calls->value / other->value;
        const bool judged = std::string_view(way) == "batch" && facts.exact();
        facts.add(fmt::format("{} instead of read and write for each", way),
                  fmt::format("{:.4g} instead of {:.4g} {} an operation: {:.3g} times as fast",
                              other->value, calls->value, facts.run.time_unit, gain),
                  judged ? verdict(gain >= kBatchGain) : Verdict::not_here);
    }
}

}  // namespace

std::vector<TruthLine> check_truth(const Samples& samples, const RunResult& run,
                                   const TruthOptions& options) {
    Facts facts{samples, run, options, {}};
    const bool planted =
        std::any_of(samples.series.begin(), samples.series.end(), [](const Series& one) {
            const auto* truth = one.column("truth");
            return one.module == "calib" && truth != nullptr &&
                   std::any_of(truth->begin(), truth->end(),
                               [](std::int64_t value) { return value != kAbsent; });
        });
    if (!planted) {
        throw std::runtime_error(
            "no planted samples; 'kmodbench run ^calib/' measures some, 'make calib' does it all");
    }
    planted_causes(facts);
    held_delays(facts);
    planted_delays(facts);
    constant_beside(facts);
    constant_bracket(facts);
    exact_delays(facts);
    delivery(facts);
    return facts.lines;
}

}  // namespace kmb::analysis
