// One measured call and the point it belongs to: the words that the runner, the
// cases and the sample writer share. Values only; nothing here measures.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace kmb::bench {

// A value that was not measured. Written as "-", never as 0.
inline constexpr std::int64_t kAbsent = std::numeric_limits<std::int64_t>::min();

// One measured call. Times are in the unit of the run (ns or instructions);
// see docs/format-ksamp.md for the meaning of each field.
struct Sample {
    std::int64_t start = kAbsent;
    std::int64_t total = kAbsent;
    std::int64_t user = kAbsent;
    std::int64_t copy_in = kAbsent;
    std::int64_t work = kAbsent;
    std::int64_t copy_out = kAbsent;
    std::int64_t cpu = kAbsent;
    std::int64_t cpu_end = kAbsent;
    std::int64_t irqs = kAbsent;
    std::int64_t softirqs = kAbsent;
    std::int64_t nvcsw = kAbsent;
    std::int64_t nivcsw = kAbsent;
    std::int64_t faults = kAbsent;
    std::int64_t off_cpu = kAbsent;
    std::int64_t smis = kAbsent;
    std::int64_t truth = kAbsent;      // planted causes and delay, only calib has some
    std::int64_t work_cpus = kAbsent;  // bit set of the CPUs that worked for the caller
    std::vector<std::int64_t> extra;   // one value a name of Workload::extra_columns()
};

struct Coordinate {
    std::string key;
    std::string value;
};

// One coordinate of a sweep. Its name is its coordinates.
struct Point {
    std::string module;
    std::string operation;
    std::vector<Coordinate> coordinates;

    // "ksort/sort/where=kernel/algo=pdq/pattern=random/n=4096"
    [[nodiscard]] std::string name() const;
    // Value of a coordinate. Throws std::out_of_range naming the point and the key.
    [[nodiscard]] const std::string& at(std::string_view key) const;
    // The same as a number. Throws std::invalid_argument when it is none.
    [[nodiscard]] std::int64_t number(std::string_view key) const;
};

}  // namespace kmb::bench
