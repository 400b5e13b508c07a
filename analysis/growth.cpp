#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "analysis/laws.h"
#include "analysis/scaling.h"
#include "analysis/stats/complexity.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr std::size_t kLeast = 5;
// A law that leaves more than this of the points, root mean square, explains too little to be
// named.
constexpr double kExplains = 0.15;
constexpr double kMisfit = 0.01;  // less than this is worth no other law

// What grows, of a named law: "n lg n" of "NlgN".
std::string grown(std::string_view law, const std::string& n) {
    return law == "lgN"    ? "lg " + n
           : law == "NlgN" ? n + " lg " + n
           : law == "N^2"  ? n + "^2"
           : law == "N^3"  ? n + "^3"
                           : n;
}

const GrowthLaw* named(std::string_view name) {
    for (const GrowthLaw& law : growth_laws()) {
        if (law.name == name) {
            return &law;
        }
    }
    return nullptr;
}

double value_at(const NamedGrowth& found, double n) {
    if (const GrowthLaw* law = named(found.law); law != nullptr) {
        return found.a + (found.b != 0 ? found.b * law->g(n) : 0);
    }
    return found.power.a + found.power.b * std::pow(n, found.power.exponent);
}

Worst worst_of_growth(const SweepPoints& points, const NamedGrowth& found) {
    return worst_of(points, [&](double n) { return value_at(found, n); });
}

bool enough(const SweepPoints& points) {
    return points.x.size() >= kLeast &&
           std::set<double>(points.x.begin(), points.x.end()).size() >= kLeast;
}

// Gives up sizes at one end until the law holds for the rest; all of them where it never does.
SweepPoints part_that_holds(const SweepPoints& all, bool drop_last) {
    SweepPoints points = all;
    const std::size_t least = std::max(kLeast + 1, (all.x.size() + 1) / 2);
    while (worst_of_growth(points, classify_growth(points.x, points.y)).curved()) {
        if (points.x.size() <= least) {
            return all;
        }
        const auto gone = static_cast<std::ptrdiff_t>(drop_last ? points.x.size() - 1 : 0);
        points.x.erase(points.x.begin() + gone);
        points.y.erase(points.y.begin() + gone);
    }
    return points;
}

void describe(Growth& growth, const SweepPoints& points, const NamedGrowth& found,
              const std::string& unit) {
    growth.law = found.law;
    growth.weight = found.weight;
    growth.relative_rms = found.relative_rms;
    const auto m = static_cast<double>(points.x.size());
    const auto fits = fit_growth(points.x, points.y);
    for (std::size_t k = 0; k < fits.size(); ++k) {
        growth.laws.push_back({std::string(growth_laws()[k].name), fits[k].weight,
                               std::sqrt(fits[k].relative_rss / m)});
    }
    const std::string what = grown(found.law, growth.sweep);
    if (const GrowthLaw* law = named(found.law); law != nullptr && found.b != 0) {
        growth.model = "a + b * " + what;
        growth.parameters =
            affine_of(points, law->g, unit,
                      what == growth.sweep ? per(unit, what) : fmt::format("{}/({})", unit, what))
                .parameters;
    } else if (law != nullptr) {
        growth.model = "a";
        growth.parameters = {{"a", unit, {found.a, std::nullopt}}};
    } else {
        growth.model = fmt::format("a + b * {}^exponent", growth.sweep);
        growth.parameters = {{"a", unit, {found.a, std::nullopt}},
                             {"b", "", {found.b, std::nullopt}}};
    }
    if (found.power.b > 0 && found.law != "1" &&
        found.power.relative_rss <= kExplains * kExplains * m) {
        growth.exponent = estimate(found.power.exponent, found.power.bounds, kLevel, "profile");
    }
}

// As classified, but for what is exact or hopeless: counts of instructions leave residuals so small
// that any exponent near 1 beats n, and a law that leaves too much is none.
NamedGrowth named_or_none(const SweepPoints& points) {
    NamedGrowth found = classify_growth(points.x, points.y);
    const auto m = static_cast<double>(points.x.size());
    const auto fits = fit_growth(points.x, points.y);
    for (std::size_t k = 0; k < fits.size() && found.law == "none"; ++k) {
        const double rms = std::sqrt(fits[k].relative_rss / m);
        if (rms <= kMisfit && fits[k].coef.back() > 0) {
            found.law = growth_laws()[k].name;
            found.a = fits[k].coef[0];
            found.b = fits[k].coef.size() == 2 ? fits[k].coef[1] : 0;
            found.relative_rms = rms;
            found.weight = 0;
        }
    }
    if (found.relative_rms > kExplains && found.law != "none") {
        found.law = "none";
        found.weight = 0;
        found.a = found.power.a;
        found.b = found.power.b;
        found.relative_rms = std::sqrt(found.power.relative_rss / m);
    }
    return found;
}

Growth growth_of(const Sweep& sweep, const std::string& measure, const std::string& unit,
                 const SweepPoints& all) {
    const SweepPoints points = part_that_holds(all, sweep.bytes());
    const NamedGrowth found = named_or_none(points);
    Growth growth;
    growth.group = sweep.group;
    growth.sweep = sweep.key;
    growth.measure = measure;
    growth.points = points.x.size();
    growth.from = points.x.front();
    growth.to = points.x.back();
    describe(growth, points, found, unit);
    const Worst worst = worst_of_growth(all, found);
    if (points.x.size() < all.x.size()) {
        growth.warnings.push_back(fmt::format(
            "curved: {} follows {} from {:g} to {:g} only; at {} = {:g} it is "
            "{:+.0f} % off",
            measure, growth.model, growth.from, growth.to, sweep.key, worst.at, 100 * worst.off));
    } else if (worst.curved()) {
        growth.warnings.push_back(fmt::format("curved: {} leaves {} by {:+.0f} % at {} = {:g}",
                                              measure, growth.model, 100 * worst.off, sweep.key,
                                              worst.at));
    }
    return growth;
}

}  // namespace

std::vector<Growth> growth_of(const RunResult& run) {
    std::vector<Growth> all;
    for (const Sweep& sweep : sweeps_of(run)) {
        std::set<std::string> measures = {sweep.points.back().second->primary};
        if (sweep.bytes() && find_measure(*sweep.points.back().second, "user") != nullptr) {
            measures.insert("user");
        }
        for (const std::string& measure : measures) {
            if (const SweepPoints points = medians(sweep, measure); enough(points)) {
                all.push_back(growth_of(sweep, measure, run.time_unit, points));
            }
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Growth& a, const Growth& b) {
        return std::tie(a.group, a.measure) < std::tie(b.group, b.measure);
    });
    return all;
}

}  // namespace kmb::analysis
