#include "bench/sink.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace kmb::bench {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_all(int fd, std::string_view text, const std::string& name) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            fail(name + ": write (is the disk full?)");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// One line: what the stream carries must not break its own lines.
std::string single_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

// "WORD rest" -> WORD; `text` becomes the rest.
std::string_view take_word(std::string_view& text, char separator = ' ') {
    const auto end = text.find(separator);
    const auto word = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return word;
}

double number(std::string_view word) {
    return std::strtod(std::string(word).c_str(), nullptr);
}

}  // namespace

DirectorySink::DirectorySink(std::string directory, Progress progress, Failure failure, Note note)
    : directory_(std::move(directory)),
      progress_(std::move(progress)),
      failure_(std::move(failure)),
      note_(std::move(note)) {}

DirectorySink::~DirectorySink() {
    for (const auto& [name, fd] : files_) {
        ::close(fd);
    }
}

void DirectorySink::append(std::string_view file, std::string_view lines) {
    const std::string path = fmt::format("{}/{}", directory_, file);
    auto known = files_.find(file);
    if (known == files_.end()) {
        const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (fd < 0) {
            fail(path + ": open");
        }
        known = files_.emplace(std::string(file), fd).first;
    }
    write_all(known->second, lines, path);
}

void DirectorySink::progress(double done, double total, std::string_view text) {
    if (progress_) {
        progress_(done, total, text);
    }
}

void DirectorySink::failure(std::string_view point, std::string_view message) {
    if (failure_) {
        failure_(point, message);
    }
}

void DirectorySink::note(std::string_view text) {
    if (note_) {
        note_(text);
    }
}

void DirectorySink::flush() {
    for (const auto& [name, fd] : files_) {
        if (::fdatasync(fd) != 0) {
            fail(fmt::format("{}/{}: fdatasync", directory_, name));
        }
    }
}

StreamSink::StreamSink(const std::string& path)
    : fd_(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0) {
        fail(path + ": open");
    }
    termios mode{};
    if (::isatty(fd_) != 0 && ::tcgetattr(fd_, &mode) == 0) {
        ::cfmakeraw(&mode);
        ::tcsetattr(fd_, TCSANOW, &mode);
    }
}

StreamSink::~StreamSink() {
    ::close(fd_);
}

void StreamSink::write(std::string_view text) {
    write_all(fd_, text, "results stream");
}

void StreamSink::append(std::string_view file, std::string_view lines) {
    if (file != current_) {
        current_ = file;
        write(fmt::format("@file {}\n", current_));
    }
    write(lines);
}

void StreamSink::progress(double done, double total, std::string_view text) {
    write(fmt::format("@progress {} {} {}\n", done, total, single_line(text)));
}

void StreamSink::failure(std::string_view point, std::string_view message) {
    write(fmt::format("@failure {}\t{}\n", point, single_line(message)));
}

void StreamSink::note(std::string_view text) {
    write(fmt::format("@note {}\n", single_line(text)));
}

void StreamSink::flush() {
    if (::isatty(fd_) != 0) {
        ::tcdrain(fd_);
    }
}

void StreamSink::done(int exit_code) {
    write(fmt::format("@done {}\n", exit_code));
    flush();
}

void StreamReader::feed(std::string_view bytes) {
    rest_.append(bytes);
    std::size_t begin = 0;
    std::size_t content = 0;  // lines from here on are not handed on yet
    const auto hand_on = [&](std::size_t end) {
        if (end > content && !file_.empty()) {
            to_.append(file_, std::string_view(rest_).substr(content, end - content));
        }
    };
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
        if (rest_[begin] == '@') {
            hand_on(begin);
            control(std::string_view(rest_).substr(begin + 1, end - begin - 1));
            content = end + 1;
        }
        begin = end + 1;
    }
    hand_on(begin);
    rest_.erase(0, begin);
}

void StreamReader::control(std::string_view line) {
    const auto command = take_word(line);
    if (command == "file") {
        // A name, not a path: nothing inside the guest chooses where files go outside.
        file_ = line.find('/') == std::string_view::npos && line != ".." ? line : "";
    } else if (command == "progress") {
        const double done = number(take_word(line));
        const double total = number(take_word(line));
        to_.progress(done, total, line);
    } else if (command == "failure") {
        const auto point = take_word(line, '\t');
        to_.failure(point, line);
    } else if (command == "note") {
        to_.note(line);
    } else if (command == "done") {
        finished_ = true;
        std::from_chars(line.data(), line.data() + line.size(), exit_code_);
    }
}

}  // namespace kmb::bench
