// Whole files in, whole files out.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "analysis/json.h"

namespace kmb::analysis {
namespace {

[[noreturn]] void fail(int error, const std::string& call, const std::string& path) {
    throw std::system_error(error, std::generic_category(), call + " " + path);
}

// Closes and removes the temporary file unless it was renamed.
class Temporary {
  public:
    explicit Temporary(const std::string& path)
        : path_(fmt::format("{}.{}.tmp", path, getpid())),
          fd_(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
        if (fd_ < 0) {
            fail(errno, "create", path_);
        }
    }
    ~Temporary() {
        if (fd_ >= 0) {
            close(fd_);
        }
        if (!renamed_) {
            unlink(path_.c_str());
        }
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    void write(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t got = ::write(fd_, text.data() + done, text.size() - done);
            if (got < 0 && errno != EINTR) {
                fail(errno, "write", path_);
            }
            done += got > 0 ? static_cast<std::size_t>(got) : 0;
        }
        if (fsync(fd_) != 0) {
            fail(errno, "fsync", path_);
        }
    }
    void rename(const std::string& path) {
        if (close(std::exchange(fd_, -1)) != 0) {
            fail(errno, "close", path_);
        }
        if (std::rename(path_.c_str(), path.c_str()) != 0) {
            fail(errno, "rename to", path);
        }
        renamed_ = true;
    }

  private:
    std::string path_;
    int fd_;
    bool renamed_ = false;
};

}  // namespace

void write_whole(const std::string& path, const std::string& text) {
    Temporary file(path);
    file.write(text);
    file.rename(path);
}

std::string read_whole(const std::string& path) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        fail(errno, "open", path);
    }
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad()) {
        fail(errno, "read", path);
    }
    return text;
}

}  // namespace kmb::analysis
