#include <set>
#include <tuple>

#include "analysis/laws.h"
#include "analysis/scaling.h"
#include "analysis/stats/piecewise.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr std::size_t kLeast = 3;

SweepPoints part(const SweepPoints& points, const Piece& piece) {
    const auto cut = [&](const std::vector<double>& all) {
        return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(piece.first),
                                   all.begin() + static_cast<std::ptrdiff_t>(piece.last));
    };
    return {cut(points.x), cut(points.y), 0};
}

Pieces pieces_of(const Sweep& sweep, const std::string& measure, const SweepPoints& points,
                 const std::string& unit) {
    const Piecewise found = piecewise_lines(points.x, points.y, kLevel, kLeast);
    Pieces result{sweep.group, sweep.key, measure, {}, {}, found.relative_rms};
    for (const Piece& piece : found.pieces) {
        const SweepPoints own = part(points, piece);
        result.pieces.push_back(
            {own.x.size(), own.x.front(), own.x.back(), affine(own, unit, sweep.key).parameters});
    }
    for (const Knee& knee : found.knees) {
        result.knees.push_back(estimate(knee.at, knee.bounds, kLevel, "profile"));
    }
    return result;
}

}  // namespace

std::vector<Pieces> pieces_of(const RunResult& run) {
    std::vector<Pieces> all;
    for (const Sweep& sweep : sweeps_of(run)) {
        if (!sweep.bytes()) {
            continue;
        }
        for (const char* measure : {"copy_in", "copy_out", "total", "user"}) {
            const SweepPoints points = medians(sweep, measure);
            const std::set<double> sizes(points.x.begin(), points.x.end());
            if (points.x.size() >= kLeast && sizes.size() == points.x.size()) {
                all.push_back(pieces_of(sweep, measure, points, run.time_unit));
            }
        }
    }
    return all;
}

}  // namespace kmb::analysis
