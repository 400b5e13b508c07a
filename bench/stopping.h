// When a point has been measured often enough: a rule on the medians of its rounds.
//
// Consecutive samples hang together; rounds, between which all other points are measured,
// do so far less. The interval of their median is that of order statistics, which holds
// for any distribution. It is looked at several times while rounds come in, and each look
// could end it by luck: the error of 5 % is therefore shared out among all looks that may
// happen (Bonferroni's union bound; a group-sequential design as in Jennison and Turnbull,
// "Group Sequential Methods", 2000, of constant spending). So the interval at the look that
// ends it covers the median with at least 95 %, whichever look that is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kmb::bench {

struct StopRule {
    double width = 0.01;       // half of the interval, relative to the median
    double level = 0.95;       // over all looks together
    std::uint64_t first = 10;  // rounds before the first look
    std::uint64_t most = 60;   // rounds at the last look
    double step = 0;           // of the clock: no interval is asked to be narrower
};

// Numbers of rounds at which the rule looks: from `first`, each three tenths more, to `most`.
std::vector<std::uint64_t> looks(const StopRule& rule);

// The look at which it is decided whether a round follows `rounds` rounds.
std::uint64_t next_look(const StopRule& rule, std::uint64_t rounds);

enum class Sampling {
    go_on,
    narrow,  // the interval is narrow enough
    modes,   // the rounds stand at two levels: more of them would not make it narrow
    spent,   // the last look, and not narrow
};
const char* name(Sampling sampling);

struct Look {
    Sampling sampling = Sampling::go_on;
    double median = 0;
    double low = 0;
    double high = 0;
    // Two levels of rounds, where `sampling` is modes: their medians, and the share of rounds
    // on the lower one.
    double lower = 0;
    double upper = 0;
    double share = 0;
    // Half of the interval, relative to the median.
    [[nodiscard]] double half_width() const;
};

// What the medians of all rounds so far say, at least one. Anywhere but at a look it is
// go_on. Depends on nothing else: the same rounds give the same answer.
Look look(std::span<const double> medians, const StopRule& rule);

}  // namespace kmb::bench
