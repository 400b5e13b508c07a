// Progress on stderr: one living line with the time left on a terminal, a quiet line
// now and then elsewhere.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace kmb::bench {

class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // `done` of `total` in any unit.
    void show(double done, double total, std::string_view text);
    // A line that stays.
    void say(std::string_view text);

  private:
    using Clock = std::chrono::steady_clock;
    void clear();
    bool terminal_;
    bool living_ = false;  // a living line stands on the terminal
    double total_ = -1;
    Clock::time_point begin_;
    Clock::time_point shown_;
};

// "1 h 02 min", "3 min 20 s", "12 s".
std::string duration_text(double seconds);

}  // namespace kmb::bench
