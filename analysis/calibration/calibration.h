// What the intervals, change points, laws and verdicts of this program are worth, measured
// on series whose truth is known. Fixed seeds: the same numbers on every run, whatever the
// number of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace kmb::analysis::calibration {

// A share of repetitions, and the range that it must lie in.
struct Line {
    std::string group;  // "coverage", "change points", ..
    std::string what;   // "95 % interval of the median"
    std::string data;   // "lognormal, n = 100"
    std::size_t repetitions = 0;
    double share = 0;  // measured, 0 to 1
    double least = 0;  // asked for
    double most = 1;
    double slack = 0;  // standard errors that a short run may be off by
    std::string peer;  // another program's rule on the same data, "" for none
    double peer_share = 0;

    [[nodiscard]] double error() const;  // standard error of the share
    [[nodiscard]] bool held() const;
};

struct Options {
    double effort = 1;  // factor of the number of repetitions
    double slack = 0;
    unsigned threads = 1;
};

// Lines in the order of the tables; `done` hears of each as soon as it is known.
std::vector<Line> calibrate(const Options& options, const std::function<void(const Line&)>& done);

}  // namespace kmb::analysis::calibration
