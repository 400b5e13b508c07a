#include "minimise.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <system_error>

#include "call.h"

namespace kmb::fuzz {
namespace {

using Calls = std::vector<std::size_t>;

std::string as_list(const Calls& calls) {
    std::string text;
    for (std::size_t i = 0; i < calls.size();) {
        std::size_t last = i;
        while (last + 1 < calls.size() && calls[last + 1] == calls[last] + 1) {
            ++last;
        }
        text += (text.empty() ? "" : ",") + std::to_string(calls[i]);
        text += last > i ? "-" + std::to_string(calls[last]) : "";
        i = last + 1;
    }
    return text;
}

// True where the command still fails with these calls.
bool fails(const std::vector<std::string>& command, const Calls& calls) {
    std::vector<std::string> words = command;
    words.emplace_back("--only");
    words.push_back(as_list(calls));
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, 1);
        ::dup2(null, 2);
        ::execvp(arguments[0], arguments.data());
        ::_exit(125);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 125;
    if (code == 77 || code == 125 || code == 2) {
        throw std::runtime_error(words[0] + ": cannot run the case (status " +
                                 std::to_string(code) + ")");
    }
    std::printf("%zu calls: %s\n", calls.size(), code == 0 ? "nothing" : "still found");
    std::fflush(stdout);
    return code != 0;
}

Calls without(const Calls& calls, std::size_t from, std::size_t to) {
    Calls rest(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(from));
    rest.insert(rest.end(), calls.begin() + static_cast<std::ptrdiff_t>(to), calls.end());
    return rest;
}

}  // namespace

int minimise(const std::vector<std::string>& command) {
    Calls calls(kCaseCalls);
    std::iota(calls.begin(), calls.end(), std::size_t{0});
    if (command.empty() || !fails(command, calls)) {
        std::printf("kmb_fuzz: the whole case finds nothing; --repeat makes it run again\n");
        return 1;
    }
    for (std::size_t parts = 2; calls.size() > 1;) {
        const std::size_t length = (calls.size() + parts - 1) / parts;
        bool smaller = false;
        for (std::size_t from = 0; from < calls.size() && !smaller; from += length) {
            const Calls rest = without(calls, from, std::min(from + length, calls.size()));
            if (!rest.empty() && fails(command, rest)) {
                calls = rest;
                smaller = true;
            }
        }
        if (smaller) {
            parts = std::max<std::size_t>(parts - 1, 2);
        } else if (length == 1) {
            break;
        } else {
            parts = std::min(2 * parts, calls.size());
        }
    }
    std::printf("smallest: --only %s\n", as_list(calls).c_str());
    return 0;
}

}  // namespace kmb::fuzz
