// Is it slower now than it was before? Two measurements of one point, and what can be said
// of them; docs/format-comparison.md says how and why.
//
// An answer is a claim about the interval of the ratio now / before and a threshold: the
// largest of the margin that was asked for, one tick of the clock, and the noise floor,
// which is what two measurements of the same thing were seen to differ by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/stats/log_ratio.h"

namespace kmb::analysis {

enum class Verdict {
    slower,      // the whole interval lies above 1 + threshold
    faster,      // .. below 1 / (1 + threshold)
    equivalent,  // .. between both
    worse_tail,  // no slower in the middle, but p99 or p99.9 is
    cannot_say,
};
std::string_view name(Verdict verdict);  // "slower", .., "worse tail", "cannot say"

struct CompareOptions {
    double margin = 0.01;       // relative difference that does not matter
    double tail_margin = 0.10;  // the same for p99 and p99.9
    double step = 0;            // of the clock, unit of the values, for one operation
    double noise_floor = 0;     // relative
    double level = 0.95;        // of every interval
    double power = 0.8;         // behind `detectable` and `needed`
};

// One run's values of a point in order of time, of one operation each.
struct Measured {
    std::vector<double> values;
    std::vector<std::size_t> round_begin;  // value at which each round begins; may be empty
    std::vector<std::int64_t> rounds;      // number of each round
};

// What of both sides belongs together.
enum class Pairing {
    none,
    rounds,   // both were measured in the same rounds: what a round had to bear, both bore
    samples,  // the same inputs in the same order, and a clock that counts instructions
};

struct TailComparison {
    double p = 0;  // 0.99, 0.999
    double before = 0;
    double now = 0;
    double ratio = 0;
    Bounds bounds{};      // infinite where there are too few values
    double p_value = 1;   // that it is not worse than the tail margin, one-sided
    bool worse = false;   // p_value <= (1 - level) / 2 / number of tails
    bool better = false;  // the same the other way round
};

// One of several ways to analyse the same values.
struct Choice {
    std::string name;
    double ratio = 0;
    Bounds bounds{};
    Verdict verdict = Verdict::cannot_say;
};

struct Comparison {
    Verdict verdict = Verdict::cannot_say;
    Verdict middle = Verdict::cannot_say;  // the same without regard to tails
    std::string method;                    // what was compared, and how: "round medians, rank sum"
    std::string unit;   // "run", "round", "sample", "pair of ..": what `n` counts
    double before = 0;  // median of all values
    double now = 0;
    std::size_t n_before = 0;  // units, not values
    std::size_t n_now = 0;
    double effective_before = 0;  // worth that many independent ones
    double effective_now = 0;
    double ratio = 1;  // now / before
    Bounds bounds{};
    double threshold = 0;      // relative
    std::string threshold_of;  // "margin", "tick", "noise floor"
    // That the ratio is within the threshold, two-sided: what is corrected for many points.
    double p_value = 1;
    double detectable = 0;  // ratio that would be called slower with the given power
    // Units a side that would settle it; nothing where it is settled, or where the ratio
    // stands at the threshold and no number would.
    std::optional<double> needed;
    std::vector<TailComparison> tails;
    std::vector<Choice> choices;
    std::size_t agree = 0;              // choices with the verdict `middle`
    std::vector<std::string> warnings;  // "code: sentence"
};

// Several runs a side, each of the same point. Values that are not positive have no
// ratio: the verdict is `cannot_say` then, with a warning.
Comparison compare(const std::vector<Measured>& before, const std::vector<Measured>& now,
                   Pairing pairing, const CompareOptions& options = {});

// Two plain series in order of time.
Comparison compare(std::span<const double> before, std::span<const double> now,
                   const CompareOptions& options = {});

// `middle` again where the p-value was raised for the number of points, and `verdict`.
void correct(Comparison& comparison, double p_value, double p_tail, double level);

// Values a side with which a slowdown of `effect` (0.02) is called slower with the given
// power, judged by the spread and the dependence of a first series of at least 20 values.
// Nothing where the effect is within the threshold, or the pilot says nothing.
std::optional<std::size_t> planned_samples(std::span<const double> pilot, double effect,
                                           const CompareOptions& options = {});

}  // namespace kmb::analysis
