#include "analysis/fits.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "analysis/laws.h"

namespace kmb::analysis {
namespace {

constexpr double kPowerDecades = 2;  // of the sweep that an exponent is fitted to

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

// Fits over as much of the sweep as one law holds for, at least over half of its points;
// where no such part exists, over all of it. Says so in both cases.
Fit fit_points(const SweepPoints& all, const Kind& kind, const std::string& unit, Fit fit) {
    SweepPoints points = all;
    Law law = kind.fit(points, unit, fit.sweep);
    const Worst first = worst_of(points, law.at);
    const std::size_t least = std::max(kind.least + 1, (all.x.size() + 1) / 2);
    while (worst_of(points, law.at).curved() && points.x.size() > least) {
        const auto gone = static_cast<std::ptrdiff_t>(kind.drop_last ? points.x.size() - 1 : 0);
        points.x.erase(points.x.begin() + gone);
        points.y.erase(points.y.begin() + gone);
        law = kind.fit(points, unit, fit.sweep);
    }
    const bool holds = !worst_of(points, law.at).curved();
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
    } else if (first.curved()) {
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
double start_of_power(const Sweep& sweep) {
    const auto& points = sweep.points;
    const double from = points.back().first / std::pow(10.0, kPowerDecades);
    const std::size_t enough = kPower.least + 1;
    return points.size() < enough ? points.front().first
                                  : std::min(from, points[points.size() - enough].first);
}

void fit_sweep(const Sweep& sweep, const std::string& unit, std::vector<Fit>& fits) {
    const Kind& kind = sweep.bytes() ? kAffine : kPower;
    const double from = sweep.bytes() ? 0 : start_of_power(sweep);
    for (const auto& measure : fitted_measures(*sweep.points.back().second, sweep.bytes())) {
        const SweepPoints points = medians(sweep, measure, from);
        const std::set<double> places(points.x.begin(), points.x.end());
        if (places.size() < kind.least) {
            continue;
        }
        Fit fit;
        fit.group = sweep.group;
        fit.sweep = sweep.key;
        fit.measure = measure;
        fits.push_back(fit_points(points, kind, unit, std::move(fit)));
    }
}

}  // namespace

std::vector<Fit> fit_all(const RunResult& run) {
    std::vector<Fit> fits;
    for (const Sweep& sweep : sweeps_of(run)) {
        fit_sweep(sweep, run.time_unit, fits);
    }
    std::stable_sort(fits.begin(), fits.end(), [](const Fit& a, const Fit& b) {
        return std::tie(a.group, a.measure) < std::tie(b.group, b.measure);
    });
    return fits;
}

}  // namespace kmb::analysis
