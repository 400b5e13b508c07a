#include "analysis/stats/regression.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace kmb::analysis {
namespace {

std::vector<double> logarithms(std::span<const double> values) {
    std::vector<double> logs;
    logs.reserve(values.size());
    for (double v : values) {
        if (!(v > 0)) {
            throw std::invalid_argument(
                "power law: a value is not positive and has no logarithm; fit a line or drop it");
        }
        logs.push_back(std::log(v));
    }
    return logs;
}

// 1 - rss / tss about the weighted mean.
double weighted_r2(std::span<const double> y, std::span<const double> weights, double rss) {
    CompensatedSum weight;
    CompensatedSum product;
    for (std::size_t i = 0; i < y.size(); ++i) {
        weight.add(weights[i]);
        product.add(two_prod(weights[i], y[i]));
    }
    const double centre = product.value() / weight.value();
    CompensatedSum total;
    for (std::size_t i = 0; i < y.size(); ++i) {
        total.add(weights[i] * (y[i] - centre) * (y[i] - centre));
    }
    return total.value() > 0 ? 1 - rss / total.value() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

LinearFit fit_line(std::span<const double> x, std::span<const double> y, bool intercept,
                   double level) {
    Design design(x.size());
    if (intercept) {
        design.constant();
    }
    design.column(x);
    return least_squares(design, y, level);
}

LinearFit fit_weighted_line(std::span<const double> x, std::span<const double> y,
                            std::span<const double> weights, double level) {
    std::vector<double> root;
    std::vector<double> scaled;
    root.reserve(y.size());
    scaled.reserve(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (!(weights[i] > 0)) {
            throw std::invalid_argument("weighted line: a weight is not positive");
        }
        root.push_back(std::sqrt(weights[i]));
        scaled.push_back(root.back() * y[i]);
    }
    Design design(x.size());
    design.constant().column(x).scale_rows(root);
    LinearFit fit = least_squares(design, scaled, level);
    fit.r2 = weighted_r2(y, weights, fit.rss);
    const auto n = static_cast<double>(fit.n);
    fit.adj_r2 = 1 - (1 - fit.r2) * (n - 1) / static_cast<double>(fit.df);
    fit.f = fit.r2 / (1 - fit.r2) * static_cast<double>(fit.df);
    return fit;
}

RelativeLine relative_line(std::span<const double> x, std::span<const double> y,
                           double least_slope) {
    double weight = 0;
    double mx = 0;
    double my = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double w = 1 / (y[i] * y[i]);
        weight += w;
        mx += w * x[i];
        my += w * y[i];
    }
    mx /= weight;
    my /= weight;
    double xx = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double w = 1 / (y[i] * y[i]);
        xx += w * (x[i] - mx) * (x[i] - mx);
        xy += w * (x[i] - mx) * (y[i] - my);
    }
    RelativeLine line;
    line.b = xx > 0 ? std::max(xy / xx, least_slope) : 0;
    line.a = my - line.b * mx;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double rest = ((y[i] - my) - line.b * (x[i] - mx)) / y[i];
        line.rss += rest * rest;
    }
    return line;
}

LinearFit fit_power(std::span<const double> x, std::span<const double> y, double level) {
    return fit_line(logarithms(x), logarithms(y), true, level);
}

}  // namespace kmb::analysis
