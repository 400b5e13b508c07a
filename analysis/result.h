// What an analysis says: the values behind analysis.json, and all that figures
// and reports know about a run. Shapes only; docs/format-analysis.md is the schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kmb::analysis {

struct Interval {
    double low;
    double high;
    double level;        // nominal coverage, 0.95
    std::string method;  // "order-statistic", "t", ...
};

struct Estimate {
    double value;
    std::optional<Interval> interval;
};

struct Quantile {
    double p;  // 0 to 1
    Estimate estimate;
};

// One view (all or kept) of one measure of a series. Unit of the run.
struct Summary {
    std::size_t n = 0;
    double effective = 0;  // independent values that these are worth; intervals are of that many
    double min = 0;
    double max = 0;
    Estimate median{};
    Estimate mean{};
    double sd = 0;   // NaN for n < 2
    double mad = 0;  // raw, not scaled
    std::vector<Quantile> quantiles;
};

// One column of the samples, or one derived from several: "overhead" = user - total,
// "entry" from the call to the first clock read in the kernel, "exit" from the last one
// back to the caller. Times of one operation: a sample's time over its batch.
struct Measure {
    std::string name;
    Summary all;
    Summary kept;
};

// What one rule says of a series. `rows` are 0-based indices into the series.
struct Labelling {
    std::string rule;     // "disturbed", "double-mad", "tukey", ...
    std::string measure;  // the column that was judged
    std::map<std::string, double> parameters;
    std::vector<std::size_t> rows;
};

// Consecutive values of one level.
struct Regime {
    std::size_t from = 0;  // indices into the values of the judged measure
    std::size_t to = 0;    // one behind the last
    double median = 0;
    double mad = 0;  // raw, not scaled
};

// What the order of the values tells, of the judged measure.
struct Order {
    double effective = 0;        // independent values that all of them are worth
    double autocorrelation = 0;  // of ranks, lag 1; NaN where all are equal
    std::vector<Regime> regimes;
    std::vector<std::size_t> spread_changes;
    std::size_t warmup = 0;  // values before the level that lasts
    double drift = 0;        // change from begin to end after the warm-up, relative to the median
    double drift_p = 1;      // of such a change without drift
    std::string state;       // "steady", "warm-up", "shifts", "drift", "short"
};

// A hill of the distribution. `low` and `high` are the valleys beside it.
struct ModeResult {
    Estimate median{};  // of its values
    double share = 0;
    double low = 0;
    double high = 0;
};

// What a series may be used for, and why not for more.
struct Grade {
    std::string grade;                 // "fit", "care", "unusable"
    std::vector<std::string> reasons;  // "code: sentence"
};

// What one cause did to a series. A sample with several causes counts for each of them, for
// nobody can say which of them took the time.
struct CauseCost {
    std::string cause;        // "interrupted", "slept", ...
    std::size_t samples = 0;  // in which it happened
    std::size_t alone = 0;    // in which nothing else did
    double time = 0;          // that these samples took beyond the usual, NaN: nothing is usual
};

// Why samples differ, as counted by the kernel; of the primary measure.
struct Causes {
    bool told = false;            // the kernel counted what is needed to call a sample quiet
    std::size_t undisturbed = 0;  // samples without a cause
    double usual = 0;             // median of the undisturbed ones, of all where there are none
    double time = 0;              // sum of all samples
    double lost = 0;              // beyond the usual, in all disturbed samples, each once
    std::size_t outliers = 0;     // outside the fences that double-mad sets on the undisturbed
    std::size_t unexplained = 0;  // of these, without a cause
    std::vector<CauseCost> costs;
    std::vector<Labelling> rest;  // statistical rules on the undisturbed samples
};

// Where work ran that others did for the caller, as a bit set of CPUs 0 to 63.
struct WorkPlace {
    std::uint64_t cpus = 0;
    std::int64_t caller = 0;  // CPU of the caller
    std::size_t calls = 0;
    // Mean time of a call on each of these CPUs, lowest first; empty where that is not known.
    std::vector<double> times;
};

// Whether the caller was off the CPU inside its calls. Times of whole samples, unit of the run.
struct Sleeping {
    std::size_t calls = 0;      // of which context switches were counted
    std::size_t slept = 0;      // calls with a voluntary switch
    std::size_t preempted = 0;  // calls with an involuntary one
    std::uint64_t sleeps = 0;
    std::uint64_t preemptions = 0;
    std::size_t times_known = 0;  // calls of which the time off the CPU is known
    double off_cpu = 0;           // sum over these calls ...
    double elapsed = 0;           // ... of this
    double off_cpu_median = 0;    // of the calls that were off the CPU at all, 0 where none was
    double off_cpu_max = 0;
    std::vector<WorkPlace> work;
};

struct SeriesResult {
    std::string point;  // "ksort/sort/where=kernel/algo=pdq/pattern=random/n=4096"
    std::string case_name;
    std::string module;
    std::string operation;
    std::vector<std::pair<std::string, std::string>> coordinates;
    std::size_t n = 0;  // 0 where every block of the point was truncated: no measures then
    std::size_t rounds_planned = 0;
    std::size_t rounds_complete = 0;
    std::size_t truncated_rows = 0;  // rows of truncated blocks; not used
    std::string primary;             // measure that removal judged: "work", "total" or "user"
    Labelling removed;               // by the chosen rule; `kept` is without these
    std::vector<Labelling> labels;   // by every other rule, for comparison
    std::vector<Measure> measures;
    std::vector<std::string> warnings;  // "code: sentence"; codes in docs/format-analysis.md
    std::int64_t batch = 1;             // operations a sample
    double tick = 0;  // of the clock, as found in the judged measure; 0 for exact counts
    Order order;
    std::vector<ModeResult> modes;
    Grade grade;
    Causes causes;
    Sleeping sleeping;
    std::optional<Estimate> net;  // kept median of the primary measure less the empty bracket
    // Where the level moves (no steady state): that kept median as a fact about this very
    // course of levels, with an interval that leaves their path out of the chance.
    std::optional<Estimate> course;
};

struct Parameter {
    std::string name;  // "a", "b", "exponent"
    std::string unit;  // "ns", "ns/byte", ""
    Estimate estimate;
};

// A line or power law through the points of one group of series.
struct Fit {
    std::string kind;     // "affine" or "power"
    std::string group;    // point name without the swept coordinate
    std::string sweep;    // swept coordinate: "bytes", "n"
    std::string measure;  // "user", "work", ...
    std::string model;    // "a + b * bytes"
    std::vector<Parameter> parameters;
    std::size_t points = 0;
    double from = 0;  // range of the swept coordinate that was fitted
    double to = 0;
    double r_squared = 0;
    std::vector<std::string> warnings;
};

// How well one named law of growth fits.
struct LawFit {
    std::string law;  // "1", "lgN", "N", "NlgN", "N^2", "N^3"
    double weight = 0;
    double relative_rms = 0;  // of what the law leaves of the points
};

// The law by which a time grows over a sweep, with the overhead that does not grow.
struct Growth {
    std::string group;  // as of a fit
    std::string sweep;
    std::string measure;
    std::string law;                    // of `laws`, or "none" of these
    std::string model;                  // "a + b * n lg n", "a + b * n^exponent"
    double weight = 0;                  // Akaike weight of the law; the free exponent included
    double relative_rms = 0;            // of what it leaves
    std::vector<Parameter> parameters;  // "a", "b"
    std::optional<Estimate> exponent;   // left free; nothing where nothing grows
    std::vector<LawFit> laws;
    std::size_t points = 0;
    double from = 0;  // range that the law was sought in
    double to = 0;
    std::vector<std::string> warnings;
};

// One line of a cost that is not one line.
struct PieceFit {
    std::size_t points = 0;
    double from = 0;
    double to = 0;
    std::vector<Parameter> parameters;  // "a", "b"
};

// The cost of moving bytes: lines, and the sizes at which one gives way to the next.
struct Pieces {
    std::string group;
    std::string sweep;
    std::string measure;
    std::vector<PieceFit> pieces;  // one or more
    std::vector<Estimate> knees;   // between them
    double relative_rms = 0;
};

// The size at which one variant becomes faster than another.
struct Crossover {
    std::string family;  // point name without swept coordinate and variant
    std::string sweep;
    std::string measure;
    std::string below;  // the variant that is faster at smaller sizes
    std::string above;
    Estimate at{};
    bool leading = false;  // no third variant is faster than both beside it
};

struct RunResult {
    std::string target;     // "host", "vm", "sim"
    std::string time_unit;  // "ns" or "instructions"
    std::string rule;       // the rule behind `removed`
    std::vector<SeriesResult> series;
    std::vector<Fit> fits;
    std::vector<Growth> growth;
    std::vector<Pieces> pieces;
    std::vector<Crossover> crossovers;
    std::vector<std::string> warnings;
    double clock_step = 1;  // smallest difference of two clock reads, in time_unit
};

}  // namespace kmb::analysis
