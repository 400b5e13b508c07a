#include "analysis/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/stats/distributions.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/ticks.h"

namespace kmb::analysis {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kRunsForALevel = 3;    // runs a side of which their spread is known
constexpr std::size_t kRoundsForALevel = 5;  // rounds a side
constexpr std::array kTails = {0.99, 0.999};

// One side as logarithms, at each of its levels.
struct Side {
    std::vector<double> values;  // as they are, all runs
    std::vector<double> logs;
    std::vector<double> rounds;  // log of the median of each round
    std::vector<double> runs;    // .. of each run
};

double log_median(std::span<const double> values) {
    return std::log(median(values));
}

std::vector<double> round_medians(const Measured& run) {
    std::vector<double> medians;
    for (std::size_t i = 0; i < run.round_begin.size(); ++i) {
        const std::size_t end =
            i + 1 < run.round_begin.size() ? run.round_begin[i + 1] : run.values.size();
        if (end > run.round_begin[i]) {
            medians.push_back(log_median(
                std::span(run.values).subspan(run.round_begin[i], end - run.round_begin[i])));
        }
    }
    return medians;
}

Side side_of(const std::vector<Measured>& runs) {
    Side side;
    for (const Measured& run : runs) {
        if (run.values.empty()) {
            continue;
        }
        side.values.insert(side.values.end(), run.values.begin(), run.values.end());
        for (double v : run.values) {
            side.logs.push_back(std::log(v));
        }
        const auto medians = round_medians(run);
        side.rounds.insert(side.rounds.end(), medians.begin(), medians.end());
        side.runs.push_back(log_median(run.values));
    }
    return side;
}

// Medians of the rounds that both sides have.
std::pair<std::vector<double>, std::vector<double>> paired_rounds(const Measured& before,
                                                                  const Measured& now) {
    const auto of_before = round_medians(before);
    const auto of_now = round_medians(now);
    std::pair<std::vector<double>, std::vector<double>> pairs;
    for (std::size_t i = 0, j = 0; i < of_before.size() && j < of_now.size();) {
        if (before.rounds[i] < now.rounds[j]) {
            ++i;
        } else if (now.rounds[j] < before.rounds[i]) {
            ++j;
        } else {
            pairs.first.push_back(of_before[i++]);
            pairs.second.push_back(of_now[j++]);
        }
    }
    return pairs;
}

// What was measured side by side; nothing where it was not.
struct Pairs {
    const char* method;
    const char* unit;
    std::vector<double> before;
    std::vector<double> now;
};
std::optional<Pairs> pairs_of(const std::vector<Measured>& before, const std::vector<Measured>& now,
                              const Side& x, const Side& y, Pairing pairing) {
    if (pairing == Pairing::samples && x.logs.size() == y.logs.size()) {
        return Pairs{"pairs of samples with the same input, signed ranks", "pair of samples",
                     x.logs, y.logs};
    }
    if (pairing == Pairing::rounds && before.size() == 1 && now.size() == 1) {
        auto [of_x, of_y] = paired_rounds(before.front(), now.front());
        if (of_x.size() >= kRunsForALevel) {
            return Pairs{"pairs of medians of the same round, signed ranks", "pair of rounds",
                         std::move(of_x), std::move(of_y)};
        }
    }
    return std::nullopt;
}

// The answer's interval, from the highest level that has enough of its own kind.
LogRatio headline(const std::optional<Pairs>& pairs, const Side& x, const Side& y, double level,
                  Comparison& result) {
    const auto say = [&](const char* method, const char* unit, std::size_t m, std::size_t n) {
        result.method = method;
        result.unit = unit;
        result.n_before = m;
        result.n_now = n;
    };
    if (pairs) {
        say(pairs->method, pairs->unit, pairs->before.size(), pairs->now.size());
        return pair_ratio(pairs->before, pairs->now, level);
    }
    if (std::min(x.runs.size(), y.runs.size()) >= kRunsForALevel) {
        say("medians of runs, Welch", "run", x.runs.size(), y.runs.size());
        return mean_ratio(x.runs, y.runs, level);
    }
    if (std::min(x.rounds.size(), y.rounds.size()) >= kRoundsForALevel) {
        say("medians of rounds, rank sum", "round", x.rounds.size(), y.rounds.size());
        return rank_ratio(x.rounds, y.rounds, level);
    }
    say("samples, rank sum at the effective n", "sample", x.logs.size(), y.logs.size());
    return rank_ratio(x.logs, y.logs, level);
}

Verdict verdict_of(const Bounds& logs, double threshold) {
    const double limit = std::log1p(threshold);
    return logs.low > limit                           ? Verdict::slower
           : logs.high < -limit                       ? Verdict::faster
           : logs.low >= -limit && logs.high <= limit ? Verdict::equivalent
                                                      : Verdict::cannot_say;
}

double upper_tail(double statistic, double df) {
    return std::isfinite(df) ? t_tails(statistic, df).upper : normal_tails(statistic).upper;
}

// That the true log ratio is at most `limit`, from how far the interval is from it.
double one_sided(const LogRatio& ratio, double limit) {
    const double error = ratio.error_below();
    const double distance = ratio.estimate - limit;
    if (!(error > 0)) {
        return distance > 0 ? 0 : 1;
    }
    return std::isfinite(error) ? upper_tail(distance / error, ratio.df) : 1;
}

LogRatio mirrored(LogRatio ratio) {
    ratio.estimate = -ratio.estimate;
    ratio.bounds = {-ratio.bounds.high, -ratio.bounds.low};
    return ratio;
}

double two_sided(const LogRatio& ratio, double threshold) {
    const double limit = std::log1p(threshold);
    return std::min(1.0, 2 * std::min(one_sided(ratio, limit), one_sided(mirrored(ratio), limit)));
}

double quantile_of(double df, double p) {
    return std::isfinite(df) ? t_quantile(p, df) : normal_quantile(p);
}

void choose_threshold(Comparison& result, const CompareOptions& options, const Side& x,
                      const Side& y) {
    std::vector<double> both(x.values);
    both.insert(both.end(), y.values.begin(), y.values.end());
    const Tick tick = infer_tick(Sorted(both));
    const double step = std::max(options.step, tick.coarse ? tick.size : 0);
    const double smaller = std::min(result.before, result.now);
    result.threshold = options.margin;
    result.threshold_of = "margin";
    const auto raise = [&](double to, const char* why) {
        if (to > result.threshold) {
            result.threshold = to;
            result.threshold_of = why;
        }
    };
    raise(smaller > 0 ? step / smaller : 0, "tick");
    raise(options.noise_floor, "noise floor");
}

// What such an interval could find, and how many units would settle what it did not.
void plan(Comparison& result, const LogRatio& ratio, const CompareOptions& options) {
    const double error = std::max(ratio.error_below(), ratio.error_above());
    const double limit = std::log1p(result.threshold);
    if (!std::isfinite(error)) {
        result.detectable = kInfinity;
        return;
    }
    const double reach =
        quantile_of(ratio.df, (1 + options.level) / 2) + quantile_of(ratio.df, options.power);
    result.detectable = std::exp(limit + reach * error);
    const double distance = std::abs(limit - std::abs(ratio.estimate));
    if (result.middle == Verdict::cannot_say && distance > 0) {
        const double times = reach * error / distance;
        // As if both sides had as many: the smaller one makes the error.
        const double units =
            2 / (1 / static_cast<double>(result.n_before) + 1 / static_cast<double>(result.n_now));
        result.needed = std::ceil(units * std::max(times * times, 1.0));
    }
}

void judge_tails(Comparison& result, const Side& x, const Side& y, const CompareOptions& options) {
    const double limit = std::log1p(std::max(options.tail_margin, result.threshold));
    const double worth = (1 - options.level) / 2 / static_cast<double>(kTails.size());
    for (double p : kTails) {
        const LogRatio ratio = quantile_ratio(x.logs, y.logs, p, options.level);
        const double better = one_sided(mirrored(ratio), limit);
        TailComparison tail{p,
                            quantile(Sorted(x.values), p),
                            quantile(Sorted(y.values), p),
                            std::exp(ratio.estimate),
                            {std::exp(ratio.bounds.low), std::exp(ratio.bounds.high)},
                            one_sided(ratio, limit),
                            false,
                            better <= worth};
        tail.worse = tail.p_value <= worth;
        result.tails.push_back(tail);
    }
}

void settle(Comparison& result) {
    const bool worse = std::any_of(result.tails.begin(), result.tails.end(),
                                   [](const TailComparison& tail) { return tail.worse; });
    const bool held = result.middle == Verdict::equivalent || result.middle == Verdict::faster;
    result.verdict = held && worse ? Verdict::worse_tail : result.middle;
}

std::vector<double> without_outliers(const std::vector<double>& logs) {
    return without(logs, double_mad_outliers(logs).outliers);
}

// The same question, asked in other ways.
class Choices {
  public:
    Choices(Comparison& result, double level) : result_(result), level_(level) {}

    void pairs(std::span<const double> x, std::span<const double> y) {
        std::vector<double> d;
        for (std::size_t i = 0; i < x.size(); ++i) {
            d.push_back(y[i] - x[i]);
        }
        const std::vector<double> usual = without_outliers(d);
        const std::vector<double> none(d.size(), 0.0);
        add("pairs, signed ranks", pair_ratio(x, y, level_));
        add("pairs, mean of the logarithms", pair_mean(d, level_));
        add("pairs, median and its order statistics", pair_median(d, level_));
        add("pairs without outliers by double MAD, signed ranks",
            pair_ratio(std::span(none).first(usual.size()), usual, level_));
        add("pairs of batches, mean of the logarithms", pair_mean(batch_means_of(d), level_));
    }

    void sides(const Side& x, const Side& y) {
        add("rank sum of samples, effective n", rank_ratio(x.logs, y.logs, level_));
        add("medians, order statistics at the effective n", median_ratio(x.logs, y.logs, level_));
        add("geometric means, Welch at the effective n", mean_ratio(x.logs, y.logs, level_));
        add("batch means, Welch", batch_ratio(x.logs, y.logs, level_));
        add("batch means, trimmed by 20 %, Yuen", trimmed_batch_ratio(x.logs, y.logs, level_));
        add("without outliers by double MAD, rank sum",
            rank_ratio(without_outliers(x.logs), without_outliers(y.logs), level_));
        if (std::min(x.rounds.size(), y.rounds.size()) >= kRoundsForALevel) {
            add("medians of rounds, Welch", mean_ratio(x.rounds, y.rounds, level_));
        }
    }

  private:
    void add(const char* choice, const LogRatio& ratio) {
        const Verdict verdict = verdict_of(ratio.bounds, result_.threshold);
        result_.choices.push_back({choice,
                                   std::exp(ratio.estimate),
                                   {std::exp(ratio.bounds.low), std::exp(ratio.bounds.high)},
                                   verdict});
        result_.agree += verdict == result_.middle ? 1U : 0U;
    }

    Comparison& result_;
    double level_;
};

// Where there is no logarithm, or nothing at all.
std::optional<Comparison> unfit(const std::vector<double>& x, const std::vector<double>& y) {
    Comparison result;
    result.method = "none";
    result.unit = "sample";
    result.n_before = x.size();
    result.n_now = y.size();
    result.ratio = std::numeric_limits<double>::quiet_NaN();
    result.bounds = {0, kInfinity};
    result.detectable = kInfinity;
    if (x.empty() || y.empty()) {
        result.warnings.push_back(
            fmt::format("empty: {} has no value", x.empty() ? "the side before" : "the side now"));
        return result;
    }
    result.before = median(x);
    result.now = median(y);
    const auto no_number = [](const std::vector<double>& values) {
        return std::count_if(values.begin(), values.end(),
                             [](double v) { return !std::isfinite(v); });
    };
    const auto not_positive = [](const std::vector<double>& values) {
        return std::count_if(values.begin(), values.end(), [](double v) { return !(v > 0); });
    };
    if (no_number(x) + no_number(y) > 0) {
        result.warnings.push_back(
            fmt::format("not-finite: {} values are no numbers; take them out first",
                        no_number(x) + no_number(y)));
        return result;
    }
    if (not_positive(x) + not_positive(y) > 0) {
        result.warnings.push_back(
            fmt::format("not-positive: {} of {} values before and {} of {} now are not above 0; "
                        "there is no ratio of times",
                        not_positive(x), x.size(), not_positive(y), y.size()));
        return result;
    }
    return std::nullopt;
}

std::vector<double> all_values(const std::vector<Measured>& runs) {
    std::vector<double> all;
    for (const Measured& run : runs) {
        all.insert(all.end(), run.values.begin(), run.values.end());
    }
    return all;
}

}  // namespace

std::string_view name(Verdict verdict) {
    constexpr std::string_view kNames[] = {"slower", "faster", "equivalent", "worse tail",
                                           "cannot say"};
    return kNames[static_cast<std::size_t>(verdict)];
}

Comparison compare(const std::vector<Measured>& before, const std::vector<Measured>& now,
                   Pairing pairing, const CompareOptions& options) {
    if (auto result = unfit(all_values(before), all_values(now))) {
        return *result;
    }
    const Side x = side_of(before);
    const Side y = side_of(now);
    Comparison result;
    result.before = median(x.values);
    result.now = median(y.values);
    choose_threshold(result, options, x, y);
    const auto pairs = pairs_of(before, now, x, y, pairing);
    const LogRatio ratio = headline(pairs, x, y, options.level, result);
    result.effective_before = ratio.effective_x;
    result.effective_now = ratio.effective_y;
    result.ratio = std::exp(ratio.estimate);
    result.bounds = {std::exp(ratio.bounds.low), std::exp(ratio.bounds.high)};
    result.middle = verdict_of(ratio.bounds, result.threshold);
    result.p_value = two_sided(ratio, result.threshold);
    plan(result, ratio, options);
    judge_tails(result, x, y, options);
    Choices choices(result, options.level);
    if (pairs) {
        choices.pairs(pairs->before, pairs->now);
    } else {
        choices.sides(x, y);
    }
    settle(result);
    if (!std::isfinite(ratio.bounds.low)) {
        result.warnings.push_back(
            fmt::format("few: {} and {} values carry no interval", result.n_before, result.n_now));
    }
    return result;
}

Comparison compare(std::span<const double> before, std::span<const double> now,
                   const CompareOptions& options) {
    return compare({Measured{{before.begin(), before.end()}, {}, {}}},
                   {Measured{{now.begin(), now.end()}, {}, {}}}, Pairing::none, options);
}

void correct(Comparison& comparison, double p_value, double p_tail, double level) {
    comparison.p_value = p_value;
    const bool alarm = comparison.middle == Verdict::slower || comparison.middle == Verdict::faster;
    if (alarm && p_value > 1 - level) {
        comparison.middle = Verdict::cannot_say;
    }
    for (TailComparison& tail : comparison.tails) {
        tail.worse = tail.worse && p_tail <= (1 - level) / 2;
    }
    settle(comparison);
}

std::optional<std::size_t> planned_samples(std::span<const double> pilot, double effect,
                                           const CompareOptions& options) {
    constexpr std::size_t kPilot = 20;
    // The pilot's own spread is uncertain; what is planned for 0.93 then keeps 0.8.
    const double power = 1 - (1 - options.power) / 3;
    if (pilot.size() < kPilot ||
        unfit({pilot.begin(), pilot.end()}, {pilot.begin(), pilot.end()})) {
        return std::nullopt;
    }
    const Side side = side_of({Measured{{pilot.begin(), pilot.end()}, {}, {}}});
    Comparison alone;
    alone.before = alone.now = median(pilot);
    choose_threshold(alone, options, side, side);
    const LogRatio ratio = rank_ratio(side.logs, side.logs, options.level);
    const double distance = std::log1p(effect) - std::log1p(alone.threshold);
    double error = std::max(ratio.error_below(), ratio.error_above());
    if (infer_tick(Sorted(pilot)).coarse) {
        // Pairs of few ticks differ by whole ticks; their mean is known better, or worse.
        error = std::max(error, trimmed_batch_ratio(side.logs, side.logs).error_above());
    }
    if (!(distance > 0) || !std::isfinite(error)) {
        return std::nullopt;
    }
    const double reach = z_critical(options.level) + normal_quantile(power);
    const double times = reach * error / distance;
    return static_cast<std::size_t>(
        std::ceil(std::max(static_cast<double>(pilot.size()) * times * times, 8.0)));
}

}  // namespace kmb::analysis
