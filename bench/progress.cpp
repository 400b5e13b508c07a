#include "bench/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kmb::bench {

std::string duration_text(double seconds) {
    const auto whole = static_cast<long>(std::lround(std::max(seconds, 0.0)));
    if (whole >= 3600) {
        return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
    }
    if (whole >= 60) {
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    }
    return fmt::format("{} s", whole);
}

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::clear() {
    if (living_) {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
        living_ = false;
    }
}

void ProgressLine::show(double done, double total, std::string_view text) {
    const auto now = Clock::now();
    if (total != total_) {  // a new phase
        total_ = total;
        begin_ = now;
        shown_ = {};
    }
    const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(20);
    const bool last = done >= total;
    if (now - shown_ < pause && !last) {
        return;
    }
    shown_ = now;
    const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
    const double elapsed = std::chrono::duration<double>(now - begin_).count();
    const bool known = share > 0.02 && elapsed > 1;
    const std::string left =
        known ? duration_text(elapsed * (1 - share) / share) + " left" : "time left not known yet";
    const auto line = fmt::format("{:3.0f} %  {}  {}", share * 100, last ? "done" : left, text);
    if (terminal_) {
        fmt::print(stderr, "\r\033[K{}", std::string_view(line).substr(0, 110));
        living_ = true;
    } else {
        fmt::print(stderr, "{}\n", line);
    }
    std::fflush(stderr);
}

void ProgressLine::say(std::string_view text) {
    clear();
    fmt::print(stderr, "{}\n", text);
}

}  // namespace kmb::bench
