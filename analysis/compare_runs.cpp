#include "analysis/compare_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "analysis/measures.h"
#include "analysis/pipeline.h"
#include "analysis/stats/multiplicity.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

// One point of one side: its series in each of the runs, and the measure to judge it by.
struct SidePoint {
    std::vector<const Series*> runs;
    std::string primary;
};
using SidePoints = std::map<std::string, SidePoint>;

bool has(const Series& series, const Coordinates& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& pair) {
        return std::find(series.coordinates.begin(), series.coordinates.end(), pair) !=
               series.coordinates.end();
    });
}

// Name of the point without the coordinates of these keys.
std::string name_without(const Series& series, const Coordinates& keys) {
    std::string name = series.module + "/" + series.operation;
    for (const auto& [key, value] : series.coordinates) {
        const bool chosen = std::any_of(keys.begin(), keys.end(),
                                        [&, k = key](const auto& pair) { return pair.first == k; });
        if (!chosen) {
            name += "/" + key + "=" + value;
        }
    }
    return name;
}

SidePoints points_of(const std::vector<Samples>& runs, const Coordinates& chosen,
                     const char* side) {
    SidePoints points;
    for (const Samples& run : runs) {
        const auto primary = primary_measures(run.series);
        for (std::size_t i = 0; i < run.series.size(); ++i) {
            const Series& series = run.series[i];
            if (series.rows == 0 || !has(series, chosen)) {
                continue;
            }
            SidePoint& point = points[name_without(series, chosen)];
            point.runs.push_back(&series);
            point.primary = primary[i];
        }
    }
    if (points.empty()) {
        std::string wanted;
        for (const auto& [key, value] : chosen) {
            wanted += fmt::format("{}{}={}", wanted.empty() ? "" : "/", key, value);
        }
        throw std::invalid_argument(fmt::format(
            "{}: {}", side,
            wanted.empty() ? "no series is whole"
                           : fmt::format("no point has {}; 'kmodbench list' names all", wanted)));
    }
    return points;
}

const Series& any_of(const SidePoints& points) {
    return *points.begin()->second.runs.front();
}

void require_same(const std::string& before, const std::string& now, const char* what) {
    if (before != now) {
        throw std::invalid_argument(
            fmt::format("the {} of OLD is '{}', that of NEW '{}'; these do not compare: measure "
                        "both on the same target",
                        what, before, now));
    }
}

// All runs of both sides are of one target and unit.
void require_comparable(const SidePoints& before, const SidePoints& now) {
    const Series& first = any_of(before);
    for (const SidePoints* side : {&before, &now}) {
        for (const auto& [name, point] : *side) {
            for (const Series* series : point.runs) {
                require_same(first.target, series->target, "target");
                require_same(first.time_unit, series->time_unit, "unit of time");
            }
        }
    }
}

// Values of a measure with the rounds that they belong to.
Measured measured(const Series& series, const std::string& measure) {
    const MeasuredColumn column = measure_of(series, measure);
    Measured result;
    result.values = column.values;
    std::size_t at = 0;
    for (std::size_t round = 0; round < series.rounds.size(); ++round) {
        while (at < column.rows.size() && column.rows[at] < series.round_begin[round]) {
            ++at;
        }
        const std::size_t end =
            round + 1 < series.rounds.size() ? series.round_begin[round + 1] : series.rows;
        if (at < column.rows.size() && column.rows[at] < end) {
            result.rounds.push_back(series.rounds[round]);
            result.round_begin.push_back(at);
        }
    }
    return result;
}

std::string key_of(const Series& series, const char* name) {
    for (const auto& [key, value] : series.keys) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

// Values of the repetitions that both series have: these had the same input.
std::pair<Measured, Measured> same_inputs(const Series& before, const Series& now,
                                          const std::string& measure) {
    const auto by_repetition = [&](const Series& series) {
        std::map<std::int64_t, double> values;
        const auto* reps = series.column("rep");
        const MeasuredColumn column = measure_of(series, measure);
        for (std::size_t i = 0; reps != nullptr && i < column.rows.size(); ++i) {
            values.emplace((*reps)[column.rows[i]], column.values[i]);
        }
        return values;
    };
    const auto x = by_repetition(before);
    const auto y = by_repetition(now);
    std::pair<Measured, Measured> both;
    for (const auto& [repetition, value] : x) {
        if (const auto other = y.find(repetition); other != y.end()) {
            both.first.values.push_back(value);
            both.second.values.push_back(other->second);
        }
    }
    return both;
}

// What two runs of the same side differ by, over all points: nine tenths of their pairs
// and a half differ by less (the 95 % quantile).
std::optional<double> measured_floor(const SidePoints& before, const SidePoints& now,
                                     const std::string& measure) {
    std::vector<double> apart;
    for (const SidePoints* side : {&before, &now}) {
        for (const auto& [name, point] : *side) {
            std::vector<double> medians;
            for (const Series* series : point.runs) {
                const auto values =
                    measure_of(*series, measure.empty() ? point.primary : measure).values;
                if (!values.empty() && median(values) > 0) {
                    medians.push_back(std::log(median(values)));
                }
            }
            for (std::size_t i = 0; i < medians.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    apart.push_back(std::abs(medians[i] - medians[j]));
                }
            }
        }
    }
    if (apart.empty()) {
        return std::nullopt;
    }
    return std::expm1(quantile(Sorted(apart), 0.95));
}

class Comparer {
  public:
    Comparer(const CompareRunsOptions& options, SidePoints before, SidePoints now)
        : options_(options), before_(std::move(before)), now_(std::move(now)) {}

    RunsComparison run();

  private:
    void thresholds();
    void point(const std::string& name, const SidePoint& before, const SidePoint& now);
    void correct_all();
    void warn();

    const CompareRunsOptions& options_;
    SidePoints before_;
    SidePoints now_;
    RunsComparison result_;
    std::size_t other_seeds_ = 0;
};

void Comparer::thresholds() {
    const bool counted = result_.time_unit == "instructions";
    result_.margin = options_.margin.value_or(counted ? 0.0 : 0.01);
    result_.noise_floor_from = counted ? "none: instructions are counted" : "not measured";
    if (options_.noise_floor) {
        result_.noise_floor = *options_.noise_floor;
        result_.noise_floor_from = "given";
    } else if (!counted) {
        if (const auto floor = measured_floor(before_, now_, options_.measure)) {
            result_.noise_floor = *floor;
            result_.noise_floor_from = "runs of one side";
        }
    }
}

void Comparer::point(const std::string& name, const SidePoint& before, const SidePoint& now) {
    const std::string measure = options_.measure.empty() ? before.primary : options_.measure;
    const Series& first = *before.runs.front();
    const bool counted = result_.time_unit == "instructions";
    CompareOptions options{
        .margin = result_.margin, .noise_floor = result_.noise_floor, .level = options_.level};
    if (!counted) {
        options.step = static_cast<double>(first.clock_step) / static_cast<double>(first.batch);
    }
    std::vector<Measured> x;
    std::vector<Measured> y;
    Pairing pairing = options_.same_run ? Pairing::rounds : Pairing::none;
    if (counted && before.runs.size() == 1 && now.runs.size() == 1) {
        const Series& second = *now.runs.front();
        if (key_of(first, "seed") == key_of(second, "seed")) {
            auto both = same_inputs(first, second, measure);
            if (!both.first.values.empty()) {
                x.push_back(std::move(both.first));
                y.push_back(std::move(both.second));
                pairing = Pairing::samples;
            }
        } else {
            ++other_seeds_;
        }
    }
    if (x.empty()) {
        for (const Series* series : before.runs) {
            x.push_back(measured(*series, measure));
        }
        for (const Series* series : now.runs) {
            y.push_back(measured(*series, measure));
        }
    }
    PointComparison found{name, measure, compare(x, y, pairing, options), 1};
    found.p_alone = found.result.p_value;
    result_.points.push_back(std::move(found));
}

void Comparer::correct_all() {
    std::vector<double> middle;
    std::vector<double> tails;
    for (const auto& point : result_.points) {
        middle.push_back(point.p_alone);
        double least = 1;
        for (const auto& tail : point.result.tails) {
            least = std::min(least, tail.p_value * static_cast<double>(point.result.tails.size()));
        }
        tails.push_back(std::min(least, 1.0));
    }
    const auto raise = [&](const std::vector<double>& p) {
        return options_.correction == Correction::holm                 ? holm(p)
               : options_.correction == Correction::benjamini_hochberg ? benjamini_hochberg(p)
                                                                       : p;
    };
    middle = raise(middle);
    tails = raise(tails);
    for (std::size_t i = 0; i < middle.size(); ++i) {
        correct(result_.points[i].result, middle[i], tails[i], options_.level);
    }
}

void Comparer::warn() {
    const auto most = [](const SidePoints& points) {
        std::size_t runs = 0;
        for (const auto& [name, point] : points) {
            runs = std::max(runs, point.runs.size());
        }
        return runs;
    };
    const bool counted = result_.time_unit == "instructions";
    if (!counted && !options_.same_run && std::min(most(before_), most(now_)) < 3) {
        result_.warnings.push_back(fmt::format(
            "few-runs: {} run(s) against {}; what changes from run to run is not in the "
            "intervals. Three of each tell it: compare A,A2,A3 B,B2,B3",
            most(before_), most(now_)));
    }
    if (other_seeds_ > 0) {
        result_.warnings.push_back(fmt::format(
            "other-seed: {} points were measured with another seed, so with other inputs; they "
            "are compared by chance, not exactly",
            other_seeds_));
    }
    if (!result_.only_before.empty() || !result_.only_now.empty()) {
        result_.warnings.push_back(fmt::format(
            "unmatched: {} points of OLD and {} of NEW have no partner, such as {}",
            result_.only_before.size(), result_.only_now.size(),
            result_.only_before.empty() ? result_.only_now.front() : result_.only_before.front()));
    }
}

RunsComparison Comparer::run() {
    require_comparable(before_, now_);
    result_.target = any_of(before_).target;
    result_.time_unit = any_of(before_).time_unit;
    thresholds();
    for (const auto& [name, before] : before_) {
        const auto now = now_.find(name);
        if (now == now_.end()) {
            result_.only_before.push_back(name);
        } else {
            point(name, before, now->second);
        }
    }
    for (const auto& [name, now] : now_) {
        if (!before_.contains(name)) {
            result_.only_now.push_back(name);
        }
    }
    if (result_.points.empty()) {
        throw std::invalid_argument(
            fmt::format("OLD and NEW have no point in common; OLD has {}, NEW has {}",
                        result_.only_before.front(), result_.only_now.front()));
    }
    correct_all();
    warn();
    return std::move(result_);
}

}  // namespace

std::size_t RunsComparison::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(),
                      [&](const auto& point) { return point.result.verdict == verdict; }));
}

RunsComparison compare_runs(const std::vector<Samples>& before, const std::vector<Samples>& now,
                            const CompareRunsOptions& options) {
    if (options.same_run && options.only_before == options.only_now) {
        throw std::invalid_argument(
            "OLD and NEW are the same run; say which of its points are which, such as "
            "--old algo=heap --new algo=pdq");
    }
    return Comparer(options, points_of(before, options.only_before, "OLD"),
                    points_of(now, options.only_now, "NEW"))
        .run();
}

bool no_slower(const Comparison& comparison) {
    return comparison.verdict != Verdict::slower && comparison.verdict != Verdict::worse_tail &&
           comparison.bounds.high <= 1 + comparison.threshold;
}

}  // namespace kmb::analysis
