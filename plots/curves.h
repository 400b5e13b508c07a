// Medians against the swept coordinate: what figures of a sweep draw.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/result.h"
#include "plots/axes.h"
#include "plots/script.h"

namespace kmb::plots {

struct CurvePoint {
    double x;
    double y;
    double low;  // interval of the median; y itself where there is none
    double high;
};

struct Curve {
    std::string group;                                             // of the fits
    std::vector<std::pair<std::string, std::string>> coordinates;  // without the swept one
    std::vector<CurvePoint> points;                                // rising x

    // Value of a coordinate, empty where there is none.
    [[nodiscard]] std::string at(std::string_view key) const;
};

// Curves of module/operation that `wanted` says yes to, sorted by group; `measure` empty
// means each series' primary one. Points with a median that is not positive are left out,
// and curves without points.
std::vector<Curve> curves_of(const analysis::RunResult& run, std::string_view module,
                             std::string_view operation, std::string_view measure,
                             const std::function<bool(const analysis::SeriesResult&)>& wanted);

// Names of the curves: the coordinates in which they differ, "fast_doubling (kernel)".
std::vector<std::string> names_of(const std::vector<Curve>& curves);

// Index of the curve among the different values of a coordinate, for its colour.
std::vector<std::size_t> ranks_of(const std::vector<Curve>& curves, std::string_view key);

// Value of a coordinate of a series, empty where it has none.
std::string coordinate(const analysis::SeriesResult& series, std::string_view key);

// The value of a coordinate that a figure shows when it shows one: `preferred` where the
// run has it, else the one with most series. Empty where no series has the coordinate.
std::string usual_value(const analysis::RunResult& run, std::string_view module,
                        std::string_view key, std::string_view preferred = "");

struct Look {
    std::string title;  // in the key
    std::string colour;
    int sign;
    bool dashed = false;
};

// Plot elements of one curve: its interval band and its line with signs.
void add_curve(Script& script, std::vector<std::string>& plot, const Curve& curve,
               const Look& look);

// A size of note on the x axis: a line from bottom to top, and a shade from the low to the high end
// of its interval, with a title in the key where there are any. `tag` is the number of the first
// one; the next may have the number returned.
struct Mark {
    double at;
    double low;
    double high;
};
int add_marks(Script& script, std::vector<std::string>& plot, const std::vector<Mark>& marks,
              std::string_view title, int tag);

// Smallest and largest x; smallest low and largest high.
void extend(Range& x, Range& y, const Curve& curve);

}  // namespace kmb::plots
