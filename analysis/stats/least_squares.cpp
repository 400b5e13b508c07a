#include "analysis/stats/least_squares.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"

namespace kmb::analysis {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Wide = std::vector<DoubleDouble>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Wide widen(std::span<const double> values) {
    Wide wide;
    wide.reserve(values.size());
    for (double v : values) {
        wide.push_back({v, 0});
    }
    return wide;
}

// Solves [I X; X' 0] [r; b] = [f; g] by the factors of X and refines it until the
// correction is below the last bit (Bjorck, BIT 7, 1967). With f = y, g = 0 this is the
// least-squares problem; with f = 0, g = -e_k, b is a column of (X'X)^-1.
class Solver {
  public:
    explicit Solver(const Design& design) : design_(design) {
        const auto n = static_cast<Index>(design.rows());
        const auto p = static_cast<Index>(design.cols());
        scale_.resize(design.cols());
        MatrixXd scaled(n, p);
        for (Index j = 0; j < p; ++j) {
            const Wide& column = design.at(static_cast<std::size_t>(j));
            double largest = 0;
            for (const DoubleDouble& v : column) {
                largest = std::max(largest, std::abs(v.high));
            }
            // A power of two, so that scaling rounds nothing.
            const double factor = largest > 0 ? std::exp2(-std::ilogb(largest)) : 1;
            scale_[static_cast<std::size_t>(j)] = factor;
            for (Index i = 0; i < n; ++i) {
                scaled(i, j) = column[static_cast<std::size_t>(i)].high * factor;
            }
        }
        factors_.compute(scaled);
        if (factors_.rank() < p && weak_pivot() < 1e-13) {
            throw std::invalid_argument(
                "least squares: the columns are linearly dependent; drop one or add points");
        }
    }

    struct Solution {
        Wide r;
        Wide b;
    };

    [[nodiscard]] Solution solve(const Wide& f, const Wide& g) const {
        Solution s{Wide(design_.rows()), Wide(design_.cols())};
        double last = std::numeric_limits<double>::infinity();
        for (int round = 0; round < 30; ++round) {
            const double step = refine(f, g, s);
            if (step == 0 || (round > 2 && !(step < 0.5 * last))) {
                break;
            }
            last = step;
        }
        return s;
    }

  private:
    [[nodiscard]] double weak_pivot() const {
        const auto diagonal = factors_.matrixQR().diagonal().cwiseAbs();
        return diagonal.minCoeff() / diagonal.maxCoeff();
    }

    // One correction; returns its size relative to the solution.
    double refine(const Wide& f, const Wide& g, Solution& s) const {
        const std::size_t n = design_.rows();
        const std::size_t p = design_.cols();
        VectorXd df(static_cast<Index>(n));
        for (std::size_t i = 0; i < n; ++i) {
            DoubleDouble rest = f[i] - s.r[i];
            for (std::size_t j = 0; j < p; ++j) {
                rest = rest - design_.at(j)[i] * s.b[j];
            }
            df(static_cast<Index>(i)) = rest.value();
        }
        VectorXd dg(static_cast<Index>(p));
        for (std::size_t j = 0; j < p; ++j) {
            DoubleDouble rest = g[j];
            const Wide& column = design_.at(j);
            for (std::size_t i = 0; i < n; ++i) {
                rest = rest - column[i] * s.r[i];
            }
            dg(static_cast<Index>(j)) = rest.value() * scale_[j];
        }
        VectorXd dr;
        VectorXd db;
        correct(df, dg, dr, db);
        double change = 0;
        double size = 0;
        for (std::size_t i = 0; i < n; ++i) {
            s.r[i] = s.r[i] + DoubleDouble{dr(static_cast<Index>(i)), 0};
        }
        for (std::size_t j = 0; j < p; ++j) {
            const double step = db(static_cast<Index>(j));
            s.b[j] = s.b[j] + two_prod(step, scale_[j]);
            change = std::max(change, std::abs(step));
            size = std::max(size, std::abs(s.b[j].high / scale_[j]));
        }
        return size > 0 ? change / size : 0;
    }

    // Solves the augmented system once in double.
    void correct(const VectorXd& df, const VectorXd& dg, VectorXd& dr, VectorXd& db) const {
        const Index p = factors_.cols();
        const auto r = factors_.matrixQR().topLeftCorner(p, p).triangularView<Eigen::Upper>();
        VectorXd d = df;
        d.applyOnTheLeft(factors_.householderQ().setLength(p).adjoint());
        const VectorXd permuted = factors_.colsPermutation().transpose() * dg;
        const VectorXd h = r.transpose().solve(permuted);
        const VectorXd b = r.solve(d.head(p) - h);
        db = factors_.colsPermutation() * b;
        d.head(p) = h;
        d.applyOnTheLeft(factors_.householderQ().setLength(p));
        dr = d;
    }

    const Design& design_;
    std::vector<double> scale_;
    Eigen::ColPivHouseholderQR<MatrixXd> factors_;
};

// (X'X)^-1, column by column, refined.
MatrixXd inverse_gram(const Solver& solver, std::size_t n, std::size_t p) {
    MatrixXd inverse(static_cast<Index>(p), static_cast<Index>(p));
    for (std::size_t k = 0; k < p; ++k) {
        Wide g(p);
        g[k] = {-1, 0};
        const auto s = solver.solve(Wide(n), g);
        for (std::size_t j = 0; j < p; ++j) {
            inverse(static_cast<Index>(j), static_cast<Index>(k)) = s.b[j].value();
        }
    }
    return inverse;
}

double total_sum_of_squares(std::span<const double> y, bool centered) {
    if (centered) {
        return central_moments(y).m2 * static_cast<double>(y.size());
    }
    CompensatedSum squares;
    for (double v : y) {
        squares.add(two_prod(v, v));
    }
    return squares.value();
}

// Student's t of each coefficient and what follows from it.
void infer(LinearFit& fit, const MatrixXd& inverse) {
    const auto df = static_cast<double>(fit.df);
    const double critical = t_critical(df, fit.level);
    for (std::size_t k = 0; k < fit.coef.size(); ++k) {
        const auto kk = static_cast<Index>(k);
        const double se = fit.sigma * std::sqrt(inverse(kk, kk));
        const double t = fit.coef[k] / se;
        fit.se.push_back(se);
        fit.t.push_back(t);
        fit.p.push_back(t_tails(t, df).two_sided());
        fit.ci.push_back({fit.coef[k] - critical * se, fit.coef[k] + critical * se});
    }
}

// Leverages, and what is made of them: leave-one-out error, HC3 standard errors.
void diagnose(LinearFit& fit, const Design& design, const MatrixXd& inverse) {
    const auto p = static_cast<Index>(design.cols());
    MatrixXd meat = MatrixXd::Zero(p, p);
    CompensatedSum loo;
    for (std::size_t i = 0; i < fit.n; ++i) {
        VectorXd row(p);
        for (Index j = 0; j < p; ++j) {
            row(j) = design.at(static_cast<std::size_t>(j))[i].value();
        }
        const double leverage = row.dot(inverse * row);
        const double e = fit.residuals[i] / (1 - leverage);
        fit.max_leverage = std::max(fit.max_leverage, leverage);
        loo.add(e * e);
        meat += (e * e) * row * row.transpose();
    }
    fit.loocv_mse = loo.value() / static_cast<double>(fit.n);
    const MatrixXd covariance = inverse * meat * inverse;
    for (Index j = 0; j < p; ++j) {
        fit.se_hc3.push_back(std::sqrt(covariance(j, j)));
    }
}

void criteria(LinearFit& fit, std::span<const double> y) {
    const auto n = static_cast<double>(fit.n);
    const auto p = static_cast<double>(fit.coef.size());
    const double k = p + 1;
    const double tss = total_sum_of_squares(y, fit.centered);
    const double model_df = fit.centered ? p - 1 : p;
    fit.r2 = tss > 0 ? 1 - fit.rss / tss : kNaN;
    fit.adj_r2 = 1 - (1 - fit.r2) * (n - (fit.centered ? 1 : 0)) / static_cast<double>(fit.df);
    fit.f = model_df > 0 ? (tss - fit.rss) / model_df / (fit.sigma * fit.sigma) : kNaN;
    const double fitness = n * std::log(fit.rss / n);
    fit.aic = fitness + 2 * k;
    fit.aicc = n - k - 1 > 0 ? fit.aic + 2 * k * (k + 1) / (n - k - 1) : kNaN;
    fit.bic = fitness + k * std::log(n);
}

}  // namespace

Design& Design::constant() {
    columns_.emplace_back(rows_, DoubleDouble{1, 0});
    has_constant_ = true;
    return *this;
}

Design& Design::column(std::span<const double> values) {
    if (values.size() != rows_) {
        throw std::invalid_argument("least squares: columns of different length");
    }
    columns_.push_back(widen(values));
    return *this;
}

Design& Design::powers(std::span<const double> x, int from, int to) {
    Wide power(rows_, DoubleDouble{1, 0});
    for (int k = 0; k <= to; ++k) {
        if (k >= from) {
            columns_.push_back(power);
            has_constant_ = has_constant_ || k == 0;
        }
        for (std::size_t i = 0; i < rows_; ++i) {
            power[i] = power[i] * DoubleDouble{x[i], 0};
        }
    }
    return *this;
}

Design& Design::scale_rows(std::span<const double> factor) {
    for (Wide& column : columns_) {
        for (std::size_t i = 0; i < rows_; ++i) {
            column[i] = column[i] * DoubleDouble{factor[i], 0};
        }
    }
    return *this;
}

Bounds LinearFit::hc3_interval(std::size_t k) const {
    const double half = t_critical(static_cast<double>(df), level) * se_hc3[k];
    return {coef[k] - half, coef[k] + half};
}

LinearFit least_squares(const Design& design, std::span<const double> y, double level) {
    if (y.size() != design.rows() || design.rows() <= design.cols()) {
        throw std::invalid_argument(
            "least squares: need more points than coefficients; add points");
    }
    const Solver solver(design);
    const auto solution = solver.solve(widen(y), Wide(design.cols()));
    LinearFit fit;
    fit.n = y.size();
    fit.df = design.rows() - design.cols();
    fit.centered = design.has_constant();
    fit.level = level;
    CompensatedSum squares;
    for (const DoubleDouble& r : solution.r) {
        fit.residuals.push_back(r.value());
        squares.add(two_prod(r.value(), r.value()));
    }
    for (const DoubleDouble& b : solution.b) {
        fit.coef.push_back(b.value());
    }
    fit.rss = squares.value();
    fit.sigma = std::sqrt(fit.rss / static_cast<double>(fit.df));
    const MatrixXd inverse = inverse_gram(solver, design.rows(), design.cols());
    infer(fit, inverse);
    diagnose(fit, design, inverse);
    criteria(fit, y);
    return fit;
}

}  // namespace kmb::analysis
