#include "analysis/stats/t_tests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TTest finish(double difference, double se, double df, double level) {
    TTest test;
    test.difference = difference;
    test.se = se;
    test.defined = se > 0 && df > 0;
    test.t = test.defined ? difference / se : kNaN;
    test.df = test.defined ? df : kNaN;
    const Tails tails = t_tails(test.t, test.df);
    test.p_two = tails.two_sided();
    test.p_less = tails.lower;
    test.p_greater = tails.upper;
    const double half = test.defined ? t_critical(df, level) * se : kNaN;
    test.ci = {difference - half, difference + half};
    return test;
}

Group group(std::span<const double> x) {
    return {static_cast<double>(x.size()), mean(x), variance(x)};
}

// Sum of squares of the winsorized values over h (h - 1), h values being left: Yuen's
// share of the squared standard error.
struct Trimmed {
    double mean;
    double share;
    double left;
};
Trimmed trimmed(std::span<const double> x, double trim) {
    std::vector<double> sorted(x.begin(), x.end());
    std::sort(sorted.begin(), sorted.end());
    const auto n = static_cast<double>(x.size());
    const double left = n - 2 * std::floor(trim * n);
    const double squares = winsorized(sorted, trim).variance * (n - 1);
    return {trimmed_mean(sorted, trim), squares / (left * (left - 1)), left};
}

double satterthwaite(double a, double na, double b, double nb) {
    return (a + b) * (a + b) / (a * a / (na - 1) + b * b / (nb - 1));
}

}  // namespace

TTest welch(const Group& x, const Group& y, double level) {
    const double a = x.variance / x.n;
    const double b = y.variance / y.n;
    return finish(x.mean - y.mean, std::sqrt(a + b), satterthwaite(a, x.n, b, y.n), level);
}

TTest welch(std::span<const double> x, std::span<const double> y, double level) {
    return welch(group(x), group(y), level);
}

TTest student(std::span<const double> x, std::span<const double> y, double level) {
    const Group a = group(x);
    const Group b = group(y);
    const double df = a.n + b.n - 2;
    const double pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / df;
    return finish(a.mean - b.mean, std::sqrt(pooled * (1 / a.n + 1 / b.n)), df, level);
}

TTest yuen(std::span<const double> x, std::span<const double> y, double trim, double level) {
    const Trimmed a = trimmed(x, trim);
    const Trimmed b = trimmed(y, trim);
    return finish(a.mean - b.mean, std::sqrt(a.share + b.share),
                  satterthwaite(a.share, a.left, b.share, b.left), level);
}

TTest paired_t(std::span<const double> x, std::span<const double> y, double level) {
    if (x.size() != y.size()) {
        throw std::invalid_argument("paired test: the samples have different lengths");
    }
    std::vector<double> differences;
    for (std::size_t i = 0; i < x.size(); ++i) {
        differences.push_back(x[i] - y[i]);
    }
    return finish(mean(differences), sem(differences), static_cast<double>(x.size()) - 1, level);
}

Equivalence equivalence(const TTest& test, double low, double high) {
    Equivalence result{low, high, kNaN, kNaN, kNaN};
    if (test.defined) {
        result.p_lower = t_tails((test.difference - low) / test.se, test.df).upper;
        result.p_upper = t_tails((test.difference - high) / test.se, test.df).lower;
    } else if (test.se == 0) {
        result.p_lower = test.difference > low ? 0 : 1;
        result.p_upper = test.difference < high ? 0 : 1;
    }
    result.p = std::max(result.p_lower, result.p_upper);
    return result;
}

}  // namespace kmb::analysis
