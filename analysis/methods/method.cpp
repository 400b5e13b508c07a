#include "analysis/methods/method.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "analysis/methods/families.h"
#include "analysis/stats/finite.h"

namespace kmb::analysis {
namespace {

// Sorted by name, one method a line.
constexpr Method kMethods[] = {
    {"adjusted_boxplot", "x", evaluators::adjusted_boxplot},
    {"autocorrelation", "x", evaluators::autocorrelation},
    {"bigo", "xy", evaluators::bigo},
    {"block_bootstrap", "x", evaluators::block_bootstrap},
    {"bootstrap_ci", "x", evaluators::bootstrap_ci},
    {"bootstrap_ideal", "x", evaluators::bootstrap_ideal},
    {"brunner_munzel", "x y", evaluators::brunner_munzel},
    {"change_points", "x", evaluators::change_points},
    {"degenerate", "", evaluators::degenerate},
    {"dip", "x", evaluators::dip},
    {"double_mad", "x", evaluators::double_mad},
    {"effect_sizes", "x y", evaluators::effect_sizes},
    {"gesd", "x", evaluators::gesd},
    {"harrell_davis", "x", evaluators::harrell_davis},
    {"hierarchical_kalibera", "table", evaluators::hierarchical_kalibera},
    {"hodges_lehmann_1s", "x", evaluators::hodges_lehmann_1s},
    {"hodges_lehmann_2s", "x y", evaluators::hodges_lehmann_2s},
    {"huber", "x", evaluators::huber},
    {"k_samples", "g0 g1", evaluators::k_samples},
    {"kde", "x", evaluators::kde},
    {"ks_cvm_ad", "x y", evaluators::ks_cvm_ad},
    {"ktime_int64", "pairs", evaluators::ktime_int64},
    {"loglog", "xy", evaluators::loglog},
    {"mad", "x", evaluators::mad},
    {"mann_whitney", "x y", evaluators::mann_whitney},
    {"modified_z", "x", evaluators::modified_z},
    {"multiple_testing", "x", evaluators::multiple_testing},
    {"nist_linreg", "xy", evaluators::nist_linreg},
    {"nist_univariate", "x", evaluators::nist_univariate},
    {"nonfinite", "x", evaluators::nonfinite},
    {"ols", "xy", evaluators::ols},
    {"order_stat_ci", "x", evaluators::order_stat_ci},
    {"paired", "x y", evaluators::paired},
    {"power", "", evaluators::power},
    {"quantile_regression", "xy", evaluators::quantile_regression},
    {"quantization", "x", evaluators::quantization},
    {"ratio_ci", "x y", evaluators::ratio_ci},
    {"robust_scale", "x", evaluators::robust_scale},
    {"scenarios", "", evaluators::scenarios},
    {"summary", "x", evaluators::summary},
    {"t_ci", "x", evaluators::t_ci},
    {"t_tests", "x y", evaluators::t_tests},
    {"theil_sen", "xy", evaluators::theil_sen},
    {"trend_stationarity", "x", evaluators::trend_stationarity},
    {"tukey_fences", "x", evaluators::tukey_fences},
    {"two_phase", "xy", evaluators::two_phase},
    {"zsigma_naive", "x", evaluators::zsigma_naive},
};

}  // namespace

void Inputs::add(const std::string& name, std::vector<double> values) {
    Table table;
    table.columns.push_back({"value", std::move(values), {}});
    add(name, std::move(table));
}

bool Inputs::has(std::string_view name) const {
    return tables_.find(name) != tables_.end();
}

const Table& Inputs::table(std::string_view name) const {
    const auto found = tables_.find(name);
    if (found == tables_.end()) {
        throw std::invalid_argument(fmt::format("input '{}' is missing", name));
    }
    return found->second;
}

const std::vector<double>& Inputs::column(std::string_view name, std::size_t k) const {
    const Table& found = table(name);
    if (k >= found.columns.size()) {
        throw std::invalid_argument(fmt::format("input '{}' has only {} columns, not {}", name,
                                                found.columns.size(), k + 1));
    }
    return found.columns[k].values;
}

std::vector<double> Inputs::sample(std::string_view name) const {
    return keep_finite(column(name, 0)).values;
}

std::vector<std::string> Inputs::names() const {
    std::vector<std::string> names;
    for (const auto& [name, table] : tables_) {
        names.push_back(name);
    }
    return names;
}

std::span<const Method> methods() {
    return kMethods;
}

Json evaluate(std::string_view method, const Inputs& inputs, const Json& params) {
    const auto found = std::find_if(std::begin(kMethods), std::end(kMethods),
                                    [&](const Method& m) { return m.name == method; });
    if (found == std::end(kMethods)) {
        std::string names;
        for (const Method& known : kMethods) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
        }
        throw std::invalid_argument(fmt::format("no method '{}'; there are {}", method, names));
    }
    std::istringstream needs{std::string(found->needs)};
    for (std::string name; needs >> name;) {
        if (inputs.table(name).rows() == 0) {
            throw std::invalid_argument(fmt::format("input '{}' is empty", name));
        }
        if (keep_finite(inputs.column(name, 0)).values.empty()) {
            throw std::invalid_argument(fmt::format("input '{}' has no finite value", name));
        }
    }
    return found->evaluate(inputs, params);
}

}  // namespace kmb::analysis
