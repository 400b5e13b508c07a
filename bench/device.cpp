#include "bench/device.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <system_error>
#include <utility>

static_assert(sizeof(kmodbench_sample) == KMODBENCH_SAMPLE_SIZE);
static_assert(sizeof(kmodbench_info) == KMODBENCH_INFO_SIZE);
static_assert(sizeof(kmodbench_variant) == KMODBENCH_VARIANT_SIZE);
static_assert(sizeof(kmodbench_problem) == KMODBENCH_PROBLEM_SIZE);
static_assert(sizeof(kmodbench_run) == KMODBENCH_RUN_SIZE);
static_assert(sizeof(kmodbench_ring_setup) == KMODBENCH_RING_SETUP_SIZE);
static_assert(sizeof(kmodbench_ring) == KMODBENCH_RING_SIZE);
static_assert(sizeof(kmodbench_counts) == KMODBENCH_COUNTS_SIZE);
static_assert(sizeof(kmodbench_work) == KMODBENCH_WORK_SIZE);

namespace kmb::bench {
namespace {

[[noreturn]] void fail(const std::string& node, const char* call) {
    throw std::system_error(errno, std::generic_category(), fmt::format("{}: {}", node, call));
}

}  // namespace

Device::Device(std::string node, int flags)
    : node_(std::move(node)), fd_(::open(node_.c_str(), flags | O_CLOEXEC)) {
    if (fd_ < 0) {
        fail(node_, "open");
    }
}

Device::~Device() {
    drop_ring();
    ::close(fd_);
}

kmodbench_info Device::info() const {
    kmodbench_info info{};
    info.size = sizeof info;
    if (::ioctl(fd_, KMODBENCH_INFO, &info) != 0) {
        fail(node_, "KMODBENCH_INFO");
    }
    return info;
}

std::vector<kmodbench_variant> Device::variants() const {
    std::vector<kmodbench_variant> all(info().variants);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        all[i].size = sizeof all[i];
        all[i].index = i;
        if (::ioctl(fd_, KMODBENCH_VARIANT, &all[i]) != 0) {
            fail(node_, "KMODBENCH_VARIANT");
        }
    }
    return all;
}

std::uint32_t Device::variant(std::string_view name) const {
    std::string known;
    for (const auto& row : variants()) {
        if (name == row.name) {
            return row.index;
        }
        known += fmt::format(" {}", row.name);
    }
    throw std::invalid_argument(
        fmt::format("{}: no variant '{}'; the device has:{}", node_, name, known));
}

void Device::set(kmodbench_problem problem) {
    problem.size = sizeof problem;
    if (::ioctl(fd_, KMODBENCH_SET, &problem) != 0) {
        fail(node_, "KMODBENCH_SET");
    }
}

kmodbench_sample Device::last() const {
    kmodbench_sample sample{};
    if (::ioctl(fd_, KMODBENCH_LAST, &sample) != 0) {
        fail(node_, "KMODBENCH_LAST");
    }
    return sample;
}

kmodbench_counts Device::counts() const {
    kmodbench_counts counts{};
    counts.size = sizeof counts;
    if (::ioctl(fd_, KMODBENCH_COUNT, &counts) != 0) {
        fail(node_, "KMODBENCH_COUNT");
    }
    return counts;
}

kmodbench_work Device::work() const {
    kmodbench_work work{};
    work.size = sizeof work;
    if (::ioctl(fd_, KMODBENCH_WORK, &work) != 0) {
        fail(node_, "KMODBENCH_WORK");
    }
    return work;
}

void Device::drop_ring() {
    if (ring_ != nullptr) {
        ::munmap(const_cast<kmodbench_ring*>(ring_), ring_bytes_);
        ring_ = nullptr;
    }
}

void Device::make_ring(std::uint64_t capacity) {
    if (ring_ != nullptr && ring_->capacity >= capacity) {
        return;
    }
    drop_ring();
    kmodbench_ring_setup setup{};
    setup.size = sizeof setup;
    setup.capacity = capacity;
    if (::ioctl(fd_, KMODBENCH_RING, &setup) != 0) {
        fail(node_, "KMODBENCH_RING");
    }
    void* at = ::mmap(nullptr, setup.bytes, PROT_READ, MAP_SHARED, fd_, 0);
    if (at == MAP_FAILED) {
        fail(node_, "mmap of the ring");
    }
    ring_ = static_cast<const kmodbench_ring*>(at);
    ring_bytes_ = setup.bytes;
}

std::span<const kmodbench_sample> Device::run(std::uint64_t repetitions) {
    make_ring(repetitions);
    kmodbench_run request{};
    request.size = sizeof request;
    request.repetitions = repetitions;
    if (::ioctl(fd_, KMODBENCH_RUN, &request) != 0) {
        fail(node_, "KMODBENCH_RUN");
    }
    if (ring_->count != repetitions || ring_->sample_size != sizeof(kmodbench_sample)) {
        throw std::runtime_error(fmt::format("{}: {} samples in the ring after {} repetitions",
                                             node_, ring_->count, repetitions));
    }
    const auto* first = reinterpret_cast<const std::byte*>(ring_) + ring_->offset;
    return {reinterpret_cast<const kmodbench_sample*>(first), repetitions};
}

void fill(Sample& sample, const kmodbench_sample& from) {
    const auto counter = [&from](std::uint32_t bit, std::uint32_t value) {
        return (from.valid & bit) != 0 ? std::int64_t{value} : kAbsent;
    };
    sample.start = from.start_ns;
    sample.total = from.total_ns;
    sample.copy_in = from.copy_in_ns;
    sample.work = from.work_ns;
    sample.copy_out = from.copy_out_ns;
    sample.cpu = from.cpu;
    sample.cpu_end = from.cpu_end;
    sample.irqs = counter(KMODBENCH_HAS_IRQS, from.irqs);
    sample.softirqs = counter(KMODBENCH_HAS_SOFTIRQS, from.softirqs);
    sample.nvcsw = counter(KMODBENCH_HAS_NVCSW, from.nvcsw);
    sample.nivcsw = counter(KMODBENCH_HAS_NIVCSW, from.nivcsw);
    sample.faults = counter(KMODBENCH_HAS_FAULTS, from.faults);
    const auto wide = [&from](std::uint32_t bit, auto value) {
        return (from.valid & bit) != 0 ? static_cast<std::int64_t>(value) : kAbsent;
    };
    sample.off_cpu = wide(KMODBENCH_HAS_OFF_CPU, from.off_cpu_ns);
    sample.smis = counter(KMODBENCH_HAS_SMIS, from.smis);
    sample.truth = wide(KMODBENCH_HAS_TRUTH, from.truth);
    sample.work_cpus = wide(KMODBENCH_HAS_WORK_CPUS, from.work_cpus);
}

}  // namespace kmb::bench
