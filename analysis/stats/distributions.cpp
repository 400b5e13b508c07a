#include "analysis/stats/distributions.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

namespace kmb::analysis {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// NaN or infinity instead of an exception.
using Quiet =
    bp::policy<bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
               bp::overflow_error<bp::ignore_error>, bp::underflow_error<bp::ignore_error>,
               bp::evaluation_error<bp::ignore_error>>;

using Normal = bm::normal_distribution<double, Quiet>;
using StudentsT = bm::students_t_distribution<double, Quiet>;
using NoncentralT = bm::non_central_t_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <typename Distribution>
Tails tails(const Distribution& distribution, double value) {
    if (std::isnan(value)) {
        return {kNaN, kNaN};
    }
    if (std::isinf(value)) {
        return value > 0 ? Tails{1, 0} : Tails{0, 1};
    }
    return {bm::cdf(distribution, value), bm::cdf(bm::complement(distribution, value))};
}

// Upper tail of a distribution on the positive numbers.
template <typename Distribution>
double positive_upper(const Distribution& distribution, double value) {
    return value <= 0 ? 1 : tails(distribution, value).upper;
}

}  // namespace

Tails normal_tails(double z) {
    return tails(Normal(), z);
}

double normal_quantile(double p) {
    if (!(p > 0 && p < 1)) {
        return p == 0   ? -std::numeric_limits<double>::infinity()
               : p == 1 ? std::numeric_limits<double>::infinity()
                        : kNaN;
    }
    return bm::quantile(Normal(), p);
}

double normal_density(double z) {
    return bm::pdf(Normal(), z);
}

Tails t_tails(double t, double df) {
    return df > 0 ? tails(StudentsT(df), t) : Tails{kNaN, kNaN};
}

double t_quantile(double p, double df) {
    return df > 0 && p > 0 && p < 1 ? bm::quantile(StudentsT(df), p) : kNaN;
}

Tails noncentral_t_tails(double t, double df, double noncentrality) {
    return df > 0 ? tails(NoncentralT(df, noncentrality), t) : Tails{kNaN, kNaN};
}

double chi_squared_upper(double x, double df) {
    return df > 0 ? positive_upper(ChiSquared(df), x) : kNaN;
}

double f_upper(double f, double df1, double df2) {
    return df1 > 0 && df2 > 0 ? positive_upper(FisherF(df1, df2), f) : kNaN;
}

Tails binomial_tails(std::int64_t k, std::int64_t n, double p) {
    if (k < 0) {
        return {0, 1};
    }
    if (k >= n) {
        return {1, 0};
    }
    const auto below = static_cast<double>(k);
    const auto above = static_cast<double>(n - k);
    return {bm::ibetac(below + 1, above, p, Quiet()), bm::ibeta(below + 1, above, p, Quiet())};
}

double beta_lower(double a, double b, double x) {
    return bm::ibeta(a, b, std::clamp(x, 0.0, 1.0), Quiet());
}

double beta_quantile(double a, double b, double p) {
    return bm::ibeta_inv(a, b, p, Quiet());
}

double t_critical(double df, double level) {
    return df > 0 ? bm::quantile(bm::complement(StudentsT(df), (1 - level) / 2)) : kNaN;
}

double z_critical(double level) {
    return bm::quantile(bm::complement(Normal(), (1 - level) / 2));
}

}  // namespace kmb::analysis
