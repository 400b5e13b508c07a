#include "analysis/calibration/sources.h"

#include <cmath>
#include <numbers>

#include "analysis/stats/distributions.h"

namespace kmb::analysis::calibration {
namespace {

double normal_time(double z, Random&) {
    return 1007.3 + 40 * z;
}

double lognormal_time(double z, Random&) {
    return 940 + 60 * std::exp(0.8 * z);
}

double exponential_time(double z, Random&) {
    return 950 - 60 * std::log(normal_tails(z).upper);
}

// A fast path six times in ten, and a slow one.
double bimodal_time(double z, Random& random) {
    return (random.uniform() < 0.6 ? 1000 : 1120) + 15 * z;
}

// The median of bimodal_time(): where 0.6 Phi((m - 1000) / 15) + 0.4 Phi((m - 1120) / 15) is 1/2.
constexpr double kBimodalMedian = 1014.5113;

constexpr Source kSources[] = {
    {"normal", 1007.3, 1, 0, normal_time},
    {"lognormal", 1000, 1, 0, lognormal_time},
    {"exponential", 950 + 60 * std::numbers::ln2, 1, 0, exponential_time},
    {"bimodal", kBimodalMedian, 1, 0, bimodal_time},
    {"ticking", 1007.3, 20, 0, normal_time},
    {"ar-0.5", 1007.3, 1, 0.5, normal_time},
    {"ar-0.7", 1007.3, 1, 0.7, normal_time},
    {"ar-0.9", 1007.3, 1, 0.9, normal_time},
};

// What a clock of that tick says of a time that begins at any moment between two ticks.
double read_clock(double time, double tick, Random& random) {
    return tick * std::floor(time / tick + random.uniform());
}

}  // namespace

std::span<const Source> sources() {
    return kSources;
}

double standard_normal(Random& random) {
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

std::vector<double> draw(const Source& source, std::size_t n, Random& random, double slowdown) {
    std::vector<double> values;
    values.reserve(n);
    const double fresh = std::sqrt(1 - source.rho * source.rho);
    double z = standard_normal(random);
    for (std::size_t i = 0; i < n; ++i) {
        const double time = source.value(z, random) * (1 + slowdown);
        values.push_back(read_clock(time, source.tick, random));
        z = source.rho * z + fresh * standard_normal(random);
    }
    return values;
}

}  // namespace kmb::analysis::calibration
