// What measuring itself costs, per module: the empty bracket, and the empty ioctl, read and
// write around it, by the variant `nop` that every device has. Goes along with every run, so
// that the analysis can subtract what these samples say.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "bench/case.h"
#include "bench/device.h"

namespace kmb::bench {
namespace {

const Case* owner_of(std::string_view module) {
    for (const auto& source : all_cases()) {
        if (source->module() == module && !source->node().empty()) {
            return source.get();
        }
    }
    throw std::invalid_argument(fmt::format("nop: no case has a device of {}", module));
}

// One way of calling for nothing.
class Empty final : public Workload {
  public:
    explicit Empty(const Point& point)
        : node_(owner_of(point.module)->node()), device_(node_, O_RDWR), call_(point.at("call")) {
        kmodbench_problem problem{};
        problem.variant = device_.variant("nop");
        device_.set(problem);
    }

    void prepare(std::uint64_t, std::uint64_t) override {}

    void run(Sample& sample) override {
        std::uint64_t buffer = 0;
        if (call_ == "bracket" || call_ == "ioctl") {
            const auto begin = now_ns();
            const auto taken = device_.run(1);
            const auto end = now_ns();
            fill(sample, taken.front());
            sample.user = call_ == "ioctl" ? end - begin : kAbsent;
            return;
        }
        const auto begin = now_ns();
        const auto returned =
            call_ == "read" ? ::read(device_.fd(), &buffer, 0) : ::write(device_.fd(), &buffer, 0);
        const auto end = now_ns();
        if (returned < 0) {
            throw std::system_error(errno, std::generic_category(),
                                    fmt::format("{}: empty {}", node_, call_));
        }
        fill(sample, device_.last());
        sample.user = end - begin;
    }

    // The bracket alone, again and again, with nothing between but its recording.
    bool run_all(std::span<Sample> samples, std::uint64_t, std::uint64_t) override {
        if (call_ != "bracket") {
            return false;
        }
        const auto taken = device_.run(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            fill(samples[i], taken[i]);
        }
        return true;
    }

    void verify() override {}  // there is no result

  private:
    std::string node_;
    Device device_;
    std::string call_;
};

class NopCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "nop"; }
    [[nodiscard]] std::string_view description() const override {
        return "empty bracket, ioctl, read and write of each module";
    }
    [[nodiscard]] std::string_view module() const override { return {}; }
    [[nodiscard]] std::string_view module_of(const Point& point) const override {
        return owner_of(point.module)->module();
    }
    [[nodiscard]] bool goes_along() const override { return true; }

    [[nodiscard]] std::vector<Point> points(Sweep) const override {
        std::vector<Point> all;
        for (const auto& source : all_cases()) {
            if (source->node().empty()) {
                continue;
            }
            for (const char* call : {"bracket", "ioctl", "read", "write"}) {
                all.push_back({std::string(source->module()), "nop", {{"call", call}}});
            }
        }
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        return std::make_unique<Empty>(point);
    }
};

}  // namespace

std::unique_ptr<Case> make_nop() {
    return std::make_unique<NopCase>();
}

}  // namespace kmb::bench
