#include "analysis/fits.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "analysis/stats/regression.h"

namespace kmb::analysis {
namespace {

constexpr double kCurved = 0.1;  // relative distance from a law that is worth a warning
constexpr double kLevel = 0.95;
constexpr double kPowerDecades = 2;  // of the sweep that an exponent is fitted to

struct SweepPoints {
    std::vector<double> x;
    std::vector<double> y;
    std::size_t left_out = 0;  // medians that are not positive
};

using Groups = std::map<std::string, std::vector<std::pair<Swept, const SeriesResult*>>>;

Groups group(const RunResult& run) {
    Groups groups;
    for (const auto& series : run.series) {
        if (const auto at = swept(series); at && series.n > 0) {
            groups[at->group + " " + at->sweep].emplace_back(*at, &series);
        }
    }
    for (auto& [name, members] : groups) {
        std::sort(members.begin(), members.end(),
                  [](const auto& a, const auto& b) { return a.first.at < b.first.at; });
    }
    return groups;
}

SweepPoints medians(const Groups::mapped_type& members, const std::string& measure, double from) {
    SweepPoints points;
    for (const auto& [at, series] : members) {
        const Measure* found = find_measure(*series, measure);
        if (found == nullptr || at.at < from || at.at <= 0) {
            continue;
        }
        const double median = found->all.median.value;
        if (median > 0) {
            points.x.push_back(at.at);
            points.y.push_back(median);
        } else {
            ++points.left_out;
        }
    }
    return points;
}

Estimate estimate(double value, const Bounds& bounds, double level) {
    Estimate result{value, std::nullopt};
    if (std::isfinite(bounds.low) && std::isfinite(bounds.high)) {
        result.interval = Interval{bounds.low, bounds.high, level, "t-hc3"};
    }
    return result;
}

struct Worst {
    double off = 0;  // y / law - 1, the largest
    double at = 0;
};

template <typename Law>
Worst worst_of(const SweepPoints& points, Law law) {
    Worst worst;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const double off = points.y[i] / law(points.x[i]) - 1;
        if (std::abs(off) > std::abs(worst.off) || !std::isfinite(off)) {
            worst = {off, points.x[i]};
        }
    }
    return worst;
}

std::string per(const std::string& unit, const std::string& sweep) {
    const bool plural = sweep.size() > 1 && sweep.back() == 's';
    return unit + "/" + (plural ? sweep.substr(0, sweep.size() - 1) : sweep);
}

// One law through given points: parameters and what it says at x.
struct Law {
    double r_squared;
    std::vector<Parameter> parameters;
    std::function<double(double)> at;
};

Law affine(const SweepPoints& points, const std::string& unit, const std::string& sweep) {
    std::vector<double> weights;
    for (const double y : points.y) {
        weights.push_back(1 / (y * y));
    }
    const auto [least, most] = std::minmax_element(points.y.begin(), points.y.end());
    if (*least == *most) {  // a cost that does not depend on the size, to the last digit
        const double a = *least;
        return {std::numeric_limits<double>::quiet_NaN(),
                {{"a", unit, estimate(a, {a, a}, kLevel)},
                 {"b", per(unit, sweep), estimate(0, {0, 0}, kLevel)}},
                [a](double) { return a; }};
    }
    const LinearFit line = fit_weighted_line(points.x, points.y, weights);
    const double a = line.coef[0];
    const double b = line.coef[1];
    return {line.r2,
            {{"a", unit, estimate(a, line.hc3_interval(0), line.level)},
             {"b", per(unit, sweep), estimate(b, line.hc3_interval(1), line.level)}},
            [a, b](double x) { return a + b * x; }};
}

Law power(const SweepPoints& points, const std::string& unit, const std::string&) {
    const LinearFit line = fit_power(points.x, points.y);
    const Bounds factor = line.hc3_interval(0);
    const double a = line.coef[0];
    const double b = line.coef[1];
    return {line.r2,
            {{"c", unit,
              estimate(std::exp(a), {std::exp(factor.low), std::exp(factor.high)}, line.level)},
             {"exponent", "", estimate(b, line.hc3_interval(1), line.level)}},
            [a, b](double x) { return std::exp(a + b * std::log(x)); }};
}

// A kind of law: how it is fitted, and which end of the sweep gives way where one law
// does not hold for all of it: the largest sizes of a line (caches), the smallest of a
// power law (constant costs).
struct Kind {
    const char* name;
    const char* model;
    std::size_t least;
    bool drop_last;
    Law (*fit)(const SweepPoints&, const std::string&, const std::string&);
};

constexpr Kind kAffine = {"affine", "a + b * {}", 3, true, affine};
constexpr Kind kPower = {"power", "c * {}^exponent", 4, false, power};

bool curved(const Worst& worst) {
    return std::abs(worst.off) > kCurved || !std::isfinite(worst.off);
}

// Fits over as much of the sweep as one law holds for, at least over half of its points;
// where no such part exists, over all of it. Says so in both cases.
Fit fit_points(const SweepPoints& all, const Kind& kind, const std::string& unit, Fit fit) {
    SweepPoints points = all;
    Law law = kind.fit(points, unit, fit.sweep);
    const Worst first = worst_of(points, law.at);
    const std::size_t least = std::max(kind.least + 1, (all.x.size() + 1) / 2);
    while (curved(worst_of(points, law.at)) && points.x.size() > least) {
        const auto gone = static_cast<std::ptrdiff_t>(kind.drop_last ? points.x.size() - 1 : 0);
        points.x.erase(points.x.begin() + gone);
        points.y.erase(points.y.begin() + gone);
        law = kind.fit(points, unit, fit.sweep);
    }
    const bool holds = !curved(worst_of(points, law.at));
    if (!holds) {
        points = all;
        law = kind.fit(points, unit, fit.sweep);
    }
    fit.kind = kind.name;
    fit.model = fmt::format(fmt::runtime(kind.model), fit.sweep);
    fit.parameters = law.parameters;
    fit.r_squared = law.r_squared;
    fit.points = points.x.size();
    fit.from = points.x.front();
    fit.to = points.x.back();
    if (!holds) {
        fit.warnings.push_back(fmt::format("curved: {} leaves {} by {:+.0f} % at {} = {:.0f}",
                                           fit.measure, fit.model, 100 * first.off, fit.sweep,
                                           first.at));
    } else if (curved(first)) {
        const Worst outside = worst_of(all, law.at);
        fit.warnings.push_back(fmt::format(
            "curved: {} follows {} from {:.0f} to {:.0f} only; at {} = {:.0f} it is {:+.0f} % off",
            fit.measure, fit.model, fit.from, fit.to, fit.sweep, outside.at, 100 * outside.off));
    }
    if (all.left_out > 0) {
        fit.warnings.push_back(
            fmt::format("few: {} points with a median of 0 are left out", all.left_out));
    }
    return fit;
}

// What is worth a law: of a sweep over bytes every time that grows with them, else the
// primary measure and, where a kernel stands in between, the caller's.
std::vector<std::string> fitted_measures(const SeriesResult& series, bool bytes) {
    if (bytes) {
        return {"user", "total", "copy_in", "copy_out", "overhead"};
    }
    std::vector<std::string> measures = {series.primary};
    if (series.primary != "user" && find_measure(series, "overhead") != nullptr) {
        measures.emplace_back("user");
    }
    return measures;
}

// Where the last two decades of a sweep begin, or earlier, so that enough points lie in
// them for one to be given up.
double start_of_power(const Groups::mapped_type& members) {
    const double from = members.back().first.at / std::pow(10.0, kPowerDecades);
    const std::size_t enough = kPower.least + 1;
    return members.size() < enough ? members.front().first.at
                                   : std::min(from, members[members.size() - enough].first.at);
}

void fit_group(const Groups::mapped_type& members, const std::string& unit,
               std::vector<Fit>& fits) {
    const Swept& first = members.front().first;
    const bool bytes = first.sweep == "bytes";
    const Kind& kind = bytes ? kAffine : kPower;
    const double from = bytes ? 0 : start_of_power(members);
    for (const auto& measure : fitted_measures(*members.back().second, bytes)) {
        const SweepPoints points = medians(members, measure, from);
        const std::set<double> places(points.x.begin(), points.x.end());
        if (places.size() < kind.least) {
            continue;
        }
        Fit fit;
        fit.group = first.group;
        fit.sweep = first.sweep;
        fit.measure = measure;
        fits.push_back(fit_points(points, kind, unit, std::move(fit)));
    }
}

}  // namespace

std::optional<Swept> swept(const SeriesResult& series) {
    std::optional<std::size_t> found;
    double value = 0;
    for (std::size_t i = series.coordinates.size(); i-- > 0 && !found;) {
        const std::string& text = series.coordinates[i].second;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (!text.empty() && error == std::errc{} && rest == text.data() + text.size() &&
            std::isfinite(value)) {
            found = i;
        }
    }
    if (!found) {
        return std::nullopt;
    }
    Swept result{series.module + "/" + series.operation, series.coordinates[*found].first, value};
    for (std::size_t i = 0; i < series.coordinates.size(); ++i) {
        if (i != *found) {
            result.group += "/" + series.coordinates[i].first + "=" + series.coordinates[i].second;
        }
    }
    return result;
}

const Measure* find_measure(const SeriesResult& series, std::string_view name) {
    for (const auto& measure : series.measures) {
        if (measure.name == name) {
            return &measure;
        }
    }
    return nullptr;
}

std::vector<Fit> fit_all(const RunResult& run) {
    std::vector<Fit> fits;
    for (const auto& [name, members] : group(run)) {
        fit_group(members, run.time_unit, fits);
    }
    std::stable_sort(fits.begin(), fits.end(), [](const Fit& a, const Fit& b) {
        return std::tie(a.group, a.measure) < std::tie(b.group, b.measure);
    });
    return fits;
}

}  // namespace kmb::analysis
