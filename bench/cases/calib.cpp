// Planted truth: the shapes and disturbances of calib, measured as anything else is, with
// what was planted in the column `truth`. `kmodbench truth` holds the analysis against it.
//
//   calib/shape    a delay of each shape, alone and with a sleep planted in a fifth; and none, and
//                  twice the delay, for what stands beside it
//   calib/plant    one cause planted in a tenth of the samples
//   calib/exact    delays counted in turns of two instructions, down to none
//   calib/read     did the caller sleep in read()? never, in a tenth, always
//   calib/deliver  what a sample costs: read and write for each, the ring, a batch
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "bench/case.h"
#include "bench/device.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/calib";
constexpr std::uint64_t kPpm = 1'000'000;
constexpr std::uint64_t kDelay = 20'000;     // ns, in a simulated guest instructions
constexpr std::uint64_t kMore = kDelay / 2;  // second delay of the shapes that have one
constexpr std::uint64_t kDelivered = 100;    // samples of one delivery
constexpr std::uint64_t kShortTurns = 1000;  // of the delay that disturbances are planted in

struct Plant {
    std::string_view name;
    std::uint64_t causes;
};

constexpr Plant kPlants[] = {
    {"fault", KMODBENCH_TRUTH_FAULT},     {"irq", KMODBENCH_TRUTH_IRQ},
    {"migrate", KMODBENCH_TRUTH_MIGRATE}, {"preempt", KMODBENCH_TRUTH_PREEMPT},
    {"sleep", KMODBENCH_TRUTH_SLEEP},     {"softirq", KMODBENCH_TRUTH_SOFTIRQ},
};

// Fills in the second delay and its scale, in samples of a block.
struct Shape {
    std::string_view name;
    std::uint64_t more;
    std::uint64_t (*scale)(std::uint64_t samples);
};

// Each has one median of planted delays, far from the border between two levels.
constexpr Shape kShapes[] = {
    {"drift", kMore, [](std::uint64_t n) { return std::max<std::uint64_t>(n, 1); }},
    {"fixed", 0, [](std::uint64_t) { return std::uint64_t{0}; }},
    {"step", kMore, [](std::uint64_t n) { return 2 * n / 3; }},
    {"two-modes", kMore, [](std::uint64_t) { return kPpm / 4; }},
    {"warm-up", kMore, [](std::uint64_t n) { return std::max<std::uint64_t>(n / 100, 1); }},
};

template <typename Row, std::size_t N>
const Row& row_named(const Row (&rows)[N], std::string_view name) {
    return *std::find_if(std::begin(rows), std::end(rows),
                         [name](const Row& row) { return row.name == name; });
}

kmodbench_problem problem_of(const Device& device, const Point& point, std::uint64_t samples,
                             std::uint64_t seed) {
    kmodbench_problem problem{};
    problem.seed = seed;
    problem.variant = device.variant("fixed");
    if (point.operation == "exact") {
        problem.n = static_cast<std::uint64_t>(point.number("turns"));
    } else if (point.operation == "plant") {
        problem.n = kShortTurns;
        problem.argument[2] = row_named(kPlants, point.at("cause")).causes;
        problem.argument[3] = kPpm / 10;
    } else if (point.operation == "shape") {
        const Shape& shape = row_named(kShapes, point.at("variant"));
        problem.variant = device.variant(shape.name);
        problem.type = 1;
        problem.n = static_cast<std::uint64_t>(point.number("delay"));
        problem.argument[0] = shape.more;
        problem.argument[1] = shape.scale(samples);
        problem.argument[3] = static_cast<std::uint64_t>(point.number("sleep_ppm"));
        problem.argument[2] = problem.argument[3] > 0 ? KMODBENCH_TRUTH_SLEEP : 0;
    } else {
        problem.argument[3] = static_cast<std::uint64_t>(point.number("sleep_ppm"));
        problem.argument[2] = problem.argument[3] > 0 ? KMODBENCH_TRUTH_SLEEP : 0;
    }
    return problem;
}

void check_delivered(const kmodbench_sample& sample) {
    if ((sample.valid & KMODBENCH_HAS_TRUTH) == 0) {
        throw WrongResult(fmt::format("{}: a sample without truth", kNode));
    }
}

// All samples of a block by one ioctl, out of the ring. The column `held` says how long the
// delay was by the device's own clock reads, or in turns.
class Ring final : public Workload {
  public:
    explicit Ring(Point point) : point_(std::move(point)), device_(kNode, O_RDWR) {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"held"}; }
    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        device_.set(problem_of(device_, point_, 1, seed ^ rep));
    }
    void run(Sample& sample) override { take({&sample, 1}); }
    void verify() override {}  // take() did
    bool run_all(std::span<Sample> samples, std::uint64_t seed, std::uint64_t first) override {
        device_.set(problem_of(device_, point_, samples.size(), seed ^ first));
        take(samples);
        return true;
    }

  private:
    void take(std::span<Sample> samples) {
        const auto taken = device_.run(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            check_delivered(taken[i]);
            fill(samples[i], taken[i]);
            samples[i].extra.assign({static_cast<std::int64_t>(taken[i].check)});
        }
    }

    Point point_;
    Device device_;
};

// One read() a sample, as the caller sees it.
class Read final : public Workload {
  public:
    explicit Read(Point point) : point_(std::move(point)), device_(kNode, O_RDWR) {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override { return {"user_start"}; }
    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        device_.set(problem_of(device_, point_, 1, seed ^ rep));
    }
    void run(Sample& sample) override {
        const auto begin = now_ns();
        const auto returned = ::read(device_.fd(), &truth_, sizeof truth_);
        const auto end = now_ns();
        if (returned != sizeof truth_) {
            throw std::system_error(errno, std::generic_category(), kNode);
        }
        last_ = device_.last();
        fill(sample, last_);
        sample.user = end - begin;
        sample.extra.assign({begin});
    }
    void verify() override {
        check_delivered(last_);
        if (last_.truth != truth_) {
            throw WrongResult(
                fmt::format("{}: read() and sample differ in what was planted", kNode));
        }
    }

  private:
    Point point_;
    Device device_;
    kmodbench_sample last_{};
    std::uint64_t truth_ = 0;
};

// kDelivered samples of nothing, one way or the other; a sample of ours is all of them.
class Deliver final : public Workload {
  public:
    explicit Deliver(const Point& point) : device_(kNode, O_RDWR), way_(point.at("way")) {
        kmodbench_problem problem{};
        problem.variant = device_.variant(way_ == "batch" ? "fixed" : "nop");
        problem.batch = way_ == "batch" ? kDelivered : 1;
        device_.set(problem);
        device_.run(way_ == "batch" ? 1 : kDelivered);  // the ring's memory is not timed
    }

    [[nodiscard]] std::uint64_t batch() const override { return kDelivered; }
    void prepare(std::uint64_t, std::uint64_t) override {}
    void run(Sample& sample) override {
        const auto begin = now_ns();
        if (way_ == "calls") {
            calls();
        } else if (device_.run(way_ == "batch" ? 1 : kDelivered).empty()) {
            throw WrongResult(fmt::format("{}: nothing was delivered", kNode));
        }
        sample.user = now_ns() - begin;
    }
    void verify() override {}

  private:
    void calls() {
        std::uint64_t buffer = 0;
        for (std::uint64_t i = 0; i < kDelivered; ++i) {
            if (::read(device_.fd(), &buffer, sizeof buffer) < 0 ||
                ::write(device_.fd(), &buffer, 0) < 0) {
                throw std::system_error(errno, std::generic_category(), kNode);
            }
        }
    }

    Device device_;
    std::string way_;
};

class CalibCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "calib"; }
    [[nodiscard]] std::string_view description() const override {
        return "planted delays and disturbances: what the measuring says of a known truth";
    }
    [[nodiscard]] std::string_view module() const override { return "calib"; }
    [[nodiscard]] std::string_view node() const override { return kNode; }

    [[nodiscard]] std::vector<Point> points(Sweep) const override {
        std::vector<Point> all;
        for (const char* way : {"batch", "calls", "ring"}) {
            all.push_back({"calib", "deliver", {{"way", way}}});
        }
        for (const int turns : {0, 2, 12, 102, 1002, 10002}) {
            all.push_back({"calib", "exact", {{"turns", std::to_string(turns)}}});
        }
        for (const Plant& plant : kPlants) {
            all.push_back({"calib", "plant", {{"cause", std::string(plant.name)}}});
        }
        for (const char* ppm : {"0", "100000", "1000000"}) {
            all.push_back({"calib", "read", {{"sleep_ppm", ppm}}});
        }
        for (const std::uint64_t delay : {std::uint64_t{0}, 2 * kDelay}) {
            for (const char* ppm : {"0", "200000"}) {
                all.push_back(
                    {"calib",
                     "shape",
                     {{"variant", "fixed"}, {"sleep_ppm", ppm}, {"delay", std::to_string(delay)}}});
            }
        }
        for (const Shape& shape : kShapes) {
            for (const char* ppm : {"0", "200000"}) {
                all.push_back({"calib",
                               "shape",
                               {{"variant", std::string(shape.name)},
                                {"sleep_ppm", ppm},
                                {"delay", std::to_string(kDelay)}}});
            }
        }
        return all;
    }

    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        if (point.operation == "deliver") {
            return std::make_unique<Deliver>(point);
        }
        if (point.operation == "read") {
            return std::make_unique<Read>(point);
        }
        return std::make_unique<Ring>(point);
    }
};

}  // namespace

std::unique_ptr<Case> make_calib() {
    return std::make_unique<CalibCase>();
}

}  // namespace kmb::bench
