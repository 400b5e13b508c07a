// Loading, unloading and the module parameters.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "loader.h"
#include "opener.h"

namespace kmb::kernel_test {
namespace {

class Load : public ::testing::Test {
  protected:
    void SetUp() override {
        if (module_folder().empty()) {
            GTEST_SKIP() << "no folder of .ko files was named";
        }
        ASSERT_EQ(unload_module("hello"), 0);
    }
    void TearDown() override {
        if (!module_folder().empty()) {
            const int loaded = load_module("hello", "");
            EXPECT_TRUE(loaded == 0 || loaded == -EEXIST);
        }
    }
};

TEST_F(Load, AgainAndAgain) {
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(load_module("hello", ""), 0);
        {
            const Opener file("hello");
            ASSERT_EQ(file.ring(1000), 0);
            ASSERT_EQ(file.run(10), 0);
            EXPECT_EQ(unload_module("hello"), -EAGAIN) << "unloaded under an open file";
        }
        ASSERT_EQ(unload_module("hello"), 0);
        EXPECT_NE(::access("/dev/hello", F_OK), 0);
    }
}

TEST_F(Load, ModeOfTheNodeIsAParameter) {
    ASSERT_EQ(load_module("hello", "mode=0640"), 0);
    struct stat node {};
    ASSERT_EQ(::stat("/dev/hello", &node), 0);
    EXPECT_EQ(node.st_mode & 07777U, 0640U);
    ASSERT_EQ(unload_module("hello"), 0);
    EXPECT_EQ(load_module("hello", "mode=0777"), -EINVAL);
    EXPECT_EQ(load_module("hello", "mode=04600"), -EINVAL);
    EXPECT_EQ(load_module("hello", "mode=x"), -EINVAL);
    EXPECT_NE(::access("/dev/hello", F_OK), 0);
}

}  // namespace
}  // namespace kmb::kernel_test
