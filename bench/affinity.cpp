#include "bench/affinity.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bench/cpu_list.h"

namespace kmb::bench {
namespace {

// A mask with room for more CPUs than CPU_SETSIZE.
class Mask {
  public:
    Mask() : set_(CPU_ALLOC(kCpus)), size_(CPU_ALLOC_SIZE(kCpus)) { CPU_ZERO_S(size_, set_); }
    ~Mask() { CPU_FREE(set_); }
    Mask(const Mask&) = delete;
    Mask& operator=(const Mask&) = delete;

    void read() {
        if (sched_getaffinity(0, size_, set_) != 0) {
            throw std::system_error(errno, std::generic_category(), "sched_getaffinity");
        }
    }
    void write() const {
        if (sched_setaffinity(0, size_, set_) != 0) {
            throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
        }
    }
    void add(int cpu) { CPU_SET_S(static_cast<unsigned>(cpu), size_, set_); }
    [[nodiscard]] std::vector<int> list() const {
        std::vector<int> cpus;
        for (int cpu = 0; cpu < kCpus; ++cpu) {
            if (CPU_ISSET_S(static_cast<unsigned>(cpu), size_, set_)) {
                cpus.push_back(cpu);
            }
        }
        return cpus;
    }

  private:
    static constexpr int kCpus = 8192;
    cpu_set_t* set_;
    std::size_t size_;
};

void run_on(const std::vector<int>& cpus) {
    Mask mask;
    for (int cpu : cpus) {
        mask.add(cpu);
    }
    mask.write();
}

}  // namespace

std::vector<int> allowed_cpus() {
    Mask mask;
    mask.read();
    return mask.list();
}

int default_cpu() {
    const auto allowed = allowed_cpus();
    std::ifstream file("/sys/devices/system/cpu/isolated");
    std::string text;
    std::getline(file, text);
    auto isolated = parse_cpu_list(text);
    std::sort(isolated.rbegin(), isolated.rend());
    for (int cpu : isolated) {
        if (std::find(allowed.begin(), allowed.end(), cpu) != allowed.end()) {
            return cpu;
        }
    }
    return allowed.back();
}

Pin::Pin(int cpu) : cpu_(cpu), before_(allowed_cpus()) {
    if (std::find(before_.begin(), before_.end(), cpu) == before_.end()) {
        throw std::invalid_argument(
            fmt::format("CPU {} is not one this process may run on; choose --cpu from {}", cpu,
                        fmt::join(before_, ", ")));
    }
    run_on({cpu});
    check();
}

Pin::~Pin() {
    try {
        run_on(before_);
    } catch (const std::system_error&) {
        // The CPUs may have gone offline; there is nothing left to put back.
    }
}

void Pin::check() const {
    const int here = sched_getcpu();
    const auto mask = allowed_cpus();
    if (here != cpu_ || mask != std::vector<int>{cpu_}) {
        throw std::runtime_error(fmt::format(
            "pinned to CPU {} but running on CPU {} with mask {}: something changed the "
            "affinity (cpuset, taskset, CPU offline); its samples cannot be used",
            cpu_, here, fmt::join(mask, ",")));
    }
}

}  // namespace kmb::bench
