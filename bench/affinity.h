// Pinning the measuring thread to one CPU, and proof that it stayed there.
#pragma once

#include <vector>

namespace kmb::bench {

// CPUs this process may run on, ascending.
std::vector<int> allowed_cpus();

// The CPU to measure on when none was asked for: the highest isolated CPU, else
// the highest allowed one (CPU 0 takes most interrupts).
int default_cpu();

// Pins the calling thread for its lifetime and puts its old mask back at the end.
// Throws std::invalid_argument when the CPU is not allowed, naming those that are,
// std::runtime_error when the thread does not arrive there.
class Pin {
  public:
    explicit Pin(int cpu);
    ~Pin();
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    [[nodiscard]] int cpu() const { return cpu_; }
    // Throws std::runtime_error when the thread runs elsewhere or its mask was changed.
    void check() const;

  private:
    int cpu_;
    std::vector<int> before_;
};

}  // namespace kmb::bench
