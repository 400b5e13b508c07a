#include "bench/guest.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "bench/process.h"

namespace kmb::bench {
namespace {

// Numbers that the script gets its descriptors at; clear of ours.
constexpr int kResultsFd = 100;
constexpr int kErrorsFd = STDERR_FILENO;

// Memory that looks like a regular file: a guest's serial line writes to it without
// ever waiting, which keeps its clock free of us.
class MemoryFile {
  public:
    explicit MemoryFile(const char* name) : fd_(::memfd_create(name, MFD_CLOEXEC)) {
        if (fd_ < 0) {
            throw std::system_error(errno, std::generic_category(), "memfd_create");
        }
    }
    ~MemoryFile() { ::close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

    // What was written since the last call, at most a portion.
    std::string_view read_on() {
        const ssize_t got = ::pread(fd_, buffer_, sizeof buffer_, position_);
        if (got <= 0) {
            return {};
        }
        position_ += got;
        return {buffer_, static_cast<std::size_t>(got)};
    }

  private:
    int fd_;
    off_t position_ = 0;
    char buffer_[65536];
};

std::vector<std::string> command(const GuestSettings& settings) {
    std::vector<std::string> words{settings.scripts + "/vm.sh",
                                   "--target",
                                   settings.target,
                                   "--kernel",
                                   settings.kernel,
                                   "--results-fd",
                                   std::to_string(kResultsFd),
                                   "--bin",
                                   settings.program};
    words.insert(words.end(), settings.vm_flags.begin(), settings.vm_flags.end());
    for (const auto& [here, inside] : settings.files) {
        words.emplace_back("--put");
        words.push_back(fmt::format("{}:{}", here, inside));
    }
    words.emplace_back("--");
    const auto slash = settings.program.rfind('/');
    words.push_back("/bin/" + settings.program.substr(slash + 1));
    words.insert(words.end(), settings.arguments.begin(), settings.arguments.end());
    return words;
}

}  // namespace

GuestKernel guest_kernel(const std::string& scripts) {
    const auto answer = run_program({scripts + "/kernel.sh"});
    if (answer.exit_code != 0) {
        throw std::runtime_error("no kernel for the guest (see above)");
    }
    GuestKernel kernel;
    std::istringstream lines(answer.output);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        const auto key = line.substr(0, equals);
        const auto value = equals == std::string::npos ? "" : line.substr(equals + 1);
        if (key == "boot") {
            kernel.boot = value;
        } else if (key == "release") {
            kernel.release = value;
        } else if (key == "kdir") {
            kernel.kdir = value;
        }
    }
    return kernel;
}

GuestEnd run_guest(const GuestSettings& settings, Sink& sink, const std::function<bool()>& stop) {
    MemoryFile results("results");
    MemoryFile errors("errors");
    Child guest(command(settings), {{results.fd(), kResultsFd}, {errors.fd(), kErrorsFd}});
    StreamReader reader(sink);
    GuestEnd end;
    const auto drain = [&] {
        for (auto bytes = results.read_on(); !bytes.empty(); bytes = results.read_on()) {
            reader.feed(bytes);
        }
    };
    while (!guest.ended()) {
        drain();
        if (stop()) {
            end.interrupted = true;
            guest.stop();
        }
        ::usleep(20'000);
    }
    drain();
    for (auto bytes = errors.read_on(); !bytes.empty(); bytes = errors.read_on()) {
        end.why.append(bytes);
    }
    end.finished = reader.finished() && guest.exit_code() == reader.exit_code();
    end.exit_code = reader.finished() ? reader.exit_code() : guest.exit_code();
    if (reader.finished() && !end.finished) {
        end.exit_code = guest.exit_code();
    }
    return end;
}

}  // namespace kmb::bench
