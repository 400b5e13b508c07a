#include "analysis/grade.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/sweep.h"

namespace kmb::analysis {
namespace {

// Fewer independent values than this share of all, and the plain interval would be too
// narrow by more than a factor of two.
constexpr double kDependent = 0.25;
constexpr double kNegative = 0.01;  // share of negative times that spoils a series

struct Finding {
    bool fatal;
    std::string sentence;
};
using Found = std::optional<Finding>;

const Summary* judged(const SeriesResult& series) {
    const Measure* measure = find_measure(series, series.primary);
    return measure == nullptr || measure->all.n == 0 ? nullptr : &measure->all;
}

bool constant(const Summary& summary) {
    return summary.n > 1 && summary.min == summary.max;
}

double iqr(const Summary& summary) {
    return summary.quantiles[4].estimate.value - summary.quantiles[2].estimate.value;
}

Found autocorrelated(const SeriesResult&, const Summary& all) {
    if (constant(all) || all.effective >= kDependent * static_cast<double>(all.n)) {
        return std::nullopt;
    }
    return Finding{all.effective < 6,
                   fmt::format("{} samples are worth {:.0f} independent ones; intervals are of "
                               "that many",
                               all.n, all.effective)};
}

Found below_tick(const SeriesResult& series, const Summary& all) {
    if (!(series.tick > 0) || all.median.value >= 2 * series.tick) {
        return std::nullopt;
    }
    return Finding{true, fmt::format("the median of {} is {:.3g}, the clock steps by {:.3g}",
                                     series.primary, all.median.value, series.tick)};
}

Found drift(const SeriesResult& series, const Summary&) {
    if (series.order.state != "drift") {
        return std::nullopt;
    }
    return Finding{
        false, fmt::format("{} changes by {:+.1f} % from begin to end (p = {:.2g})", series.primary,
                           100 * series.order.drift, series.order.drift_p)};
}

Found few(const SeriesResult&, const Summary& all) {
    if (all.median.interval) {
        return std::nullopt;
    }
    return Finding{
        true, all.n < 6 ? fmt::format("{} samples carry no interval of the median; 6 do", all.n)
                        : fmt::format("{} samples are worth too few independent ones for an "
                                      "interval of the median",
                                      all.n)};
}

Found modes(const SeriesResult& series, const Summary&) {
    if (series.modes.size() < 2) {
        return std::nullopt;
    }
    std::string where;
    for (const ModeResult& mode : series.modes) {
        where += fmt::format("{}{:.0f} % about {:.6g}", where.empty() ? "" : ", ", 100 * mode.share,
                             mode.median.value);
    }
    return Finding{false,
                   fmt::format("{} has {} modes: {}", series.primary, series.modes.size(), where)};
}

Found negative(const SeriesResult& series, const Summary& all) {
    if (!(all.min < 0)) {
        return std::nullopt;
    }
    const bool many = std::any_of(all.quantiles.begin(), all.quantiles.end(), [](const auto& q) {
        return q.p >= kNegative && q.estimate.value < 0;
    });
    return Finding{
        many, fmt::format("samples of {} are below 0, down to {:.6g}", series.primary, all.min)};
}

Found shifts(const SeriesResult& series, const Summary&) {
    if (series.order.state != "shifts") {
        return std::nullopt;
    }
    std::string levels;
    for (const Regime& regime : series.order.regimes) {
        levels +=
            fmt::format("{}{:.6g} from {}", levels.empty() ? "" : ", ", regime.median, regime.from);
    }
    return Finding{false, fmt::format("the level of {} does not last: {}", series.primary, levels)};
}

Found tick_limited(const SeriesResult& series, const Summary& all) {
    if (!(series.tick > 0) || all.n < 2 || constant(all) || iqr(all) >= 2 * series.tick) {
        return std::nullopt;
    }
    return Finding{false,
                   fmt::format("the quartiles of {} are {:.3g} apart, the clock steps by {:.3g}",
                               series.primary, iqr(all), series.tick)};
}

Found warm_up(const SeriesResult& series, const Summary&) {
    if (series.order.state != "warm-up") {
        return std::nullopt;
    }
    return Finding{false, fmt::format("the first {} of {} samples are at another level",
                                      series.order.warmup, series.n)};
}

struct Check {
    const char* code;
    Found (*look)(const SeriesResult&, const Summary&);
};

// Sorted by code, one check a line.
constexpr Check kChecks[] = {
    {"autocorrelated", autocorrelated},
    {"below-tick", below_tick},
    {"drift", drift},
    {"few", few},
    {"modes", modes},
    {"negative", negative},
    {"shifts", shifts},
    {"tick-limited", tick_limited},
    {"warm-up", warm_up},
};

// Of earlier stages.
constexpr const char* kCare[] = {
    "rounds-missing",
    "truncated",
};

bool starts_with(const std::string& text, std::string_view code) {
    return text.starts_with(code) && text.substr(code.size()).starts_with(":");
}

// Warnings of earlier stages that a reader must know before he uses the median.
bool needs_care(const std::string& warning) {
    return std::any_of(std::begin(kCare), std::end(kCare),
                       [&](const char* code) { return starts_with(warning, code); });
}

}  // namespace

void warn_of_reading(const Series& series, std::vector<std::string>& warnings) {
    if (series.truncated_rows > 0) {
        warnings.push_back(fmt::format("truncated: {} rows of cut or damaged blocks are not used",
                                       series.truncated_rows));
    }
    const auto complete = static_cast<std::int64_t>(series.rounds.size());
    if (complete < series.rounds_planned) {
        warnings.push_back(fmt::format("rounds-missing: {} of {} rounds were measured", complete,
                                       series.rounds_planned));
    }
}

void judge(SeriesResult& series) {
    bool fatal = false;
    const Summary* all = judged(series);
    for (const std::string& warning : series.warnings) {
        if (needs_care(warning)) {
            series.grade.reasons.push_back(warning);
        }
    }
    if (all == nullptr) {
        series.grade.grade = "unusable";
        series.grade.reasons.emplace_back("few: there is no whole sample");
        return;
    }
    if (constant(*all)) {
        series.warnings.push_back(fmt::format("all-equal: all {} samples of {} are {:.17g}", all->n,
                                              series.primary, all->min));
    }
    for (const Check& check : kChecks) {
        if (const Found found = check.look(series, *all)) {
            series.warnings.push_back(fmt::format("{}: {}", check.code, found->sentence));
            series.grade.reasons.push_back(series.warnings.back());
            fatal = fatal || found->fatal;
        }
    }
    series.grade.grade = fatal ? "unusable" : series.grade.reasons.empty() ? "fit" : "care";
}

}  // namespace kmb::analysis
