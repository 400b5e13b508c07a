// What `run --device` makes of its words, and the device case on files of this machine.
#include <gtest/gtest.h>

#include <fstream>

#include "bench/foreign_device.h"
#include "bench/ko_file.h"

namespace kmb::bench {
namespace {

using Values = std::vector<std::int64_t>;

ForeignDevice zero(std::vector<std::string> operations, std::vector<std::string> sweeps = {}) {
    return {.node = "/dev/zero",
            .operations = std::move(operations),
            .sweeps = std::move(sweeps),
            .expect = {},
            .ko = {},
            .ko_parameters = {},
            .build_id = {}};
}

std::vector<std::string> names(const ForeignDevice& device) {
    std::vector<std::string> names;
    for (const auto& point : make_device_case(device)->points(Sweep::full)) {
        names.push_back(point.name());
    }
    return names;
}

// Measures each point once; the samples' first one of `column` ("user", ..) is not looked at.
Sample measure_first(const ForeignDevice& device) {
    const auto made = make_device_case(device);
    const auto workload = made->open(made->points(Sweep::full).front());
    Sample sample;
    for (std::uint64_t rep = 0; rep < 3; ++rep) {
        workload->prepare(1, rep);
        workload->run(sample);
        workload->verify();
    }
    return sample;
}

TEST(ParseSweep, ListsRangesStepsAndFactors) {
    EXPECT_EQ(parse_sweep("n=0..4").values, (Values{0, 1, 2, 3, 4}));
    EXPECT_EQ(parse_sweep("n=0..9:4").values, (Values{0, 4, 8}));
    EXPECT_EQ(parse_sweep("n=1,10,100").values, (Values{1, 10, 100}));
    EXPECT_EQ(parse_sweep("n=1..1000:x10").values, (Values{1, 10, 100, 1000}));
    EXPECT_EQ(parse_sweep("n=1..5:x1.5").values, (Values{1, 2, 3}));  // 1 1.5 2.25 3.375
    EXPECT_EQ(parse_sweep("nr=0x4b01").values, (Values{0x4b01}));
    EXPECT_EQ(parse_sweep("n=0..2,10").values, (Values{0, 1, 2, 10}));
    EXPECT_EQ(parse_sweep("size=-1").key, "size");
}

TEST(ParseSweep, SaysWhatMayStandThere) {
    for (const char* text : {"", "n", "=1", "n=", "n=a", "n=1..", "n=5..1", "n=1..9:0", "n=1..9:x1",
                             "n=0..9:x2", "n=1,1", "n=0..99999999999999", "n=1..9:xz", "n=1;2"}) {
        try {
            parse_sweep(text);
            ADD_FAILURE() << text;
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string(error.what()).find("n=0..100"), std::string::npos)
                << error.what();
        }
    }
}

TEST(DeviceCase, PointsAreTheSweepsCrossedTheLastOneSwept) {
    EXPECT_EQ(names(zero({"read"}, {"n=0,1", "size=8,16"})),
              (std::vector<std::string>{"zero/read/n=0/size=8", "zero/read/n=0/size=16",
                                        "zero/read/n=1/size=8", "zero/read/n=1/size=16"}));
    EXPECT_EQ(
        names(zero({"ioctl:nr=0x6601", "read"}, {"arg=1,2"})),
        (std::vector<std::string>{"zero/ioctl/nr=0x6601/size=0/arg=1",
                                  "zero/ioctl/nr=0x6601/size=0/arg=2", "zero/read/size=4096"}));
}

TEST(DeviceCase, RefusesWhatMeansNothing) {
    EXPECT_THROW(make_device_case(zero({})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"open"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"read:nr=1"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"read:returns=us"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"read"}, {"arg=1"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"read", "read"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"ioctl"})), std::invalid_argument);
    EXPECT_THROW(make_device_case(zero({"read:size=-1"})), std::invalid_argument);
}

// ioctl(fd, 2) never reaches a driver: the kernel answers it.
TEST(DeviceCase, RefusesCommandsThatTheKernelAnswersItself) {
    EXPECT_THROW(make_device_case(zero({"ioctl:nr=2"})), std::invalid_argument);
    EXPECT_NO_THROW(make_device_case(zero({"ioctl:nr=3"})));
}

TEST(DeviceCase, MeasuresTheCallerTimeAndWhatIsReturned) {
    const auto sample = measure_first(zero({"read:size=64"}));
    EXPECT_GT(sample.user, 0);
    EXPECT_EQ(sample.total, kAbsent);
    EXPECT_EQ(sample.irqs, kAbsent);
    EXPECT_EQ(sample.extra.at(1), 64);
}

TEST(DeviceCase, WhatIsReadMustBeTheSameWhereThatIsExpected) {
    auto device = zero({"read:size=64"});
    device.expect = "same";
    EXPECT_NO_THROW(measure_first(device));
    device.node = "/dev/urandom";
    EXPECT_THROW(measure_first(device), WrongResult);
}

// A count of bytes must not pass for a time.
TEST(DeviceCase, AReturnedTimeIsNotLongerThanTheCall) {
    auto device = zero({"write:size=67108864,returns=ns"});
    EXPECT_THROW(measure_first(device), WrongResult);
}

TEST(DeviceCase, AnExpectedResultThatDiffersFailsThePoint) {
    const std::string path = testing::TempDir() + "expected.txt";
    std::ofstream(path) << "0 7\n1 8\n";
    auto device = zero({"write:size=7,returns=value"}, {"n=0"});
    device.expect = path;
    EXPECT_NO_THROW(measure_first(device));
    device.operations = {"write:size=8,returns=value"};
    EXPECT_THROW(measure_first(device), WrongResult);
    device.sweeps = {"n=5"};
    EXPECT_THROW(make_device_case(device), std::invalid_argument);
}

TEST(KoFile, RefusesWhatIsNoModule) {
    EXPECT_THROW(read_ko("/nonexistent.ko"), std::runtime_error);
    EXPECT_THROW(read_ko("/dev"), std::runtime_error);
    EXPECT_THROW(read_ko("/proc/self/exe"), std::runtime_error);
    const std::string path = testing::TempDir() + "squeezed.ko";
    std::ofstream(path) << "\xfd"
                           "7zXZ";
    try {
        read_ko(path);
        ADD_FAILURE();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("xz -dk"), std::string::npos) << error.what();
    }
}

TEST(KoFile, NamesTheMendWhereTheKernelIsAnother) {
    const KoFile ko{"fib", "6.1.0-1-amd64", "", {"size"}, ""};
    EXPECT_NO_THROW(check_ko(ko, "/x/fib.ko", "6.1.0-1-amd64", "/headers", "size=3"));
    try {
        check_ko(ko, "/x/fib.ko", "6.1.0-2-amd64", "/headers", "");
        ADD_FAILURE();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("make -C /headers M=/x modules"),
                  std::string::npos)
            << error.what();
    }
    EXPECT_THROW(check_ko(ko, "/x/fib.ko", "6.1.0-1-amd64", "/headers", "sise=3"),
                 std::runtime_error);
}

}  // namespace
}  // namespace kmb::bench
