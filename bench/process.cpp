#include "bench/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace kmb::bench {
namespace {

int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<char*> argument_vector(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const auto& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    return argv;
}

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// In the child: exec, or say through the pipe why not.
[[noreturn]] void execute(const std::vector<char*>& argv, int report) {
    ::execvp(argv[0], argv.data());
    const int error = errno;
    [[maybe_unused]] const auto ignored = ::write(report, &error, sizeof error);
    ::_exit(127);
}

// In the parent: throws when the child could not exec.
void await_exec(int report, pid_t pid, const std::string& program) {
    int error = 0;
    ssize_t got = 0;
    do {
        got = ::read(report, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    ::close(report);
    if (got == sizeof error) {
        ::waitpid(pid, nullptr, 0);
        errno = error;
        fail(program + ": cannot be started");
    }
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments) {
    const auto argv = argument_vector(arguments);
    int out[2];
    int report[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(report, O_CLOEXEC) != 0) {
        fail("pipe");
    }
    const pid_t pid = ::fork();
    if (pid < 0) {
        fail("fork");
    }
    if (pid == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        execute(argv, report[1]);
    }
    ::close(out[1]);
    ::close(report[1]);
    await_exec(report[0], pid, arguments.front());
    ProgramResult result;
    char buffer[4096];
    for (;;) {
        const ssize_t got = ::read(out[0], buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        result.output.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(out[0]);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    result.exit_code = code_of(status);
    return result;
}

Child::Child(const std::vector<std::string>& arguments,
             const std::vector<std::pair<int, int>>& descriptors) {
    const auto argv = argument_vector(arguments);
    int report[2];
    if (::pipe2(report, O_CLOEXEC) != 0) {
        fail("pipe");
    }
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) {
        fail("fork");
    }
    if (pid_ == 0) {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        for (const auto& [ours, its] : descriptors) {
            if (::dup2(ours, its) < 0) {
                ::_exit(127);
            }
        }
        execute(argv, report[1]);
    }
    ::setpgid(pid_, pid_);
    ::close(report[1]);
    await_exec(report[0], pid_, arguments.front());
}

Child::~Child() {
    stop();
}

bool Child::ended() {
    if (ended_) {
        return true;
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        ended_ = true;
        exit_code_ = code_of(status);
    }
    return ended_;
}

void Child::stop() {
    if (ended()) {
        return;
    }
    ::kill(-pid_, SIGTERM);
    for (int tenth = 0; tenth < 50 && !ended(); ++tenth) {
        ::usleep(100'000);
    }
    if (!ended()) {
        ::kill(-pid_, SIGKILL);
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        ended_ = true;
        exit_code_ = code_of(status);
    }
}

}  // namespace kmb::bench
