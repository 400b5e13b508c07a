// Tests of the devices in a running kernel. Loads the modules of the folder named
// by the first argument (or finds them loaded), runs, unloads what it loaded, and
// fails on any kernel warning meanwhile. Needs root. Exit 77: cannot run here.
//
//   kernel_contract [FOLDER-OF-KO] [--gtest_filter=...]
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "loader.h"
#include "opener.h"

namespace kmb::kernel_test {
namespace {

// Words with which the kernel complains; see also scripts that watch the console.
constexpr std::array kSplats = {"WARNING:",
                                "BUG:",
                                "Oops",
                                "KASAN",
                                "UBSAN",
                                "general protection fault",
                                "possible circular locking",
                                "possible recursive locking",
                                "possible deadlock",
                                "INFO: task",
                                "suspicious RCU usage",
                                "sleeping function called",
                                "bad unlock balance",
                                "inconsistent lock state",
                                "lock held when returning",
                                "soft lockup",
                                "hogged CPU",
                                "refcount_t",
                                "kobject_add_internal failed",
                                "Unable to handle"};

// Reads the kernel's log from the start of the tests on.
class KernelLog : public ::testing::Environment {
  public:
    void SetUp() override {
        fd_ = ::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ASSERT_GE(fd_, 0) << "/dev/kmsg: " << std::strerror(errno);
        ::lseek(fd_, 0, SEEK_END);
    }

    void TearDown() override {
        std::array<char, 8192> record{};
        ssize_t got = 0;
        while ((got = ::read(fd_, record.data(), record.size() - 1)) > 0 || errno == EPIPE) {
            const std::string line(record.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
            for (const char* splat : kSplats) {
                EXPECT_EQ(line.find(splat), std::string::npos) << "the kernel said: " << line;
            }
            errno = 0;
        }
        ::close(fd_);
    }

  private:
    int fd_ = -1;
};

int run(int argc, char** argv) {
    if (::geteuid() != 0) {
        std::fprintf(stderr, "kernel_contract: SKIP: needs root\n");
        return 77;
    }
    if (argc > 1 && argv[1][0] != '-') {
        module_folder() = argv[1];
    }
    std::vector<std::string> loaded;
    for (const std::string& name : modules_found()) {
        const int result = load_module(name, "");
        if (result == 0) {
            loaded.push_back(name);
        } else if (result != -EEXIST) {
            std::fprintf(stderr, "kernel_contract: cannot load %s: %s\n", name.c_str(),
                         std::strerror(-result));
            return 1;
        }
    }
    // Only now: it asks which devices there are.
    ::testing::InitGoogleTest(&argc, argv);
    if (devices().empty()) {
        std::fprintf(stderr,
                     "kernel_contract: SKIP: no device of ours under /dev; load the "
                     "modules or name the folder of their .ko files\n");
        return 77;
    }
    ::testing::AddGlobalTestEnvironment(new KernelLog);
    int result = RUN_ALL_TESTS();
    for (const std::string& name : loaded) {
        const int unloaded = unload_module(name);
        if (unloaded != 0) {
            std::fprintf(stderr, "kernel_contract: cannot unload %s: %s\n", name.c_str(),
                         std::strerror(-unloaded));
            result = 1;
        }
    }
    return result;
}

}  // namespace
}  // namespace kmb::kernel_test

int main(int argc, char** argv) {
    return kmb::kernel_test::run(argc, argv);
}
