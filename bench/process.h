// Running another program.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace kmb::bench {

struct ProgramResult {
    int exit_code = 0;   // 128 + signal when it was killed
    std::string output;  // its stdout
};

// Runs a program to its end, stderr is inherited. Throws std::system_error when it
// cannot be started.
ProgramResult run_program(const std::vector<std::string>& arguments);

// A program of our own process group's making that dies with us.
class Child {
  public:
    // `descriptors`: (ours, its) pairs that the program gets. It is told SIGTERM when
    // this process ends in any way.
    Child(const std::vector<std::string>& arguments,
          const std::vector<std::pair<int, int>>& descriptors);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // True once it has ended; then exit_code() tells how.
    bool ended();
    [[nodiscard]] int exit_code() const { return exit_code_; }
    // SIGTERM, after five seconds SIGKILL, to all its group; waits.
    void stop();

  private:
    pid_t pid_;
    bool ended_ = false;
    int exit_code_ = 0;
};

}  // namespace kmb::bench
