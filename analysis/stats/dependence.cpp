#include "analysis/stats/dependence.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <unsupported/Eigen/FFT>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Lags up to which sums are added directly before a transform computes all at once.
constexpr std::size_t kDirectLags = 64;

std::vector<double> centered(std::span<const double> x) {
    const double m = mean(x);
    std::vector<double> d(x.begin(), x.end());
    for (double& v : d) {
        v -= m;
    }
    return d;
}

Eigen::Map<const Eigen::VectorXd> map(const double* data, std::size_t n) {
    return {data, static_cast<Eigen::Index>(n)};
}

// sum d_t d_{t+k}
double lagged_product(const std::vector<double>& d, std::size_t k) {
    const std::size_t n = d.size() - k;
    return map(d.data(), n).dot(map(d.data() + k, n));
}

// The same for all k < n, by the convolution theorem on zero-padded values.
std::vector<double> all_lagged_products(const std::vector<double>& d) {
    std::size_t length = 1;
    while (length < 2 * d.size()) {
        length *= 2;
    }
    std::vector<double> padded(length, 0.0);
    std::copy(d.begin(), d.end(), padded.begin());
    Eigen::FFT<double> fft;
    fft.SetFlag(Eigen::FFT<double>::HalfSpectrum);
    std::vector<std::complex<double>> spectrum;
    fft.fwd(spectrum, padded);
    for (auto& value : spectrum) {
        value = std::norm(value);
    }
    fft.inv(padded, spectrum, static_cast<Eigen::Index>(length));
    padded.resize(d.size());
    return padded;
}

// Autocorrelations one after the other, computed when they are asked for.
class Correlogram {
  public:
    explicit Correlogram(std::span<const double> x)
        : d_(centered(x)), total_(d_.empty() ? 0 : lagged_product(d_, 0)) {}

    [[nodiscard]] bool defined() const { return total_ > 0; }
    [[nodiscard]] std::size_t size() const { return d_.size(); }
    double operator()(std::size_t k) {
        if (k > kDirectLags && d_.size() > 64 * kDirectLags) {
            if (all_.empty()) {
                all_ = all_lagged_products(d_);
            }
            return all_[k] / total_;
        }
        return lagged_product(d_, k) / total_;
    }

  private:
    std::vector<double> d_;
    double total_;
    std::vector<double> all_;
};

}  // namespace

std::vector<double> autocorrelations(std::span<const double> x, std::size_t lags) {
    Correlogram r(x);
    std::vector<double> result;
    for (std::size_t k = 1; k <= lags && k < x.size(); ++k) {
        result.push_back(r.defined() ? r(k) : kNaN);
    }
    return result;
}

double autocorrelation(std::span<const double> x) {
    if (x.size() < 2) {
        return kNaN;
    }
    const DoubleDouble m = exact_sum(x) / DoubleDouble{static_cast<double>(x.size()), 0};
    CompensatedSum products;
    CompensatedSum squares;
    DoubleDouble last{0, 0};
    for (double v : x) {
        const DoubleDouble d = DoubleDouble{v, 0} - m;
        products.add(last * d);
        squares.add(d * d);
        last = d;
    }
    return squares.value() > 0 ? products.value() / squares.value() : kNaN;
}

GeyerTime geyer_time(std::span<const double> x) {
    Correlogram r(x);
    if (x.size() < 2 || !r.defined()) {
        return {kNaN, kNaN};
    }
    double positive = 0;
    double monotone = 0;
    double smallest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k + 1 < r.size(); k += 2) {
        const double pair = (k == 0 ? 1 : r(k)) + r(k + 1);
        if (!(pair > 0)) {
            break;
        }
        smallest = std::min(smallest, pair);
        positive += pair;
        monotone += smallest;
    }
    return {2 * positive - 1, 2 * monotone - 1};
}

double effective_size(std::span<const double> x) {
    const auto n = static_cast<double>(x.size());
    if (x.size() < 4) {
        return n;
    }
    const double tau = geyer_time(x).monotone_tau;
    if (std::isnan(tau)) {
        return n;
    }
    return tau > 1 ? std::max(n / tau, 1.0) : n;
}

double effective_size_ar1(std::span<const double> x) {
    const double r = autocorrelation(x);
    return static_cast<double>(x.size()) * (1 - r) / (1 + r);
}

BatchMeans batch_means(std::span<const double> x, std::size_t batch) {
    BatchMeans result{batch, batch == 0 ? 0 : x.size() / batch, kNaN, kNaN};
    if (result.count < 2) {
        return result;
    }
    std::vector<double> means;
    for (std::size_t b = 0; b < result.count; ++b) {
        means.push_back(mean(x.subspan(b * batch, batch)));
    }
    result.sem = sem(means);
    const auto used = static_cast<double>(result.count * batch);
    result.effective = result.sem > 0 ? variance(x) / (result.sem * result.sem) *
                                            (static_cast<double>(x.size()) / used)
                                      : kNaN;
    return result;
}

BatchMeans batch_means(std::span<const double> x) {
    return batch_means(
        x, static_cast<std::size_t>(std::floor(std::sqrt(static_cast<double>(x.size())))));
}

LjungBox ljung_box(std::span<const double> x, std::size_t lags) {
    const auto n = static_cast<double>(x.size());
    const std::vector<double> r = autocorrelations(x, lags);
    if (r.size() < lags) {
        return {kNaN, kNaN, kNaN};
    }
    double q = 0;
    double box_pierce = 0;
    for (std::size_t k = 1; k <= lags; ++k) {
        const double square = r[k - 1] * r[k - 1];
        q += square / (n - static_cast<double>(k));
        box_pierce += square;
    }
    q *= n * (n + 2);
    return {q, chi_squared_upper(q, static_cast<double>(lags)), n * box_pierce};
}

double von_neumann_ratio(std::span<const double> x) {
    const std::vector<double> d = centered(x);
    CompensatedSum steps;
    CompensatedSum squares;
    for (std::size_t t = 0; t < d.size(); ++t) {
        squares.add(two_prod(d[t], d[t]));
        if (t > 0) {
            const double step = x[t] - x[t - 1];
            steps.add(two_prod(step, step));
        }
    }
    return squares.value() > 0 ? steps.value() / squares.value() : kNaN;
}

RunsTest runs_test(std::span<const double> x) {
    const double centre = median(x);
    RunsTest result{0, 0, 0, kNaN, kNaN};
    int last = 0;
    for (double v : x) {
        if (v == centre) {
            continue;
        }
        const int side = v > centre ? 1 : -1;
        ++(side > 0 ? result.above : result.below);
        result.runs += side != last ? 1 : 0;
        last = side;
    }
    const auto a = static_cast<double>(result.above);
    const auto b = static_cast<double>(result.below);
    const double n = a + b;
    const double expected = 2 * a * b / n + 1;
    const double var = 2 * a * b * (2 * a * b - n) / (n * n * (n - 1));
    if (var > 0) {
        result.z = (static_cast<double>(result.runs) - expected) / std::sqrt(var);
        result.p = normal_tails(result.z).two_sided();
    }
    return result;
}

}  // namespace kmb::analysis
