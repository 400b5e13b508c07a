#include "loader.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace kmb::kernel_test {

std::string& module_folder() {
    static std::string folder;
    return folder;
}

std::vector<std::string> modules_found() {
    constexpr std::array names = {"calib", "fibdrv", "hello", "ksort", "simrupt", "xoro"};
    std::vector<std::string> found;
    for (const char* name : names) {
        const std::string path = module_folder() + "/" + name + ".ko";
        if (!module_folder().empty() && ::access(path.c_str(), R_OK) == 0) {
            found.emplace_back(name);
        }
    }
    return found;
}

int load_module(const std::string& name, const std::string& parameters) {
    const int fd = ::open((module_folder() + "/" + name + ".ko").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    const long result = ::syscall(SYS_finit_module, fd, parameters.c_str(), 0);
    const int error = errno;
    ::close(fd);
    return result == 0 ? 0 : -error;
}

int unload_module(const std::string& name) {
    return ::syscall(SYS_delete_module, name.c_str(), O_NONBLOCK) == 0 ? 0 : -errno;
}

}  // namespace kmb::kernel_test
