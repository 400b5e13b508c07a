#include "report/grid.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>

namespace kmb::report {
namespace {

using analysis::SeriesResult;

std::optional<double> number(const std::string& value) {
    double out = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, out);
    return error == std::errc{} && stop == end && std::isfinite(out) ? std::optional(out)
                                                                     : std::nullopt;
}

// Module and operation count as coordinates: a case may have several.
Labels coordinates(const SeriesResult& series) {
    Labels all{{"module", series.module}, {"operation", series.operation}};
    all.insert(all.end(), series.coordinates.begin(), series.coordinates.end());
    return all;
}

std::map<std::string, std::set<std::string>> values_by_key(
    const std::vector<const SeriesResult*>& list) {
    std::map<std::string, std::set<std::string>> values;
    for (const SeriesResult* series : list) {
        for (const auto& [key, value] : coordinates(*series)) {
            values[key].insert(value);
        }
    }
    return values;
}

// The numeric coordinate with the most values; "bytes" and "n" win a tie.
std::string swept(const std::vector<const SeriesResult*>& list) {
    std::string best;
    std::size_t most = 0;
    for (const auto& [key, values] : values_by_key(list)) {
        const bool numeric = std::all_of(values.begin(), values.end(), [](const std::string& v) {
            return number(v).has_value();
        });
        const bool usual = key == "bytes" || key == "n";
        if (numeric && (values.size() > most || (values.size() == most && usual))) {
            best = key;
            most = values.size();
        }
    }
    return best;
}

bool is_variant(const std::string& key) {
    return std::find(std::begin(kVariantKeys), std::end(kVariantKeys), key) !=
           std::end(kVariantKeys);
}

std::string without(const std::string& point, const std::string& key, const std::string& value) {
    const std::string part = "/" + key + "=" + value;
    const std::size_t at = point.find(part);
    return at == std::string::npos ? point : point.substr(0, at) + point.substr(at + part.size());
}

// Where one series belongs.
struct Place {
    Labels labels;
    std::string column;
    double row = 0;
    std::string group;
};

Place place(const SeriesResult& series, const Grid& grid) {
    Place out;
    std::string where;
    out.group = series.point;
    for (const auto& [key, value] : coordinates(series)) {
        const bool constant =
            std::find(grid.constant.begin(), grid.constant.end(),
                      std::pair<std::string, std::string>(key, value)) != grid.constant.end();
        if (key == grid.sweep) {
            out.row = number(value).value_or(0);
            out.group = without(series.point, key, value);
        } else if (constant) {
            continue;
        } else if (is_variant(key)) {
            std::string& name = key == "where" ? where : out.column;
            name += (name.empty() ? "" : ", ") + value;
        } else {
            out.labels.emplace_back(key, value);
        }
    }
    // The algorithm names the column; the kernel is the usual place.
    if (out.column.empty()) {
        out.column = where;
    } else if (!where.empty() && where != "kernel") {
        out.column += " (" + where + ")";
    }
    return out;
}

Panel& panel_for(Grid& grid, const Labels& labels) {
    const auto found = std::find_if(grid.panels.begin(), grid.panels.end(),
                                    [&](const Panel& panel) { return panel.labels == labels; });
    if (found != grid.panels.end()) {
        return *found;
    }
    grid.panels.push_back({labels, {}, {}, {}, {}});
    return grid.panels.back();
}

template <typename T>
void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

Grid arrange_case(const std::string& name, const std::vector<const SeriesResult*>& list) {
    Grid grid;
    grid.case_name = name;
    grid.sweep = swept(list);
    for (const auto& label : coordinates(*list.front())) {
        const bool shared = std::all_of(list.begin(), list.end(), [&](const SeriesResult* series) {
            const Labels all = coordinates(*series);
            return std::find(all.begin(), all.end(), label) != all.end();
        });
        if (shared && label.first != grid.sweep) {
            grid.constant.push_back(label);
        }
    }
    for (const SeriesResult* series : list) {
        const Place at = place(*series, grid);
        Panel& panel = panel_for(grid, at.labels);
        panel.rows.push_back(at.row);
        panel.columns.push_back(at.column);
        panel.groups.push_back(at.group);
        panel.cells[{at.row, at.column}] = series;
    }
    for (Panel& panel : grid.panels) {
        sort_unique(panel.rows);
        sort_unique(panel.columns);
        sort_unique(panel.groups);
    }
    std::sort(grid.panels.begin(), grid.panels.end(),
              [](const Panel& a, const Panel& b) { return a.labels < b.labels; });
    return grid;
}

}  // namespace

const SeriesResult* Panel::at(double row, const std::string& column) const {
    const auto found = cells.find({row, column});
    return found == cells.end() ? nullptr : found->second;
}

std::vector<Grid> arrange(const analysis::RunResult& run) {
    std::map<std::string, std::vector<const SeriesResult*>> by_case;
    for (const SeriesResult& series : run.series) {
        by_case[series.case_name].push_back(&series);
    }
    std::vector<Grid> grids;
    for (const auto& [name, list] : by_case) {
        grids.push_back(arrange_case(name, list));
    }
    return grids;
}

std::vector<double> key_values(const std::vector<double>& values, std::size_t most) {
    if (values.size() <= most || most < 2) {
        return values;
    }
    std::vector<double> chosen;
    for (std::size_t i = 0; i < most; ++i) {
        chosen.push_back(values[(i * (values.size() - 1) + (most - 1) / 2) / (most - 1)]);
    }
    return chosen;
}

std::string label_text(const std::pair<std::string, std::string>& label) {
    const auto& [key, value] = label;
    return key == "module" || key == "operation" ? value : key + "=" + value;
}

std::string joined(const Labels& labels) {
    std::string out;
    for (const auto& [key, value] : labels) {
        out += (out.empty() ? "" : ", ") + value;
    }
    return out;
}

}  // namespace kmb::report
