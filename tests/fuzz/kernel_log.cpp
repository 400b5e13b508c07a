#include "kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace kmb::fuzz {
namespace {

// scripts/vm.sh looks for the same words, and more, when the guest has ended.
constexpr std::array kWords = {"WARNING:",
                               "segfault at",
                               "BUG:",
                               "Oops",
                               "KASAN:",
                               "UBSAN:",
                               "general protection fault",
                               "possible circular locking",
                               "possible recursive locking",
                               "INFO: task",
                               "suspicious RCU usage",
                               "bad unlock balance",
                               "inconsistent lock state",
                               "lock held when returning",
                               "still has locks held"};

}  // namespace

KernelLog::KernelLog() : fd_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    if (fd_ < 0) {
        throw std::system_error(errno, std::generic_category(), "/dev/kmsg");
    }
    ::lseek(fd_, 0, SEEK_END);
}

KernelLog::~KernelLog() {
    ::close(fd_);
}

std::string KernelLog::complaint() {
    std::array<char, 8192> record{};
    std::string found;
    for (;;) {
        const ssize_t got = ::read(fd_, record.data(), record.size());
        if (got < 0 && errno != EPIPE) {
            return found;
        }
        const std::string line(record.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        const auto says = [&line](const char* word) {
            return line.find(word) != std::string::npos;
        };
        if (found.empty() && std::any_of(kWords.begin(), kWords.end(), says)) {
            found = line;
        }
    }
}

}  // namespace kmb::fuzz
