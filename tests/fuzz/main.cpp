// kmb_fuzz: calls our devices in every way that chance can think of, and watches the kernel.
//
//   kmb_fuzz --calls 1000000 --seed 1              in a guest, as root
//   kmb_fuzz --seed 1 --case 17 [--only 0-99,150] [--repeat 20]     one case again
//   kmb_fuzz --round                               once round all that is valid
//   kmb_fuzz --seed 1 --case 17 --print            what it consists of
//   kmb_fuzz --minimise COMMAND... (see minimise.h), on the host
//
// Exit: 0 nothing found, 1 found (text on standard output), 2 usage, 77 no device here.
#include <getopt.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "fault_point.h"
#include "kernel_log.h"
#include "minimise.h"
#include "operations.h"
#include "round.h"
#include "runner.h"

namespace kmb::fuzz {
namespace {

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t calls = 100'000;
    std::optional<std::uint64_t> number;  // of the one case
    std::uint64_t repeat = 1;
    std::optional<Selection> only;
    std::size_t workers = 2;
    std::chrono::seconds limit = std::chrono::hours(1000);  // no case begins after it
    bool print = false;
    bool minimise = false;
    bool round = false;
    std::vector<std::string> rest;
};

// A worker that has not ended a case by then hangs.
constexpr std::chrono::seconds kPatience{400};

std::uint64_t whole_number(const char* name, const char* text) {
    char* end = nullptr;
    errno = 0;
    const unsigned long long value = std::strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-') {
        throw std::invalid_argument(std::string("--") + name + " " + text +
                                    ": must be a whole number");
    }
    return value;
}

Options parse(int argc, char** argv) {
    static const option table[] = {{"calls", required_argument, nullptr, 'c'},
                                   {"case", required_argument, nullptr, 'n'},
                                   {"minimise", no_argument, nullptr, 'm'},
                                   {"only", required_argument, nullptr, 'o'},
                                   {"print", no_argument, nullptr, 'p'},
                                   {"repeat", required_argument, nullptr, 'r'},
                                   {"round", no_argument, nullptr, 'u'},
                                   {"seconds", required_argument, nullptr, 't'},
                                   {"seed", required_argument, nullptr, 's'},
                                   {"workers", required_argument, nullptr, 'w'},
                                   {nullptr, 0, nullptr, 0}};
    Options options;
    int at = 0;
    for (int key = 0; (key = ::getopt_long(argc, argv, "+", table, &at)) != -1;) {
        const char* name = table[at].name;
        switch (key) {
            case 'c':
                options.calls = whole_number(name, optarg);
                break;
            case 'n':
                options.number = whole_number(name, optarg);
                break;
            case 'm':
                options.minimise = true;
                break;
            case 'o':
                options.only = parse_selection(optarg);
                break;
            case 'p':
                options.print = true;
                break;
            case 'r':
                options.repeat = whole_number(name, optarg);
                break;
            case 's':
                options.seed = whole_number(name, optarg);
                break;
            case 'u':
                options.round = true;
                break;
            case 't':
                options.limit = std::chrono::seconds(whole_number(name, optarg));
                break;
            case 'w':
                options.workers = whole_number(name, optarg);
                break;
            default:
                throw std::invalid_argument(
                    "usage: kmb_fuzz [--seed N] [--calls N] [--seconds N] [--workers 1..8] [--case "
                    "N "
                    "[--only LIST] [--repeat N] [--print]] [--round] [--minimise COMMAND...]");
        }
    }
    if (options.workers < 1 || options.workers > 8) {
        throw std::invalid_argument("--workers must be 1 to 8");
    }
    options.rest.assign(argv + optind, argv + argc);
    return options;
}

void print_case(const Options& options, std::size_t devices) {
    const Case made = make_case(options.seed, *options.number, devices);
    std::printf("device %zu, threads %zu\n", made.device, made.threads);
    for (std::size_t i = 0; i < made.calls.size(); ++i) {
        const Call& call = made.calls[i];
        if (!options.only || selected(*options.only, i)) {
            std::printf("call %zu thread %u fault %u: %s %016llx\n", i, call.thread, call.fail,
                        operations()[call.operation].name,
                        static_cast<unsigned long long>(call.word));
        }
    }
}

class Workers {
  public:
    Workers(const Options& options, const std::vector<Device>& devices);
    // Waits for all. True where nothing was found.
    bool wait();
    [[nodiscard]] std::uint64_t calls() const;
    // A line for each kind of call.
    void print_kinds() const;

  private:
    [[noreturn]] void work(std::size_t index) const;
    [[nodiscard]] bool found(KernelLog& log);
    [[nodiscard]] bool stands_still();
    void stop();

    const Options& options_;
    const std::vector<Device>& devices_;
    Progress* progress_;
    std::vector<pid_t> running_;
    std::uint64_t seen_calls_ = 0;
    std::chrono::steady_clock::time_point seen_at_ = std::chrono::steady_clock::now();
};

Workers::Workers(const Options& options, const std::vector<Device>& devices)
    : options_(options), devices_(devices) {
    void* shared = ::mmap(nullptr, 8 * sizeof(Progress), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap");
    }
    progress_ = new (shared) Progress[8]();
    std::signal(SIGUSR1, [](int) {});
    std::fflush(stdout);
    for (std::size_t i = 0; i < options.workers; ++i) {
        const pid_t child = ::fork();
        if (child < 0) {
            throw std::system_error(errno, std::generic_category(), "fork");
        }
        if (child == 0) {
            work(i);
        }
        running_.push_back(child);
    }
}

void Workers::work(std::size_t index) const {
    Progress& progress = progress_[index];
    Runner runner(devices_, progress);
    const Selection* only = options_.only ? &*options_.only : nullptr;
    if (options_.number) {
        for (std::uint64_t i = 0; i < options_.repeat; ++i) {
            runner.run(options_.seed, *options_.number, only);
        }
    } else {
        const std::uint64_t share = options_.calls / options_.workers;
        const auto until = std::chrono::steady_clock::now() + options_.limit;
        for (std::uint64_t number = index;
             progress.calls < share && std::chrono::steady_clock::now() < until;
             number += options_.workers) {
            // On the serial line before it runs: after a panic nobody can be asked.
            std::printf("running %llu\n", static_cast<unsigned long long>(number));
            std::fflush(stdout);
            runner.run(options_.seed, number, nullptr);
        }
    }
    std::fflush(stdout);
    ::_exit(progress.wrong == 0 ? 0 : 1);
}

std::uint64_t Workers::calls() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < options_.workers; ++i) {
        sum += progress_[i].calls;
    }
    return sum;
}

void Workers::print_kinds() const {
    for (std::size_t row = 0; row < operations().size(); ++row) {
        std::uint64_t calls = 0;
        std::uint64_t refused = 0;
        for (std::size_t i = 0; i < options_.workers; ++i) {
            const Tally& tally = progress_[i].operations[row];
            calls += tally.calls;
            refused += tally.refused;
        }
        std::printf("kind: %-13s %9llu calls %9llu refused\n", operations()[row].name,
                    static_cast<unsigned long long>(calls),
                    static_cast<unsigned long long>(refused));
    }
}

bool Workers::stands_still() {
    const auto now = std::chrono::steady_clock::now();
    if (calls() != seen_calls_) {
        seen_calls_ = calls();
        seen_at_ = now;
    }
    return now - seen_at_ > kPatience;
}

bool Workers::found(KernelLog& log) {
    const std::string complaint = log.complaint();
    const bool still = stands_still();
    if (complaint.empty() && !still) {
        return false;
    }
    std::printf("found: %s\n", still ? "no call has ended for minutes" : complaint.c_str());
    for (std::size_t i = 0; i < options_.workers; ++i) {
        std::printf("found while case %llu of seed %llu ran\n",
                    static_cast<unsigned long long>(progress_[i].running),
                    static_cast<unsigned long long>(options_.seed));
    }
    std::fflush(stdout);
    return true;
}

void Workers::stop() {
    for (const pid_t child : running_) {
        ::kill(child, SIGKILL);
    }
}

bool Workers::wait() {
    KernelLog log;
    bool good = true;
    auto said = std::chrono::steady_clock::now();
    while (!running_.empty()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
        if (std::chrono::steady_clock::now() - said > std::chrono::minutes(1)) {
            said = std::chrono::steady_clock::now();
            std::printf("made %llu calls\n", static_cast<unsigned long long>(calls()));
            std::fflush(stdout);
        }
        if (found(log)) {
            stop();
            return false;
        }
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, WNOHANG);
        if (ended <= 0) {
            continue;
        }
        std::erase(running_, ended);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            std::printf("found: a worker ended with %s %d\n",
                        WIFEXITED(status) ? "status" : "signal",
                        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
            good = false;
        }
    }
    return !found(log) && good;
}

int fuzz(const Options& options) {
    if (options.minimise) {
        return minimise(options.rest);
    }
    const std::vector<Device> devices = find_devices();
    if (devices.empty()) {
        std::printf("kmb_fuzz: SKIP: no device of ours under /dev; load the modules\n");
        return 77;
    }
    if (options.print && options.number) {
        print_case(options, devices.size());
        return 0;
    }
    kernel_test::allow_faults();
    if (options.round) {
        const Arena arena;
        std::printf("kmb_fuzz: %llu valid calls once round\n",
                    static_cast<unsigned long long>(go_round(devices, arena)));
        return 0;
    }
    const auto from = std::chrono::steady_clock::now();
    Workers workers(options, devices);
    const bool good = workers.wait();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    workers.print_kinds();
    std::printf("kmb_fuzz: %llu calls on %zu devices with seed %llu in %.0f s, %s\n",
                static_cast<unsigned long long>(workers.calls()), devices.size(),
                static_cast<unsigned long long>(options.seed), took.count(),
                good ? "nothing found" : "FOUND something, see above");
    return good ? 0 : 1;
}

}  // namespace
}  // namespace kmb::fuzz

int main(int argc, char** argv) {
    try {
        return kmb::fuzz::fuzz(kmb::fuzz::parse(argc, argv));
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "kmb_fuzz: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "kmb_fuzz: %s\n", error.what());
        return 1;
    }
}
