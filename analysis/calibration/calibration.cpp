#include "analysis/calibration/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "analysis/calibration/repeat.h"
#include "analysis/calibration/sources.h"
#include "analysis/calibration/tables.h"
#include "analysis/order.h"
#include "analysis/stats/regimes.h"
#include "analysis/summary.h"

namespace kmb::analysis::calibration {
namespace {

bool median_covered(const Source& source, std::size_t n, Random& random) {
    const std::vector<double> values = draw(source, n, random);
    SummaryOptions options;
    options.effective = effective_values(values, {});
    options.tick = source.tick;
    const Estimate median = order_estimate(Sorted(values), 0.5, options);
    return median.interval && median.interval->low <= source.median &&
           source.median <= median.interval->high;
}

}  // namespace

std::size_t Runner::repetitions(std::size_t usual) const {
    return std::max<std::size_t>(
        20, static_cast<std::size_t>(std::lround(static_cast<double>(usual) * options_.effort)));
}

double Runner::share(std::size_t hits, std::size_t usual) const {
    return static_cast<double>(hits) / static_cast<double>(repetitions(usual));
}

Line Runner::begin(const Title& title, const Range& range, std::size_t usual) const {
    Line line;
    line.group = title.group;
    line.what = title.what;
    line.data = title.data;
    line.repetitions = repetitions(usual);
    line.least = range.least;
    line.most = range.most;
    line.slack = options_.slack;
    return line;
}

void Runner::finish(Line line, std::size_t hits) {
    line.share = static_cast<double>(hits) / static_cast<double>(line.repetitions);
    done_(line);
    lines_.push_back(std::move(line));
}

std::span<const std::size_t> sizes_of(const Source& source) {
    static constexpr std::size_t kSizes[] = {20, 100, 1000};
    return std::span(kSizes).subspan(source.rho > 0 ? 2 : 0);
}

std::string data_of(const Source& source, std::size_t n) {
    return fmt::format("{}, n = {}", source.name, n);
}

double Line::error() const {
    // Of the range's nearest end, so that 0 of few does not pass for certain.
    const double p = std::clamp(share, least, most);
    return std::sqrt(p * (1 - p) / static_cast<double>(std::max<std::size_t>(repetitions, 1)));
}

bool Line::held() const {
    const double room = slack * error() + 1e-12;
    return share >= least - room && share <= most + room;
}

void coverage(Runner& run) {
    for (const Source& source : sources()) {
        for (const std::size_t n : sizes_of(source)) {
            const bool asked = source.rho < 0.9;
            const Range range = asked ? Range{0.94, 0.98} : Range{0, 1};
            run.measure({"coverage", "95 % interval of the median", data_of(source, n)}, range,
                        2000, [&, n](Random& random) { return median_covered(source, n, random); });
        }
    }
}

void change_points(Runner& run) {
    for (const Source& source : sources()) {
        for (const std::size_t n : sizes_of(source)) {
            run.measure({"change points", "found where nothing changes", data_of(source, n)},
                        {0, 0.02}, 1000, [&, n](Random& random) {
                            const Regimes found = find_regimes(draw(source, n, random));
                            return !found.level.empty() || !found.spread.empty();
                        });
        }
    }
}

std::vector<Line> calibrate(const Options& options, const std::function<void(const Line&)>& done) {
    Runner run(options, done);
    coverage(run);
    change_points(run);
    growth(run);
    verdicts(run);
    return run.lines();
}

}  // namespace kmb::analysis::calibration
