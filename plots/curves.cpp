#include "plots/curves.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/sweep.h"

namespace kmb::plots {
namespace {

using analysis::SeriesResult;

void add_point(Curve& curve, const SeriesResult& series, double x, std::string_view measure) {
    const auto* found = analysis::find_measure(series, measure.empty() ? series.primary : measure);
    if (found == nullptr || !(found->all.median.value > 0) || !(x > 0)) {
        return;
    }
    const auto& median = found->all.median;
    const bool has = median.interval && median.interval->low > 0;
    curve.points.push_back({x, median.value, has ? median.interval->low : median.value,
                            has ? median.interval->high : median.value});
}

}  // namespace

std::string Curve::at(std::string_view key) const {
    for (const auto& [name, value] : coordinates) {
        if (name == key) {
            return value;
        }
    }
    return {};
}

std::vector<Curve> curves_of(const analysis::RunResult& run, std::string_view module,
                             std::string_view operation, std::string_view measure,
                             const std::function<bool(const SeriesResult&)>& wanted) {
    std::map<std::string, Curve> curves;
    for (const auto& series : run.series) {
        const auto at = analysis::swept(series);
        if (series.module != module || series.operation != operation || !at || !wanted(series)) {
            continue;
        }
        Curve& curve = curves[at->group];
        curve.group = at->group;
        curve.coordinates.clear();
        for (const auto& coordinate : series.coordinates) {
            if (coordinate.first != at->sweep) {
                curve.coordinates.push_back(coordinate);
            }
        }
        add_point(curve, series, at->at, measure);
    }
    std::vector<Curve> result;
    for (auto& [group, curve] : curves) {
        std::sort(curve.points.begin(), curve.points.end(),
                  [](const auto& a, const auto& b) { return a.x < b.x; });
        if (!curve.points.empty()) {
            result.push_back(std::move(curve));
        }
    }
    return result;
}

std::vector<std::string> names_of(const std::vector<Curve>& curves) {
    std::map<std::string, std::set<std::string>> values;
    for (const auto& curve : curves) {
        for (const auto& [key, value] : curve.coordinates) {
            values[key].insert(value);
        }
    }
    std::vector<std::string> names;
    for (const auto& curve : curves) {
        std::vector<std::string> parts;
        std::string where;
        for (const auto& [key, value] : curve.coordinates) {
            if (values.at(key).size() < 2) {
                continue;
            }
            key == "where" ? void(where = value) : parts.push_back(value);
        }
        std::string name = fmt::format("{}", fmt::join(parts, ", "));
        if (!where.empty()) {
            name += name.empty() ? where : fmt::format(" ({})", where);
        }
        names.push_back(name.empty() ? curve.group : name);
    }
    return names;
}

std::vector<std::size_t> ranks_of(const std::vector<Curve>& curves, std::string_view key) {
    std::set<std::string> values;
    for (const auto& curve : curves) {
        values.insert(curve.at(key));
    }
    std::vector<std::size_t> ranks;
    ranks.reserve(curves.size());
    for (const auto& curve : curves) {
        ranks.push_back(
            static_cast<std::size_t>(std::distance(values.begin(), values.find(curve.at(key)))));
    }
    return ranks;
}

std::string coordinate(const SeriesResult& series, std::string_view key) {
    for (const auto& [name, value] : series.coordinates) {
        if (name == key) {
            return value;
        }
    }
    return {};
}

std::string usual_value(const analysis::RunResult& run, std::string_view module,
                        std::string_view key, std::string_view preferred) {
    std::map<std::string, std::size_t> count;
    for (const auto& series : run.series) {
        const std::string value = coordinate(series, key);
        if (series.module == module && series.n > 0 && !value.empty()) {
            ++count[value];
        }
    }
    if (count.contains(std::string(preferred))) {
        return std::string(preferred);
    }
    const auto most =
        std::max_element(count.begin(), count.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == count.end() ? "" : most->first;
}

void add_curve(Script& script, std::vector<std::string>& plot, const Curve& curve,
               const Look& look) {
    std::vector<std::vector<double>> rows;
    for (const auto& point : curve.points) {
        rows.push_back({point.x, point.y, point.low, point.high});
    }
    const std::string block = script.data(rows);
    if (rows.size() > 1) {
        plot.push_back(
            fmt::format("{} using 1:3:4 with filledcurves linecolor rgb '{}' fillstyle "
                        "transparent solid 0.22 noborder notitle",
                        block, look.colour));
    }
    plot.push_back(fmt::format(
        "{} using 1:2 with linespoints linecolor rgb '{}' linewidth 1.6 dashtype {} pointtype {} "
        "pointsize 0.7 title {}",
        block, look.colour, look.dashed ? 2 : 1, look.sign, quote(look.title)));
}

int add_marks(Script& script, std::vector<std::string>& plot, const std::vector<Mark>& marks,
              std::string_view title, int tag) {
    if (!marks.empty()) {
        plot.push_back("NaN with lines linecolor rgb '#666666' linewidth 1 dashtype 2 title " +
                       quote(title));
    }
    for (const Mark& mark : marks) {
        script.command(
            fmt::format("set object {} rectangle from {},graph 0 to {},graph 1 behind "
                        "fillcolor rgb '#000000' fillstyle transparent solid 0.06 "
                        "noborder",
                        tag, number(mark.low), number(mark.high)));
        script.command(
            fmt::format("set arrow {0} from {1},graph 0 to {1},graph 1 nohead "
                        "linecolor rgb '#666666' linewidth 1 dashtype 2",
                        tag, number(mark.at)));
        ++tag;
    }
    return tag;
}

void extend(Range& x, Range& y, const Curve& curve) {
    for (const auto& point : curve.points) {
        x.add(point.x);
        y.add(point.low);
        y.add(point.high);
    }
}

}  // namespace kmb::plots
