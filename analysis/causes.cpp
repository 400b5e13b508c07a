#include "analysis/causes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "analysis/rules.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

// A cause is there where a counter is above 0, or where two columns differ.
struct Cause {
    std::string_view name;
    std::string_view column;
    std::string_view differs_from;  // empty: `column` counts
};

// One cause a line, in the order in which reports show them.
constexpr Cause kCauses[] = {
    {"interrupted", "irqs", ""}, {"softirq", "softirqs", ""},    {"slept", "nvcsw", ""},
    {"preempted", "nivcsw", ""}, {"migrated", "cpu_end", "cpu"}, {"faulted", "faults", ""},
    {"smi", "smis", ""},
};
constexpr std::size_t kCount = std::size(kCauses);

constexpr std::array<std::string_view, kCount> kNames = [] {
    std::array<std::string_view, kCount> names;
    for (std::size_t i = 0; i < kCount; ++i) {
        names[i] = kCauses[i].name;
    }
    return names;
}();

// Those without which "undisturbed" would be a guess.
constexpr std::string_view kNeeded[] = {"interrupted", "slept", "preempted"};

// The rule that says what an outlier is; its fences come from the undisturbed values.
constexpr std::string_view kOutlierRule = "double-mad";

std::int64_t value_at(const Series& series, std::string_view column, std::size_t row) {
    const auto* values = series.column(column);
    return values == nullptr ? kAbsent : (*values)[row];
}

bool offered(const Series& series, const Cause& cause) {
    const auto whole = [&series](std::string_view name) {
        const auto* values = series.column(name);
        return values != nullptr && !values->empty() &&
               std::find(values->begin(), values->end(), kAbsent) == values->end();
    };
    return whole(cause.column) && (cause.differs_from.empty() || whole(cause.differs_from));
}

// The columns that tell of a cause, null where there are none, and whether the cause is that they
// differ.
struct Columns {
    const std::vector<std::int64_t>* value;
    const std::vector<std::int64_t>* other;
    bool differ;
};

std::array<Columns, kCount> columns_of(const Series& series) {
    std::array<Columns, kCount> all{};
    for (std::size_t i = 0; i < kCount; ++i) {
        const bool differ = !kCauses[i].differs_from.empty();
        all[i] = {series.column(kCauses[i].column),
                  differ ? series.column(kCauses[i].differs_from) : nullptr, differ};
    }
    return all;
}

bool happened(const Columns& columns, std::size_t row) {
    const auto at = [row](const std::vector<std::int64_t>* values) {
        return values == nullptr ? kAbsent : (*values)[row];
    };
    const auto value = at(columns.value);
    if (!columns.differ) {
        return value != kAbsent && value > 0;
    }
    const auto other = at(columns.other);
    return value != kAbsent && other != kAbsent && value != other;
}

// A value that is judged, and why it may differ.
struct Judged {
    double value;
    std::size_t row;
    unsigned causes;
};

std::vector<Judged> judge(const Series& series, std::span<const double> values,
                          std::span<const std::size_t> rows) {
    std::vector<Judged> all;
    all.reserve(values.size());
    const auto causes = causes_of(series, rows);
    for (std::size_t i = 0; i < values.size(); ++i) {
        all.push_back({values[i], rows[i], causes[i]});
    }
    return all;
}

std::vector<CauseCost> costs_of(const std::vector<Judged>& all, unsigned offered_bits,
                                double usual) {
    std::vector<CauseCost> costs;
    for (std::size_t bit = 0; bit < kCount; ++bit) {
        if ((offered_bits >> bit & 1U) == 0) {
            continue;
        }
        CauseCost cost;
        cost.cause = kNames[bit];
        for (const Judged& one : all) {
            if ((one.causes >> bit & 1U) != 0) {
                ++cost.samples;
                cost.alone += std::has_single_bit(one.causes) ? 1U : 0U;
                cost.time += one.value - usual;
            }
        }
        costs.push_back(std::move(cost));
    }
    return costs;
}

// Statistical rules on what nothing disturbed: their labels are outliers without a cause.
std::vector<Labelling> label_rest(const Series& series, std::span<const double> values,
                                  std::span<const std::size_t> rows, double step) {
    const RuleInput input{series, {}, values, rows, step};
    std::vector<Labelling> labels;
    for (const auto& rule : statistical_rule_names()) {
        labels.push_back(label(rule, input));
    }
    return labels;
}

void count_outliers(const std::vector<Judged>& all, Causes& result) {
    const auto fences = std::find_if(result.rest.begin(), result.rest.end(),
                                     [](const auto& one) { return one.rule == kOutlierRule; });
    if (fences == result.rest.end() || !fences->parameters.contains("low")) {
        return;
    }
    const double low = fences->parameters.at("low");
    const double high = fences->parameters.at("high");
    for (const Judged& one : all) {
        if (one.value < low || one.value > high) {
            ++result.outliers;
            result.unexplained += one.causes == 0 ? 1 : 0;
        }
    }
}

}  // namespace

std::span<const std::string_view> cause_names() {
    return kNames;
}

std::vector<unsigned> causes_of(const Series& series, std::span<const std::size_t> rows) {
    const auto columns = columns_of(series);
    std::vector<unsigned> all(rows.size(), 0);
    for (std::size_t k = 0; k < rows.size(); ++k) {
        for (std::size_t i = 0; i < kCount; ++i) {
            all[k] |= happened(columns[i], rows[k]) ? 1U << i : 0U;
        }
    }
    return all;
}

unsigned causes_of(const Series& series, std::size_t row) {
    return causes_of(series, std::span(&row, 1)).front();
}

unsigned causes_offered(const Series& series) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
        bits |= offered(series, kCauses[i]) ? 1U << i : 0U;
    }
    return bits;
}

bool tells_causes(const Series& series) {
    return std::all_of(std::begin(kNeeded), std::end(kNeeded), [&](std::string_view name) {
        const auto* cause = std::find_if(std::begin(kCauses), std::end(kCauses),
                                         [&](const Cause& one) { return one.name == name; });
        return offered(series, *cause);
    });
}

Causes attribute(const Series& series, std::span<const double> values,
                 std::span<const std::size_t> rows, double step) {
    Causes result;
    result.told = tells_causes(series);
    if (!result.told || values.empty()) {
        return result;
    }
    const auto all = judge(series, values, rows);
    std::vector<double> quiet;
    std::vector<std::size_t> quiet_rows;
    for (const Judged& one : all) {
        if (one.causes == 0) {
            quiet.push_back(one.value);
            quiet_rows.push_back(one.row);
        }
    }
    result.undisturbed = quiet.size();
    const bool against_quiet = !quiet.empty();
    result.usual = against_quiet ? median(quiet) : median(values);
    result.costs = costs_of(all, causes_offered(series), result.usual);
    for (const Judged& one : all) {
        result.lost += one.causes != 0 && against_quiet ? one.value - result.usual : 0;
        result.time += one.value;
    }
    if (!against_quiet) {
        // Nothing to hold a disturbed sample against.
        for (auto& cost : result.costs) {
            cost.time = std::nan("");
        }
        result.lost = std::nan("");
        return result;
    }
    result.rest = label_rest(series, quiet, quiet_rows, step);
    count_outliers(all, result);
    return result;
}

namespace {

// Adds the times that the columns cpu0_work, cpu1_work, ... tell of the CPUs of a place, all or
// none.
void add_times(const Series& series, std::size_t row, WorkPlace& place) {
    std::vector<double> times;
    for (unsigned cpu = 0; cpu < 64; ++cpu) {
        if ((place.cpus >> cpu & 1U) == 0) {
            continue;
        }
        const auto time = value_at(series, "cpu" + std::to_string(cpu) + "_work", row);
        if (time == kAbsent) {
            return;
        }
        times.push_back(static_cast<double>(time));
    }
    place.times.resize(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
        place.times[i] += times[i];
    }
}

}  // namespace

Sleeping examine_sleeping(const Series& series) {
    Sleeping result;
    const auto* off = series.column("off_cpu");
    const auto* work = series.column("work_cpus");
    std::vector<double> away;
    std::map<std::pair<std::uint64_t, std::int64_t>, WorkPlace> places;
    for (std::size_t row = 0; row < series.rows; ++row) {
        const auto voluntary = value_at(series, "nvcsw", row);
        const auto involuntary = value_at(series, "nivcsw", row);
        if (voluntary == kAbsent || involuntary == kAbsent) {
            continue;
        }
        ++result.calls;
        result.slept += voluntary > 0 ? 1 : 0;
        result.preempted += involuntary > 0 ? 1 : 0;
        result.sleeps += static_cast<std::uint64_t>(voluntary);
        result.preemptions += static_cast<std::uint64_t>(involuntary);
        const auto total = value_at(series, "total", row);
        if (off != nullptr && (*off)[row] != kAbsent && total != kAbsent) {
            const auto was_off = static_cast<double>((*off)[row]);
            ++result.times_known;
            result.off_cpu += was_off;
            result.elapsed += static_cast<double>(total);
            if (was_off > 0) {
                away.push_back(was_off);
            }
        }
        if (work != nullptr && (*work)[row] != kAbsent) {
            const auto cpus = static_cast<std::uint64_t>((*work)[row]);
            const auto caller = value_at(series, "cpu", row);
            WorkPlace& place = places[{cpus, caller}];
            place.cpus = cpus;
            place.caller = caller;
            add_times(series, row, place);
            ++place.calls;
        }
    }
    if (!away.empty()) {
        const Sorted sorted(away);
        result.off_cpu_median = median(sorted);
        result.off_cpu_max = sorted.max();
    }
    for (auto& [where, place] : places) {
        for (double& time : place.times) {
            time /= static_cast<double>(place.calls);
        }
        result.work.push_back(std::move(place));
    }
    return result;
}

}  // namespace kmb::analysis
