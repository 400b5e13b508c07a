#include "analysis/sweep.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace kmb::analysis {

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

std::vector<Sweep> sweeps_of(const RunResult& run) {
    std::map<std::string, Sweep> groups;
    for (const auto& series : run.series) {
        if (const auto at = swept(series); at && series.n > 0) {
            Sweep& sweep = groups[at->group + " " + at->sweep];
            sweep.group = at->group;
            sweep.key = at->sweep;
            sweep.points.emplace_back(at->at, &series);
        }
    }
    std::vector<Sweep> sweeps;
    for (auto& [name, sweep] : groups) {
        std::sort(sweep.points.begin(), sweep.points.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        sweeps.push_back(std::move(sweep));
    }
    return sweeps;
}

SweepPoints medians(const Sweep& sweep, std::string_view measure, double from) {
    SweepPoints points;
    for (const auto& [at, series] : sweep.points) {
        const Measure* found = find_measure(*series, measure);
        if (found == nullptr || at < from || at <= 0) {
            continue;
        }
        const double median = found->all.median.value;
        if (median > 0) {
            points.x.push_back(at);
            points.y.push_back(median);
        } else {
            ++points.left_out;
        }
    }
    return points;
}

}  // namespace kmb::analysis
