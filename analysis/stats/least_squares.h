// Linear least squares to the last digit: QR of the scaled columns, then iterative
// refinement with residuals in double-double. The NIST sets that break normal equations
// (Filip, Wampler, Longley) come out to the precision of their data.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/stats/double_double.h"
#include "analysis/stats/intervals.h"

namespace kmb::analysis {

// The columns of X. Powers are kept in double-double: rounding them costs Filip its
// digits before any solver starts.
class Design {
  public:
    explicit Design(std::size_t rows) : rows_(rows) {}
    Design& constant();
    Design& column(std::span<const double> values);
    Design& powers(std::span<const double> x, int from, int to);
    // Multiplies every row by its factor.
    Design& scale_rows(std::span<const double> factor);

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t cols() const { return columns_.size(); }
    [[nodiscard]] bool has_constant() const { return has_constant_; }
    [[nodiscard]] const std::vector<DoubleDouble>& at(std::size_t j) const { return columns_[j]; }

  private:
    std::size_t rows_;
    bool has_constant_ = false;
    std::vector<std::vector<DoubleDouble>> columns_;
};

// y = X b + e with independent errors of one variance; intervals also assume that they
// are normal. se_hc3 does without equal variance (MacKinnon and White 1985).
struct LinearFit {
    std::size_t n = 0;
    std::size_t df = 0;        // n - number of coefficients
    bool centered = false;     // R^2 about the mean (a constant is fitted) or about 0
    std::vector<double> coef;  // in order of the columns
    std::vector<double> se;
    std::vector<double> t;
    std::vector<double> p;  // two-sided
    std::vector<Bounds> ci;
    std::vector<double> se_hc3;
    double level = 0.95;
    double rss = 0;
    double sigma = 0;  // sqrt(rss / df)
    double r2 = 0;     // NaN when all y are equal
    double adj_r2 = 0;
    double f = 0;
    double aic = 0;  // n ln(rss / n) + 2 (coefficients + 1)
    double aicc = 0;
    double bic = 0;
    double loocv_mse = 0;  // mean squared error of leaving one out
    double max_leverage = 0;
    std::vector<double> residuals;

    // coef +- t(df) * se_hc3
    [[nodiscard]] Bounds hc3_interval(std::size_t k) const;
};

// Throws std::invalid_argument when there are not more rows than columns or the columns
// are linearly dependent, saying so.
LinearFit least_squares(const Design& design, std::span<const double> y, double level = 0.95);

}  // namespace kmb::analysis
