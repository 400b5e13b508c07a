#include "opener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace kmb::kernel_test {
namespace {

constexpr std::array kNodes = {"calib", "fibonacci", "hello", "simrupt", "sort", "xoro"};

std::size_t page() {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::vector<std::string> devices() {
    std::vector<std::string> found;
    for (const char* node : kNodes) {
        if (::access((std::string("/dev/") + node).c_str(), F_OK) == 0) {
            found.emplace_back(node);
        }
    }
    return found;
}

Opener::Opener(const std::string& node, int flags)
    : fd_(::open(("/dev/" + node).c_str(), flags | O_CLOEXEC)) {
    EXPECT_GE(fd_, 0) << "/dev/" << node << ": " << std::strerror(errno);
}

Opener::~Opener() {
    close();
}

void Opener::close() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
}

int Opener::ioctl(unsigned long command, void* argument) const {
    return ::ioctl(fd_, command, argument) == 0 ? 0 : -errno;
}

ssize_t Opener::read(void* to, std::size_t bytes) const {
    const ssize_t got = ::read(fd_, to, bytes);
    return got >= 0 ? got : -errno;
}

ssize_t Opener::write(const void* from, std::size_t bytes) const {
    const ssize_t got = ::write(fd_, from, bytes);
    return got >= 0 ? got : -errno;
}

int Opener::set(kmodbench_problem problem) const {
    problem.size = sizeof problem;
    return ioctl(KMODBENCH_SET, &problem);
}

int Opener::ring(std::uint64_t capacity, std::uint64_t* bytes) const {
    kmodbench_ring_setup setup{};
    setup.size = sizeof setup;
    setup.capacity = capacity;
    const int result = ioctl(KMODBENCH_RING, &setup);
    if (bytes != nullptr) {
        *bytes = setup.bytes;
    }
    return result;
}

int Opener::run(std::uint64_t repetitions, std::uint64_t warmup, std::uint64_t* done) const {
    kmodbench_run run{};
    run.size = sizeof run;
    run.warmup = warmup;
    run.repetitions = repetitions;
    const int result = ioctl(KMODBENCH_RUN, &run);
    if (done != nullptr) {
        *done = run.done;
    }
    return result;
}

int Opener::last(kmodbench_sample& sample) const {
    return ioctl(KMODBENCH_LAST, &sample);
}

kmodbench_info Opener::info() const {
    kmodbench_info info{};
    info.size = sizeof info;
    EXPECT_EQ(ioctl(KMODBENCH_INFO, &info), 0);
    return info;
}

std::vector<kmodbench_variant> Opener::variants() const {
    std::vector<kmodbench_variant> all(info().variants);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        all[i].size = sizeof all[i];
        all[i].index = i;
        EXPECT_EQ(ioctl(KMODBENCH_VARIANT, &all[i]), 0) << "variant " << i;
    }
    return all;
}

std::uint32_t Opener::variant(const std::string& name) const {
    for (const auto& row : variants()) {
        if (name == row.name) {
            return row.index;
        }
    }
    ADD_FAILURE() << "no variant " << name;
    return 0;
}

RingView::RingView(const Opener& opener, std::uint64_t bytes)
    : base_(::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, opener.fd(), 0)), bytes_(bytes) {
    if (base_ == MAP_FAILED) {
        ADD_FAILURE() << "mmap of the ring: " << std::strerror(errno);
        base_ = nullptr;
    }
}

RingView::~RingView() {
    if (base_ != nullptr) {
        ::munmap(base_, bytes_);
    }
}

const kmodbench_ring& RingView::header() const {
    return *static_cast<kmodbench_ring*>(base_);
}

const kmodbench_sample& RingView::operator[](std::uint64_t i) const {
    const char* first = static_cast<char*>(base_) + header().offset;
    return reinterpret_cast<const kmodbench_sample*>(first)[i];
}

Cliff::Cliff(std::size_t pages)
    : base_(static_cast<char*>(::mmap(nullptr, (pages + 1) * page(), PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))),
      bytes_(pages * page()) {
    EXPECT_NE(static_cast<void*>(base_), MAP_FAILED);
    EXPECT_EQ(::munmap(base_ + bytes_, page()), 0);
}

Cliff::~Cliff() {
    ::munmap(base_, bytes_);
}

void* Cliff::before_edge(std::size_t inside) const {
    return base_ + bytes_ - inside;
}

void Cliff::protect() const {
    EXPECT_EQ(::mprotect(base_, bytes_, PROT_READ), 0);
}

}  // namespace kmb::kernel_test
