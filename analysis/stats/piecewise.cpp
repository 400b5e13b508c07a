#include "analysis/stats/piecewise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/stats/distributions.h"
#include "analysis/stats/regression.h"

namespace kmb::analysis {
namespace {

constexpr double kMisfit = 0.01;
constexpr double kPenalty = 3.5;
constexpr std::size_t kMostPieces = 6;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

// The lines through all runs of neighbours.
class Lines {
  public:
    Lines(std::span<const double> x, std::span<const double> y, std::size_t least)
        : m_(x.size()), least_(least), lines_((m_ + 1) * (m_ + 1)) {
        for (std::size_t i = 0; i < m_; ++i) {
            for (std::size_t j = i + 1; j <= m_; ++j) {
                lines_[i * (m_ + 1) + j] = relative_line(x.subspan(i, j - i), y.subspan(i, j - i));
            }
        }
    }
    [[nodiscard]] const RelativeLine& at(std::size_t first, std::size_t last) const {
        return lines_[first * (m_ + 1) + last];
    }
    [[nodiscard]] double rss(std::size_t first, std::size_t last) const {
        return last >= first + least_ ? at(first, last).rss : kInfinite;
    }

  private:
    std::size_t m_;
    std::size_t least_;
    std::vector<RelativeLine> lines_;
};

// Ends of the pieces of the best partition into 1, 2, ... pieces, with its squares.
struct Partition {
    std::vector<std::size_t> ends;
    double rss = kInfinite;
};

std::vector<Partition> partitions(const Lines& lines, std::size_t m, std::size_t most) {
    // best[k][j]: squares of the first j points in k + 1 pieces, from[k][j]: where the last begins.
    std::vector<std::vector<double>> best(most, std::vector<double>(m + 1, kInfinite));
    std::vector<std::vector<std::size_t>> from(most, std::vector<std::size_t>(m + 1, 0));
    for (std::size_t j = 0; j <= m; ++j) {
        best[0][j] = lines.rss(0, j);
        for (std::size_t k = 1; k < most; ++k) {
            for (std::size_t i = 0; i < j; ++i) {
                const double rss = best[k - 1][i] + lines.rss(i, j);
                if (rss < best[k][j]) {
                    best[k][j] = rss;
                    from[k][j] = i;
                }
            }
        }
    }
    std::vector<Partition> found;
    for (std::size_t k = 0; k < most && std::isfinite(best[k][m]); ++k) {
        Partition partition{{m}, best[k][m]};
        for (std::size_t level = k; level > 0; --level) {
            partition.ends.insert(partition.ends.begin(), from[level][partition.ends.front()]);
        }
        found.push_back(std::move(partition));
    }
    return found;
}

double criterion(const Partition& partition, std::size_t points) {
    const auto m = static_cast<double>(points);
    const auto p = 3 * static_cast<double>(partition.ends.size());
    if (p >= m) {
        return partition.ends.size() == 1 ? 0 : kInfinite;
    }
    return m * std::log(partition.rss / m + kMisfit * kMisfit) + kPenalty * p * m / (m - p);
}

// Splits are compared down to a single point beside them: a knee so near the end cannot be chosen,
// but it must not be denied either.
Knee knee_between(const Lines& lines, std::span<const double> x, const Piece& left,
                  const Piece& right, double allowed) {
    const auto squares = [&](std::size_t split) {
        return lines.at(left.first, split).rss + lines.at(split, right.last).rss;
    };
    const double best = squares(left.last);
    std::size_t low = left.last;
    std::size_t high = left.last;
    for (std::size_t split = left.first + 1; split < right.last; ++split) {
        if (squares(split) <= best + allowed) {
            low = std::min(low, split);
            high = std::max(high, split);
        }
    }
    Knee knee{std::sqrt(x[left.last - 1] * x[left.last]), {x[low - 1], x[high]}};
    const double meet = (left.a - right.a) / (right.b - left.b);
    if (meet >= knee.bounds.low && meet <= knee.bounds.high) {
        knee.at = meet;
    }
    return knee;
}

void require(std::span<const double> x, std::span<const double> y, std::size_t least) {
    const auto positive = [](double v) { return v > 0 && std::isfinite(v); };
    const auto falls = [](double a, double b) { return a >= b; };
    if (x.size() != y.size() || least < 2 || x.size() < least ||
        !std::all_of(x.begin(), x.end(), positive) || !std::all_of(y.begin(), y.end(), positive) ||
        std::adjacent_find(x.begin(), x.end(), falls) != x.end()) {
        throw std::invalid_argument(
            "piecewise lines: need positive times at rising sizes, three or more");
    }
}

}  // namespace

Piecewise piecewise_lines(std::span<const double> x, std::span<const double> y, double level,
                          std::size_t least) {
    require(x, y, least);
    const std::size_t m = x.size();
    const Lines lines(x, y, least);
    const auto found = partitions(lines, m, std::min(kMostPieces, m / least));
    const auto best = std::min_element(
        found.begin(), found.end(),
        [&](const Partition& a, const Partition& b) { return criterion(a, m) < criterion(b, m); });
    Piecewise result;
    result.relative_rms = std::sqrt(best->rss / static_cast<double>(m));
    std::size_t first = 0;
    for (const std::size_t end : best->ends) {
        result.pieces.push_back({first, end, lines.at(first, end).a, lines.at(first, end).b});
        first = end;
    }
    const auto used = static_cast<double>(3 * result.pieces.size());
    const double df = std::max(static_cast<double>(m) - used, 1.0);
    const double t = t_critical(df, level);
    const double allowed = t * t * (best->rss / df + kMisfit * kMisfit);
    for (std::size_t k = 1; k < result.pieces.size(); ++k) {
        result.knees.push_back(
            knee_between(lines, x, result.pieces[k - 1], result.pieces[k], allowed));
    }
    return result;
}

}  // namespace kmb::analysis
