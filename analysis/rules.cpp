#include "analysis/rules.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/causes.h"
#include "analysis/stats/outliers.h"
#include "analysis/stats/quantiles.h"
#include "analysis/stats/scale.h"

namespace kmb::analysis {
namespace {

// Makes the mean absolute deviation estimate the sd of a normal distribution.
constexpr double kMeanAdToSd = 1.2533141373155003;  // sqrt(pi / 2)

struct Fences {
    double low;
    double high;
    std::map<std::string, double> parameters;
};

// Scaled spread of one side of the median, from a MAD that may be 0.
double side_scale(double mad, std::span<const double> sorted, double median, bool lower) {
    if (mad > 0) {
        return mad * kMadToSd;
    }
    double sum = 0;
    std::size_t count = 0;
    for (const double value : sorted) {
        if (lower ? value <= median : value >= median) {
            sum += std::abs(value - median);
            ++count;
        }
    }
    return count == 0 ? 0 : kMeanAdToSd * sum / static_cast<double>(count);
}

Fences double_mad_fences(const RuleInput& input) {
    constexpr double k = 3;
    const Sorted sorted(input.values);
    const DoubleMad spread = double_mad(sorted);
    const double low = side_scale(spread.lower, sorted.values(), spread.median, true);
    const double high = side_scale(spread.upper, sorted.values(), spread.median, false);
    return {spread.median - k * low, spread.median + k * high, {{"k", k}}};
}

Fences mad_fences(const RuleInput& input) {
    constexpr double k = 10;
    const Sorted sorted(input.values);
    const double middle = median(sorted);
    const double spread = mad(input.values, middle);
    if (spread > 0) {
        return {middle - k * kMadToSd * spread, middle + k * kMadToSd * spread, {{"k", k}}};
    }
    const double scale = kMeanAdToSd * mean_absolute_deviation(input.values, middle);
    return {middle - k * scale, middle + k * scale, {{"k", k}}};
}

Fences tukey_fences(const RuleInput& input) {
    const TukeyFences fences = tukey(input.values);
    return {fences.fences[1], fences.fences[2], {{"k", 1.5}}};
}

Fences modified_z_fences(const RuleInput& input) {
    constexpr double threshold = 3.5;
    constexpr double quartile = 0.6745;  // as Iglewicz and Hoaglin print it
    const double middle = median(input.values);
    const double spread = mad(input.values, middle);
    const double scale = spread > 0 ? spread / quartile
                                    : kMeanAdToSd * mean_absolute_deviation(input.values, middle);
    return {middle - threshold * scale, middle + threshold * scale, {{"threshold", threshold}}};
}

Fences adjusted_fences(const RuleInput& input) {
    const AdjustedBoxplot box = adjusted_boxplot(input.values);
    return {box.low, box.high, {{"k", 1.5}, {"medcouple", box.medcouple}}};
}

template <Fences (*Find)(const RuleInput&)>
void by_fences(const RuleInput& input, Labelling& result) {
    Fences fences = Find(input);
    const double middle = median(input.values);
    fences.low = std::min(fences.low, middle - input.step);
    fences.high = std::max(fences.high, middle + input.step);
    result.parameters = std::move(fences.parameters);
    result.parameters["low"] = fences.low;
    result.parameters["high"] = fences.high;
    for (const std::size_t index : outside(input.values, fences.low, fences.high)) {
        result.rows.push_back(input.rows[index]);
    }
}

void by_cause(const RuleInput& input, Labelling& result) {
    const auto names = cause_names();
    std::vector<std::size_t> counts(names.size(), 0);
    const auto causes = causes_of(input.series, input.rows);
    for (std::size_t k = 0; k < causes.size(); ++k) {
        for (std::size_t bit = 0; bit < names.size(); ++bit) {
            counts[bit] += causes[k] >> bit & 1U;
        }
        if (causes[k] != 0) {
            result.rows.push_back(input.rows[k]);
        }
    }
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        result.parameters[std::string(names[bit])] = static_cast<double>(counts[bit]);
    }
}

// What the kernel saw happen, where it looked. Where it did not, or where most samples were
// disturbed so that this is the usual, size is all there is to judge by.
void by_disturbance(const RuleInput& input, Labelling& result) {
    if (tells_causes(input.series)) {
        by_cause(input, result);
        if (2 * result.rows.size() <= input.values.size()) {
            return;
        }
        result.rows.clear();
        result.parameters.clear();
    }
    by_fences<double_mad_fences>(input, result);
}

void by_nothing(const RuleInput&, Labelling&) {}

struct Rule {
    std::string_view name;
    void (*apply)(const RuleInput&, Labelling&);
    bool statistical = true;
};

// Sorted by name, one rule a line.
constexpr Rule kRules[] = {
    {"adjusted-boxplot", by_fences<adjusted_fences>},
    {"cause", by_cause, false},
    {"disturbed", by_disturbance, false},
    {"double-mad", by_fences<double_mad_fences>},
    {"mad-10", by_fences<mad_fences>},
    {"modified-z", by_fences<modified_z_fences>},
    {"none", by_nothing, false},
    {"tukey", by_fences<tukey_fences>},
};

}  // namespace

std::vector<std::string> rule_names() {
    std::vector<std::string> names;
    for (const Rule& rule : kRules) {
        names.emplace_back(rule.name);
    }
    return names;
}

std::vector<std::string> statistical_rule_names() {
    std::vector<std::string> names;
    for (const Rule& rule : kRules) {
        if (rule.statistical) {
            names.emplace_back(rule.name);
        }
    }
    return names;
}

Labelling label(std::string_view name, const RuleInput& input) {
    for (const Rule& rule : kRules) {
        if (rule.name == name) {
            Labelling result;
            result.rule = name;
            result.measure = input.measure;
            if (!input.values.empty()) {
                rule.apply(input, result);
            }
            return result;
        }
    }
    throw std::invalid_argument(
        fmt::format("no rule '{}'; there are {}", name, fmt::join(rule_names(), ", ")));
}

}  // namespace kmb::analysis
