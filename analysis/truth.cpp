#include "analysis/truth.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/bracket.h"
#include "analysis/causes.h"
#include "analysis/fits.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

using Verdict = TruthLine::Verdict;

// As in modules/include/uapi/kmodbench.h, which this room does not know: bits of `truth`.
constexpr unsigned kDelayShift = 16;

struct Planted {
    std::string_view name;   // coordinate `cause`
    std::string_view cause;  // that the analysis has to give
    std::int64_t bit;
    bool by_tick;  // a tick of the timer shows the same
};

constexpr Planted kPlanted[] = {
    {"fault", "faulted", 0x10, false},    {"irq", "interrupted", 0x01, true},
    {"migrate", "migrated", 0x20, false}, {"preempt", "preempted", 0x08, false},
    {"sleep", "slept", 0x04, false},      {"softirq", "softirq", 0x02, true},
};

constexpr double kRight = 0.99;       // of the planted samples get their cause
constexpr double kElsewhere = 0.001;  // of the others may show it, beyond the ticks
constexpr double kMeanOff = 2;        // factor by which planting a fifth moves the mean
constexpr double kInstructionsPerTurn = 2;
constexpr double kBatchGain = 10;

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

// Median of the planted delays of all samples, disturbed or not.
double planted_median(const Series& series) {
    std::vector<double> delays;
    for (const auto truth : *series.column("truth")) {
        delays.push_back(static_cast<double>(truth >> kDelayShift));
    }
    return median(delays);
}

// A delay of nothing costs what stands around every delay, and one look at the clock more
// than needed: the loop cannot end between two looks. Two loops a sample, each ends up to one
// look late, and a delay of nothing is exactly one late.
struct Reference {
    Estimate cost;       // of a sample with a delay of nothing
    double granularity;  // by how much a delay may be shorter in comparison
};

std::optional<Reference> reference(const Facts& facts) {
    const Estimate* nothing =
        facts.median("calib/shape/variant=fixed/sleep_ppm=0/delay=0", "total");
    const Estimate* bracket = facts.median("calib/nop/call=bracket", "total");
    if (nothing == nullptr || bracket == nullptr) {
        return std::nullopt;
    }
    return Reference{*nothing, std::max((nothing->value - bracket->value) / 2, 1.0)};
}

void planted_delays(Facts& facts) {
    const auto nothing = reference(facts);
    for (const Series& series : facts.samples.series) {
        const SeriesResult* result = facts.result(series.point);
        const bool measured = result != nullptr && series.point.starts_with("calib/shape/") &&
                              !series.point.ends_with("/delay=0");
        const Measure* total = measured ? find_measure(*result, "total") : nullptr;
        if (total == nullptr || series.column("truth") == nullptr) {
            continue;
        }
        const std::string name = series.point.substr(std::string_view("calib/shape/").size());
        const double planted = planted_median(series);
        const std::string fact = fmt::format("{}: median has the delay", name);
        if (!nothing) {
            facts.add(fact, "no empty bracket in this run", Verdict::not_here);
            continue;
        }
        const Estimate net = difference(total->kept.median, nothing->cost);
        if (!net.interval) {
            // A level that moves leaves few samples that are worth an independent one.
            const bool moves =
                name.starts_with("variant=drift") || name.starts_with("variant=step");
            facts.add(fact, "no interval is claimed: too few independent samples",
                      moves ? Verdict::not_here : Verdict::fails);
            continue;
        }
        const double high = net.interval->high + nothing->granularity;
        facts.add(fact,
                  fmt::format("{:.6g} planted; [{:.6g}, {:.6g}], of which {:.3g} is the loop's own "
                              "granularity; {} of {} kept",
                              planted, net.interval->low, high, nothing->granularity, total->kept.n,
                              total->all.n),
                  verdict(net.interval->low <= planted && planted <= high));
        if (series.point.find("sleep_ppm=0/") == std::string::npos) {
            const double off = (total->all.mean.value - nothing->cost.value) / planted;
            facts.add(fmt::format("{}: the plain mean is off", name),
                      fmt::format("{:.3g} times the delay", off), verdict(off > kMeanOff));
        }
    }
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
            planted_median(*raw) == 0) {
            continue;
        }
        const double rest =
            total->kept.median.value - bracket->value - kInstructionsPerTurn * planted_median(*raw);
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
    planted_delays(facts);
    constant_bracket(facts);
    exact_delays(facts);
    delivery(facts);
    return facts.lines;
}

}  // namespace kmb::analysis
