#include "bench/module_loader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/file.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace kmb::bench {
namespace {

namespace fs = std::filesystem;

std::string read_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

bool is_loaded(const std::string& name) {
    std::error_code ignored;
    return fs::exists("/sys/module/" + name + "/refcnt", ignored);
}

std::string find_file(const std::string& name, const std::string& directory) {
    for (const auto& candidate : {fmt::format("{}/{}.ko", directory, name),
                                  fmt::format("{}/{}/{}.ko", directory, name, name)}) {
        std::error_code ignored;
        if (fs::exists(candidate, ignored)) {
            return candidate;
        }
    }
    throw std::runtime_error(
        fmt::format("{}: no {}.ko there; build it with 'make modules'", directory, name));
}

// The last lines of the kernel's log about this module; empty where we may not read it.
std::string kernel_says(const std::string& name) {
    constexpr int kReadAll = 3;  // SYSLOG_ACTION_READ_ALL, see syslog(2)
    std::string log(1 << 18U, '\0');
    const int length = ::klogctl(kReadAll, log.data(), static_cast<int>(log.size()));
    log.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    std::istringstream lines(log);
    std::vector<std::string> found;
    for (std::string line; std::getline(lines, line);) {
        const auto begin = line.find(name + ": ");
        if (begin != std::string::npos) {
            found.push_back(line.substr(begin));
        }
    }
    std::string text;
    for (std::size_t i = found.size() - std::min<std::size_t>(found.size(), 3); i < found.size();
         ++i) {
        text += "; the kernel says: " + found[i];
    }
    return text;
}

// The identity that the linker gave the module's content: the description behind the head
// and the name of a note, as hexadecimal.
std::string build_id(const std::string& name) {
    std::ifstream file("/sys/module/" + name + "/notes/.note.gnu.build-id", std::ios::binary);
    const std::string note{std::istreambuf_iterator<char>(file), {}};
    std::string text;
    for (std::size_t i = 16; i < note.size(); ++i) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(note[i]));
    }
    return text;
}

std::map<std::string, std::string> parameters_of(const std::string& name) {
    std::map<std::string, std::string> parameters;
    std::error_code ignored;
    for (const auto& entry :
         fs::directory_iterator("/sys/module/" + name + "/parameters", ignored)) {
        parameters[entry.path().filename().string()] = read_line(entry.path().string());
    }
    return parameters;
}

// What an errno of finit_module means and what mends it.
std::string explain(int error, const std::string& file) {
    utsname kernel{};
    ::uname(&kernel);
    switch (error) {
        case EPERM:
            return "not permitted: run as root, outside a container; with Secure Boot or lockdown "
                   "the module must be signed";
        case ENOEXEC:
            return fmt::format(
                "built for another kernel than the running {}: 'make modules "
                "KDIR=/lib/modules/{}/build' (see dmesg)",
                kernel.release, kernel.release);
        case EKEYREJECTED:
            return "signature rejected (Secure Boot): sign the module or use TARGET=vm";
        case ENOMEM:
            return "the kernel has no memory for it: free memory, or give the guest more";
        case ENOENT:
            return fmt::format(
                "unknown symbol in {}: built for another kernel, or another module "
                "must be loaded before it",
                file);
        case ENOSYS:
            return "this kernel has no loadable modules: use TARGET=vm or TARGET=sim";
        default:
            return std::strerror(error);
    }
}

// A lock on the folder of all modules; -1 where there is none, which loads no modules either.
int lock_modules() {
    const int fd = ::open("/sys/module", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    constexpr int kTries = 200;  // of 50 ms
    for (int attempt = 0; fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (attempt == kTries) {
            ::close(fd);
            throw std::runtime_error(
                "another run measures on this machine with modules of its own; wait for it to end");
        }
        ::usleep(50'000);
    }
    return fd;
}

// -1 and errno. Free of allocation: also runs in the janitor.
long remove_module(const char* name) {
    return ::syscall(SYS_delete_module, name, O_NONBLOCK);
}

// Waits until the parent's end of the pipe is gone, then unloads every name it was
// sent, last first. Runs in a child that has only this to do.
[[noreturn]] void janitor(int pipe) {
    ::setsid();
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGTERM, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    static char names[4096];
    std::size_t length = 0;
    while (length + 1 < sizeof names) {
        const ssize_t got = ::read(pipe, names + length, sizeof names - 1 - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        length += static_cast<std::size_t>(got);
    }
    while (length > 0) {
        names[--length] = '\0';  // the separator behind the last name
        while (length > 0 && names[length - 1] != '\n') {
            --length;
        }
        // Openers of a killed parent may take a moment to close.
        for (int attempt = 0; attempt < 100 && remove_module(names + length) != 0; ++attempt) {
            if (errno == ENOENT) {
                break;
            }
            ::usleep(50'000);
        }
    }
    ::_exit(0);
}

}  // namespace

ModuleLoader::ModuleLoader(const std::vector<std::string>& names, const std::string& directory,
                           const OwnModule& own) {
    lock_ = lock_modules();
    start_janitor();
    try {
        for (const auto& name : names) {
            load(name, directory, own);
        }
    } catch (...) {
        end();
        throw;
    }
}

ModuleLoader::~ModuleLoader() {
    end();
}

void ModuleLoader::end() {
    ::close(lifeline_);
    ::waitpid(janitor_, nullptr, 0);
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

void ModuleLoader::start_janitor() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error(fmt::format("pipe: {}", std::strerror(errno)));
    }
    janitor_ = ::fork();
    if (janitor_ < 0) {
        throw std::runtime_error(fmt::format("fork: {}", std::strerror(errno)));
    }
    if (janitor_ == 0) {
        ::close(ends[1]);
        janitor(ends[0]);
    }
    ::close(ends[0]);
    lifeline_ = ends[1];
}

void ModuleLoader::load(const std::string& name, const std::string& directory,
                        const OwnModule& own) {
    const bool owned = name == own.name;
    std::string file;
    if (owned && is_loaded(name)) {
        throw std::runtime_error(
            fmt::format("{}: a module '{}' is loaded already: rmmod {} first, or leave out --ko to "
                        "measure that one",
                        own.file, name, name));
    }
    if (!is_loaded(name)) {
        file = owned ? own.file : find_file(name, directory);
        const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            throw std::runtime_error(fmt::format("{}: {}", file, std::strerror(errno)));
        }
        // Told first: should we die in between, unloading what is not there does no harm.
        const std::string line = name + "\n";
        const bool told =
            ::write(lifeline_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        const char* parameters = owned ? own.parameters.c_str() : "";
        const long result = told ? ::syscall(SYS_finit_module, fd, parameters, 0) : -1;
        const int error = errno;
        ::close(fd);
        if (result != 0) {
            throw std::runtime_error(
                fmt::format("{}: {}{}", file, explain(error, file), kernel_says(name)));
        }
    }
    modules_.push_back({name, file, read_line("/sys/module/" + name + "/srcversion"),
                        build_id(name), parameters_of(name)});
}

std::string why_no_modules(const std::string& directory) {
    if (!fs::exists("/proc/modules")) {
        return "the running kernel has no loadable modules";
    }
    if (read_line("/proc/sys/kernel/modules_disabled") == "1") {
        return "loading modules is switched off until the next boot (kernel.modules_disabled)";
    }
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    ::syscall(SYS_capget, &head, data);
    if ((data[0].effective & (1U << CAP_SYS_MODULE)) == 0) {
        return "no right to load modules (not root, or in a container)";
    }
    const auto lockdown = read_line("/sys/kernel/security/lockdown");
    if (!lockdown.empty() && lockdown.find("[none]") == std::string::npos) {
        return "the kernel is locked down and takes only signed modules";
    }
    std::error_code ignored;
    if (!fs::is_directory(directory, ignored)) {
        return fmt::format("no modules built for the running kernel in {}", directory);
    }
    return {};
}

}  // namespace kmb::bench
