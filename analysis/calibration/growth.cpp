// How often the law of growth that was planted is the one that is named.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "analysis/calibration/sources.h"
#include "analysis/calibration/tables.h"
#include "analysis/stats/complexity.h"

namespace kmb::analysis::calibration {
namespace {

struct Planted {
    std::string_view text;
    std::string_view law;  // of growth_laws(), or "none"
    double (*time)(double n);
};

constexpr Planted kPlanted[] = {
    {"300 + 20 lg n", "lgN", [](double n) { return 300 + 20 * std::log2(n); }},
    {"20000 + 3 n", "N", [](double n) { return 20000 + 3 * n; }},
    {"5000 + 2 n lg n", "NlgN", [](double n) { return 5000 + 2 * n * std::log2(n); }},
    {"2000 + 3 n", "N", [](double n) { return 2000 + 3 * n; }},
    {"n^1.585", "none", [](double n) { return std::pow(n, 1.585); }},
    {"constant 850", "1", [](double) { return 850.0; }},
};

// Doubling sizes with the noise of each median, relative.
std::vector<double> sizes() {
    std::vector<double> n;
    for (double size = 16; size <= 1 << 20; size *= 2) {
        n.push_back(size);
    }
    return n;
}

std::vector<double> times(const Planted& planted, const std::vector<double>& n, double noise,
                          Random& random) {
    std::vector<double> y;
    for (const double size : n) {
        y.push_back(planted.time(size) * std::max(1 + noise * standard_normal(random), 0.1));
    }
    return y;
}

// Google Benchmark's rule knows no "none": n^1.585 it can only get wrong.
bool by_origin(const Planted& planted, const std::vector<double>& n, const std::vector<double>& y) {
    std::vector<OriginFit> fits;
    for (const GrowthLaw& law : growth_laws()) {
        fits.push_back(fit_through_origin(law, n, y));
    }
    return growth_laws()[best_through_origin(fits)].name == planted.law;
}

}  // namespace

void growth(Runner& run) {
    const std::vector<double> n = sizes();
    for (const Planted& planted : kPlanted) {
        for (const double noise : {0.02, 0.1}) {
            const auto right = [&](Random& random) {
                return classify_growth(n, times(planted, n, noise, random)).law == planted.law;
            };
            const auto peer = [&](Random& random) {
                return by_origin(planted, n, times(planted, n, noise, random));
            };
            run.measure({"complexity", "law named right",
                         fmt::format("{}, noise {:.0f} %", planted.text, 100 * noise)},
                        {0.85, 1}, 500, right, "Google Benchmark's rule", peer);
        }
    }
}

}  // namespace kmb::analysis::calibration
