#include "analysis/stats/least_squares.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/stats/regression.h"

namespace kmb::analysis {
namespace {

struct Points {
    std::vector<double> x;
    std::vector<double> y;
};

// NIST Wampler: y = 1 + x + ... + x^5 at x = 0 .. 20, plus multiples of a fixed noise
// whose sums with every power vanish, so the coefficients stay 1.
Points wampler(double noise_factor) {
    const double delta[] = {759,   -2048, 2048,  -2048, 2523,  -2048, 2048,
                            -2048, 1838,  -2048, 2048,  -2048, 1838,  -2048,
                            2048,  -2048, 2523,  -2048, 2048,  -2048, 759};
    Points points;
    for (int i = 0; i <= 20; ++i) {
        double y = 0;
        for (int k = 5; k >= 0; --k) {
            y = y * i + 1;
        }
        points.x.push_back(i);
        points.y.push_back(y + noise_factor * delta[i]);
    }
    return points;
}

// Correct digits.
double lre(double got, double want) {
    return got == want ? 16 : -std::log10(std::abs(got - want) / std::abs(want));
}

TEST(LeastSquares, WamplerKeepsTwelveDigitsUnderNoiseOfAnySize) {
    for (double factor : {0.0, 1.0, 100.0, 10000.0}) {
        const Points w = wampler(factor);
        Design design(w.x.size());
        design.powers(w.x, 0, 5);
        const LinearFit fit = least_squares(design, w.y);
        for (double c : fit.coef) {
            EXPECT_GE(lre(c, 1.0), 12) << "noise " << factor;
        }
        // Certified for factor 1: sigma 2360.14502379268, se of the first 2152.32624678170.
        if (factor > 0) {
            EXPECT_GE(lre(fit.sigma / factor, 2360.14502379268), 12);
            EXPECT_GE(lre(fit.se[0] / factor, 2152.32624678170), 12);
        }
    }
}

TEST(LeastSquares, LineOfNistNoInt1) {
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i <= 10; ++i) {
        x.push_back(60 + i);
        y.push_back(130 + i);
    }
    const LinearFit fit = fit_line(x, y, false);
    EXPECT_GE(lre(fit.coef[0], 2.07438016528926), 14);
    EXPECT_GE(lre(fit.se[0], 0.0165289256198347), 13);
    EXPECT_GE(lre(fit.sigma, 3.56753034006338), 13);
    EXPECT_GE(lre(fit.r2, 0.999365492298663), 13);
}

TEST(LeastSquares, RSquaredUsesTheWholeSumOfSquares) {
    // criterion.rs overwrote the total instead of adding to it. By hand: slope 0.5,
    // rss 1.5, tss 2.75.
    const std::vector<double> x{1, 2, 3, 4};
    const std::vector<double> y{1, 3, 2, 3};
    EXPECT_NEAR(fit_line(x, y).r2, 1 - 1.5 / 2.75, 1e-14);
}

TEST(LeastSquares, EqualWeightsChangeNothing) {
    const std::vector<double> x{1, 2, 3, 4};
    const std::vector<double> y{1, 3, 2, 3};
    const LinearFit plain = fit_line(x, y);
    const LinearFit weighted = fit_weighted_line(x, y, std::vector<double>(4, 4.0));
    EXPECT_NEAR(weighted.coef[1], plain.coef[1], 1e-14);
    EXPECT_NEAR(weighted.se[1], plain.se[1], 1e-14);
    EXPECT_NEAR(weighted.r2, plain.r2, 1e-14);
}

TEST(LeastSquares, ExponentOfAPowerLaw) {
    std::vector<double> x;
    std::vector<double> y;
    for (double n = 64; n <= 65536; n *= 2) {
        x.push_back(n);
        y.push_back(3 * std::pow(n, 1.585));
    }
    EXPECT_NEAR(fit_power(x, y).coef[1], 1.585, 1e-12);
    y[0] = 0;
    EXPECT_THROW(fit_power(x, y), std::invalid_argument);
}

TEST(LeastSquares, SaysWhatIsWrong) {
    const std::vector<double> two{1, 2};
    EXPECT_THROW(fit_line(two, two), std::invalid_argument);
    const std::vector<double> same{2, 2, 2, 2};
    EXPECT_THROW(fit_line(same, std::vector<double>{1, 2, 3, 4}), std::invalid_argument);
}

}  // namespace
}  // namespace kmb::analysis
