// Client of a measured char device: the ioctls of kmodbench.h in C++ manners.
#pragma once

#include <kmodbench.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/clock.h"
#include "bench/sample.h"

namespace kmb::bench {

// One open file of a device. Not copyable; one thread at a time.
// Every failure throws std::system_error that names the node and the command.
class Device {
  public:
    explicit Device(std::string node, int flags);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] kmodbench_info info() const;
    [[nodiscard]] std::vector<kmodbench_variant> variants() const;
    // Index of a variant by its name. Throws std::invalid_argument that lists the names.
    [[nodiscard]] std::uint32_t variant(std::string_view name) const;
    // Fills in `size`, then KMODBENCH_SET.
    void set(kmodbench_problem problem);
    // KMODBENCH_LAST.
    [[nodiscard]] kmodbench_sample last() const;
    // KMODBENCH_COUNT.
    [[nodiscard]] kmodbench_counts counts() const;
    // KMODBENCH_WORK: of the last sample.
    [[nodiscard]] kmodbench_work work() const;
    // Repetitions inside the kernel, no system call between them, read from the ring.
    // The view is valid until the next call. Throws also where samples are missing.
    std::span<const kmodbench_sample> run(std::uint64_t repetitions);

  private:
    void make_ring(std::uint64_t capacity);
    void drop_ring();

    std::string node_;
    int fd_;
    const kmodbench_ring* ring_ = nullptr;  // mapped, read-only
    std::uint64_t ring_bytes_ = 0;
};

// Copies times, CPUs and counters; counters whose valid bit is not set become absent.
// Leaves `user` and `extra` alone.
void fill(Sample& sample, const kmodbench_sample& from);

}  // namespace kmb::bench
