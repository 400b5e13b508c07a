#include "analysis/stats/dip.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/dip_table.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Index = std::ptrdiff_t;
using Points = std::vector<Index>;

// For each point the one before it on the greatest convex minorant of the points up to
// it; the first is its own.
Points convex_links(const Sorted& x) {
    Points link(x.size(), 0);
    for (Index j = 1; j < static_cast<Index>(x.size()); ++j) {
        Index a = j - 1;
        while (a != 0) {
            const Index b = link[static_cast<std::size_t>(a)];
            const double rise = (x[static_cast<std::size_t>(j)] - x[static_cast<std::size_t>(a)]) *
                                static_cast<double>(a - b);
            const double before =
                (x[static_cast<std::size_t>(a)] - x[static_cast<std::size_t>(b)]) *
                static_cast<double>(j - a);
            if (rise < before) {
                break;
            }
            a = b;
        }
        link[static_cast<std::size_t>(j)] = a;
    }
    return link;
}

// The same from the other end for the least concave majorant.
Points concave_links(const Sorted& x) {
    std::vector<double> mirrored;
    for (std::size_t i = x.size(); i > 0; --i) {
        mirrored.push_back(-x[i - 1]);
    }
    const Points links = convex_links(Sorted::adopt(std::move(mirrored)));
    const auto last = static_cast<Index>(x.size()) - 1;
    Points link(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        link[x.size() - 1 - i] = last - links[i];
    }
    return link;
}

// Corners of a hull from one index to another, in the direction of the links.
Points corners(const Points& link, Index from, Index to) {
    Points path{from};
    while (path.back() != to) {
        path.push_back(link[static_cast<std::size_t>(path.back())]);
    }
    return path;
}

// The interval between both hulls where they are farthest apart. All distances are in
// steps of the distribution function, 1 / n.
struct Gap {
    double distance = 0;
    std::size_t convex = 0;   // corner of the minorant (from high to low) at its left
    std::size_t concave = 0;  // corner of the majorant (from low to high) at its right
};

class DipSearch {
  public:
    explicit DipSearch(const Sorted& x) : x_(x), down_(convex_links(x)), up_(concave_links(x)) {}

    // Twice n times the dip.
    double run() {
        Index low = 0;
        auto high = static_cast<Index>(x_.size()) - 1;
        double dip = 1;
        while (true) {
            const Points convex = corners(down_, high, low);
            const Points concave = corners(up_, low, high);
            const Gap gap = convex.size() == 2 && concave.size() == 2
                                ? Gap{1, convex.size() - 1, concave.size() - 1}
                                : widest_gap(convex, concave);
            if (gap.distance < dip) {
                return dip;
            }
            double found = 0;
            for (std::size_t k = gap.convex; k + 1 < convex.size(); ++k) {
                found = std::max(found, above_chord(convex[k + 1], convex[k]));
            }
            for (std::size_t k = gap.concave; k + 1 < concave.size(); ++k) {
                found = std::max(found, below_chord(concave[k], concave[k + 1]));
            }
            dip = std::max(dip, found);
            if (low == convex[gap.convex] && high == concave[gap.concave]) {
                return dip;
            }
            low = convex[gap.convex];
            high = concave[gap.concave];
        }
    }

  private:
    [[nodiscard]] double at(Index i) const { return x_[static_cast<std::size_t>(i)]; }

    // Walks both hulls from low to high, corner by corner.
    [[nodiscard]] Gap widest_gap(const Points& convex, const Points& concave) const {
        Gap gap;
        gap.convex = convex.size() - 1;
        gap.concave = concave.size() - 1;
        std::size_t g = convex.size() - 2;
        std::size_t h = 1;
        do {
            const Index c = convex[g];
            const Index m = concave[h];
            if (c > m) {  // the next corner is one of the majorant
                const Index from = convex[g + 1];
                const double d =
                    static_cast<double>(m - from + 1) -
                    (at(m) - at(from)) * static_cast<double>(c - from) / (at(c) - at(from));
                ++h;
                if (d >= gap.distance) {
                    gap = {d, g + 1, h - 1};
                }
            } else {
                const Index from = concave[h - 1];
                const double d =
                    (at(c) - at(from)) * static_cast<double>(m - from) / (at(m) - at(from)) -
                    static_cast<double>(c - from - 1);
                const std::size_t here = g;
                g -= g > 0 ? 1 : 0;
                if (d >= gap.distance) {
                    gap = {d, here, h};
                }
            }
            h = std::min(h, concave.size() - 1);
        } while (convex[g] != concave[h]);
        return gap;
    }

    // How far the distribution function rises above a chord of the minorant, or falls
    // below one of the majorant; at least one step.
    [[nodiscard]] double above_chord(Index from, Index to) const {
        double most = 1;
        if (to - from > 1 && at(to) != at(from)) {
            const double slope = static_cast<double>(to - from) / (at(to) - at(from));
            for (Index i = from; i <= to; ++i) {
                most =
                    std::max(most, static_cast<double>(i - from + 1) - (at(i) - at(from)) * slope);
            }
        }
        return most;
    }
    [[nodiscard]] double below_chord(Index from, Index to) const {
        double most = 1;
        if (to - from > 1 && at(to) != at(from)) {
            const double slope = static_cast<double>(to - from) / (at(to) - at(from));
            for (Index i = from; i <= to; ++i) {
                most =
                    std::max(most, (at(i) - at(from)) * slope - static_cast<double>(i - from - 1));
            }
        }
        return most;
    }

    const Sorted& x_;
    Points down_;
    Points up_;
};

// Share of uniform samples of that size with a smaller dip.
double share_below(double d, double n) {
    using namespace dip_table;
    const auto above = std::upper_bound(kSizes.begin(), kSizes.end(), n);
    const auto i = static_cast<std::size_t>(above - kSizes.begin()) - 1;
    const std::size_t j = std::min(i + 1, kSizes.size() - 1);
    const double part = j == i || n >= kSizes[j] ? 0 : (n - kSizes[i]) / (kSizes[j] - kSizes[i]);
    // Quantiles that tie stand for one with the mean of their shares.
    std::vector<double> place;
    std::vector<double> share;
    for (std::size_t k = 0; k < kShares.size();) {
        const auto quantile = [&](std::size_t q) {
            const double small = std::sqrt(kSizes[i]) * kDips[i][q];
            return small + part * (std::sqrt(kSizes[j]) * kDips[j][q] - small);
        };
        const double here = quantile(k);
        double total = 0;
        std::size_t count = 0;
        for (; k < kShares.size() && quantile(k) == here; ++k, ++count) {
            total += kShares[k];
        }
        place.push_back(here);
        share.push_back(total / static_cast<double>(count));
    }
    const double wanted = std::sqrt(n) * d;
    const auto right = std::upper_bound(place.begin(), place.end(), wanted);
    if (right == place.begin() || right == place.end()) {
        return right == place.begin() ? share.front() : share.back();
    }
    const auto r = static_cast<std::size_t>(right - place.begin());
    return share[r - 1] +
           (wanted - place[r - 1]) / (place[r] - place[r - 1]) * (share[r] - share[r - 1]);
}

}  // namespace

Dip dip(const Sorted& sorted) {
    if (sorted.size() < 2 || sorted.min() == sorted.max()) {
        return {kNaN, kNaN};
    }
    const auto n = static_cast<double>(sorted.size());
    const double d = DipSearch(sorted).run() / (2 * n);
    return {d, sorted.size() < 4 ? 1 : 1 - share_below(d, n)};
}

}  // namespace kmb::analysis
