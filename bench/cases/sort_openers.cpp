#include "bench/cases/sort_openers.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cerrno>
#include <string>
#include <system_error>
#include <thread>

#include "bench/cases/sort_input.h"
#include "bench/device.h"

namespace kmb::bench {
namespace {

constexpr const char* kNode = "/dev/sort";

// The runner pinned the thread that makes the others; they may go where they like.
void leave_pinning() {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        CPU_SET(cpu, &all);
    }
    ::sched_setaffinity(0, sizeof all, &all);
}

// One sample is the time until every thread has sorted its array. One open file does one
// thing at a time, so through it threads wait for each other.
class Openers final : public Workload {
  public:
    explicit Openers(const Point& point)
        : inputs_(static_cast<std::size_t>(point.number("threads")), SortInput(point)),
          returned_(inputs_.size()),
          start_(static_cast<std::ptrdiff_t>(inputs_.size()) + 1),
          end_(static_cast<std::ptrdiff_t>(inputs_.size()) + 1) {
        const bool many = point.at("openers") == "many";
        for (std::size_t i = 0; i < (many ? inputs_.size() : 1); ++i) {
            devices_.push_back(std::make_unique<Device>(kNode, O_RDWR));
            kmodbench_problem problem{};
            problem.variant = devices_.back()->variant(point.at("algo"));
            problem.type = inputs_[0].type();
            problem.n = inputs_[0].n();
            devices_.back()->set(problem);
        }
        for (std::size_t i = 0; i < inputs_.size(); ++i) {
            threads_.emplace_back([this, i] { serve(i); });
        }
    }
    ~Openers() override {
        stop_ = true;
        start_.arrive_and_wait();
        for (auto& thread : threads_) {
            thread.join();
        }
    }
    Openers(const Openers&) = delete;
    Openers& operator=(const Openers&) = delete;

    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        for (std::size_t i = 0; i < inputs_.size(); ++i) {
            inputs_[i].fill(seed + rep * inputs_.size() + i);
        }
    }

    void run(Sample& sample) override {
        sample.cpu = ::sched_getcpu();
        const auto begin = now_ns();
        start_.arrive_and_wait();
        end_.arrive_and_wait();
        const auto end = now_ns();
        sample.cpu_end = ::sched_getcpu();
        sample.start = begin;
        sample.user = sample.total = end - begin;
    }

    void verify() override {
        for (std::size_t i = 0; i < inputs_.size(); ++i) {
            if (returned_[i] < 0) {
                throw std::system_error(static_cast<int>(-returned_[i]), std::generic_category(),
                                        kNode);
            }
            if (returned_[i] != static_cast<std::int64_t>(inputs_[i].bytes())) {
                throw WrongResult(
                    fmt::format("{}: read returned {}", inputs_[i].name(), returned_[i]));
            }
            inputs_[i].verify();
        }
    }

  private:
    void serve(std::size_t i) {
        leave_pinning();
        const Device& device = *devices_[i % devices_.size()];
        for (;;) {
            start_.arrive_and_wait();
            if (stop_) {
                return;
            }
            const auto got = ::read(device.fd(), inputs_[i].data(), inputs_[i].bytes());
            returned_[i] = got < 0 ? -errno : got;
            end_.arrive_and_wait();
        }
    }

    std::vector<SortInput> inputs_;
    std::vector<std::int64_t> returned_;
    std::vector<std::unique_ptr<Device>> devices_;
    std::barrier<> start_;
    std::barrier<> end_;
    std::atomic<bool> stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace

std::vector<Point> sort_openers_points(Sweep sweep) {
    const std::vector<const char*> sizes =
        sweep == Sweep::quick ? std::vector{"4000"} : std::vector{"256", "4000", "30000"};
    std::vector<Point> all;
    for (const char* openers : {"many", "one"}) {
        for (const char* threads : {"1", "2", "4"}) {
            for (const char* n : sizes) {
                all.push_back({"ksort",
                               kSortOpeners,
                               {{"where", "kernel"},
                                {"openers", openers},
                                {"threads", threads},
                                {"algo", "auto"},
                                {"type", "i32"},
                                {"pattern", "random"},
                                {"n", n}}});
            }
        }
    }
    return all;
}

std::unique_ptr<Workload> open_sort_openers(const Point& point) {
    return std::make_unique<Openers>(point);
}

}  // namespace kmb::bench
