#include "fault_point.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

namespace kmb::kernel_test {

FaultPoint::FaultPoint() {
    const int fd = ::open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
    if (fd >= 0) {
        // Out of the way of numbers that a test closes or uses at any time.
        fd_ = ::fcntl(fd, F_DUPFD_CLOEXEC, 500);
        ::close(fd);
    }
}

FaultPoint::~FaultPoint() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

// The writes below are calls of their own in which nothing may fail: the kernel takes the
// number with a user copy that comes before it is set, and numbers are made without malloc.
void FaultPoint::set(unsigned point) const {
    std::array<char, 16> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), point).ptr;
    (void)!::pwrite(fd_, text.data(), static_cast<std::size_t>(end - text.data()), 0);
}

bool FaultPoint::take() const {
    // Reading it copies to user space, which is a point as well: what is left then is one
    // less than it was. Nothing is left where the point had come already.
    std::array<char, 16> text{};
    const ssize_t got = ::pread(fd_, text.data(), text.size() - 1, 0);
    const bool came = got > 0 && std::atoi(text.data()) == 0;
    set(0);
    return came;
}

void allow_faults() {
    constexpr std::array settings = {
        std::pair{"failslab/ignore-gfp-wait", "N"},
        std::pair{"fail_page_alloc/ignore-gfp-wait", "N"},
        std::pair{"fail_page_alloc/ignore-gfp-highmem", "N"},
        std::pair{"fail_page_alloc/min-order", "0"},
        std::pair{"failslab/verbose", "0"},
        std::pair{"fail_page_alloc/verbose", "0"},
        std::pair{"fail_usercopy/verbose", "0"},
    };
    for (const auto& [name, value] : settings) {
        std::FILE* file = std::fopen((std::string("/sys/kernel/debug/") + name).c_str(), "w");
        if (file != nullptr) {
            std::fputs(value, file);
            std::fclose(file);
        }
    }
}

}  // namespace kmb::kernel_test
