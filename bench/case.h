// What a case is: which points to measure, and for one point what to prepare,
// run and verify. The runner owns warm-up, pinning, timing, order and storage.
//
// A new case is one file under bench/cases/ and one line in cases.def and CMakeLists.txt there;
// scripts/new-module.sh makes one with its module.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/sample.h"

namespace kmb::bench {

// How wide a sweep is: `quick` is for a first look and for tests.
enum class Sweep { quick, full };

// The result of a measured call was wrong. The runner marks the point as failed,
// keeps none of its samples of that round and ends non-zero.
class WrongResult : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// One point, opened and ready to be measured. Created, used and destroyed by the
// runner on the thread that is pinned. Owns its device and its buffers.
class Workload {
  public:
    virtual ~Workload() = default;

    // Names of the columns after the fixed ones; Sample::extra follows this order.
    [[nodiscard]] virtual std::vector<std::string> extra_columns() const { return {}; }

    // Fresh input for repetition `rep`, never timed. The same seed and rep give
    // the same input on every machine.
    virtual void prepare(std::uint64_t seed, std::uint64_t rep) = 0;

    // The measured call. Fills every field it can measure, leaves others absent.
    // Throws std::system_error when the call fails.
    virtual void run(Sample& sample) = 0;

    // The same for all of `samples`, inside the kernel and without a system call between
    // them, from repetition `first` on. False where the workload cannot: then the runner
    // calls prepare(), run() and verify() for each. Checks every result itself.
    virtual bool run_all(std::span<Sample>, std::uint64_t /*seed*/, std::uint64_t /*first*/) {
        return false;
    }

    // Operations a sample.
    [[nodiscard]] virtual std::uint64_t batch() const { return 1; }

    // Checks the result of the last run() completely. Throws WrongResult.
    virtual void verify() = 0;
};

class Case {
  public:
    virtual ~Case() = default;

    // Stem of its sample file: "copy" gives copy.ksamp.
    [[nodiscard]] virtual std::string_view name() const = 0;
    // One line for `kmodbench list`.
    [[nodiscard]] virtual std::string_view description() const = 0;
    // Kernel module that must be loaded, empty for none.
    [[nodiscard]] virtual std::string_view module() const = 0;
    // Its char device, empty for none: "/dev/sort". What an empty call of it costs is
    // measured along with every run.
    [[nodiscard]] virtual std::string_view node() const { return {}; }
    // The module of one point, where a case has points of several.
    [[nodiscard]] virtual std::string_view module_of(const Point&) const { return module(); }
    // Points that go along with every run of their module, whatever its pattern.
    [[nodiscard]] virtual bool goes_along() const { return false; }
    // All points of a sweep, in the order of the list; the runner shuffles them.
    [[nodiscard]] virtual std::vector<Point> points(Sweep sweep) const = 0;
    // Opens one point. Throws std::system_error naming the device.
    [[nodiscard]] virtual std::unique_ptr<Workload> open(const Point& point) const = 0;
};

// All cases, sorted by name. From bench/cases/cases.def.
std::span<const std::unique_ptr<Case>> all_cases();

}  // namespace kmb::bench
