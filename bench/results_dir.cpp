#include "bench/results_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace kmb::bench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string utc(const char* format) {
    const time_t now = ::time(nullptr);
    tm parts{};
    ::gmtime_r(&now, &parts);
    char text[64];
    ::strftime(text, sizeof text, format, &parts);
    return text;
}

int lock_directory(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fail(path + ": open");
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        throw std::runtime_error(path + ": another run is writing there; wait for it to end");
    }
    return fd;
}

// BASE/latest -> NAME, replaced in one step.
void point_latest(const std::string& base, const std::string& name) {
    const std::string temporary = fmt::format("{}/.latest.{}", base, ::getpid());
    ::unlink(temporary.c_str());
    if (::symlink(name.c_str(), temporary.c_str()) != 0) {
        fail(temporary + ": symlink");
    }
    const std::string latest = base + "/latest";
    if (::rename(temporary.c_str(), latest.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        errno = error;
        fail(latest + ": rename");
    }
}

}  // namespace

std::string utc_name() {
    return utc("%Y%m%dT%H%M%SZ");
}
std::string utc_iso() {
    return utc("%Y-%m-%dT%H:%M:%SZ");
}

ResultsDir ResultsDir::create(const std::string& base, std::string_view target) {
    std::error_code error;
    fs::create_directories(base, error);
    if (error) {
        throw std::system_error(error, base + ": cannot make the results directory");
    }
    const std::string stem = fmt::format("{}-{}", utc_name(), target);
    std::string name = stem;
    for (int suffix = 2;; ++suffix) {
        if (::mkdir(fmt::format("{}/{}", base, name).c_str(), 0755) == 0) {
            break;
        }
        if (errno != EEXIST) {
            fail(fmt::format("{}/{}: mkdir", base, name));
        }
        name = fmt::format("{}-{}", stem, suffix);
    }
    const std::string path = fmt::format("{}/{}", base, name);
    return {path, lock_directory(path)};
}

ResultsDir ResultsDir::open(const std::string& path) {
    std::error_code error;
    const auto whole = fs::canonical(path, error);
    if (error) {
        throw std::system_error(error, path + ": no such results directory");
    }
    return {whole.string(), lock_directory(whole.string())};
}

ResultsDir::ResultsDir(ResultsDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

ResultsDir::~ResultsDir() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

void ResultsDir::write(std::string_view file, std::string_view text) const {
    const std::string path = fmt::format("{}/{}", path_, file);
    const std::string temporary = fmt::format("{}/.{}.part", path_, file);
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        fail(temporary + ": open");
    }
    std::string_view rest = text;
    bool good = true;
    while (good && !rest.empty()) {
        const ssize_t written = ::write(fd, rest.data(), rest.size());
        good = written > 0 || (written < 0 && errno == EINTR);
        rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    good = good && ::fsync(fd) == 0;
    int error = errno;
    ::close(fd);
    if (good && ::rename(temporary.c_str(), path.c_str()) != 0) {
        good = false;
        error = errno;
    }
    if (!good) {
        ::unlink(temporary.c_str());
        errno = error;
        fail(path + ": write (is the disk full?)");
    }
}

std::string ResultsDir::read(std::string_view file) const {
    std::ifstream input(fmt::format("{}/{}", path_, file), std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

void ResultsDir::remove(std::string_view file) const {
    ::unlink(fmt::format("{}/{}", path_, file).c_str());
}

void ResultsDir::publish() const {
    const fs::path path(path_);
    point_latest(path.parent_path().string(), path.filename().string());
}

void ResultsDir::discard() const {
    for (const auto& entry : fs::directory_iterator(path_)) {
        if (entry.path().filename() != "manifest.json") {
            return;
        }
    }
    remove("manifest.json");
    ::rmdir(path_.c_str());
}

}  // namespace kmb::bench
