#include "analysis/json.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <system_error>

namespace kmb::analysis {
namespace {

namespace fs = std::filesystem;

class Folder : public testing::Test {
  protected:
    void SetUp() override {
        path_ = fs::temp_directory_path() / ("kmb-json-" + std::to_string(getpid()));
        fs::create_directories(path_);
    }
    void TearDown() override { fs::remove_all(path_); }
    fs::path path_;
};

RunResult example() {
    Summary summary;
    summary.n = 7;
    summary.min = 1;
    summary.max = 9.25;
    summary.median = {3.5, Interval{1, 4, 0.984375, "order-statistic"}};
    summary.mean = {1.0 / 3.0, std::nullopt};
    summary.sd = std::nan("");
    summary.mad = 0.1;
    summary.quantiles = {{0.99, {9, std::nullopt}}};
    SeriesResult series;
    series.point = "hello/write/bytes=4096";
    series.case_name = "copy";
    series.module = "hello";
    series.operation = "write";
    series.coordinates = {{"bytes", "4096"}};
    series.n = 7;
    series.batch = 4;
    series.rounds_planned = 3;
    series.rounds_complete = 2;
    series.truncated_rows = 5;
    series.primary = "total";
    series.removed = {"double-mad", "total", {{"k", 3}}, {0, 6}};
    series.labels = {{"cause", "total", {}, {1}}};
    series.measures = {{"total", summary, summary}};
    series.tick = 0.5;
    series.order = {5.5,   std::nan(""), {{0, 3, 2, 1}, {3, 7, 4, 0.5}}, {5}, 3, -0.25,
                    0.125, "warm-up"};
    series.modes = {{{3, Interval{2, 4, 0.95, "order-statistic"}}, 0.75, 1, 5}};
    series.grade = {"care", {"warm-up: it begins higher"}};
    series.causes = {true,
                     5,
                     20,
                     190,
                     50,
                     2,
                     1,
                     {{"slept", 2, 1, NAN}},
                     {{"tukey", "total", {{"k", 1.5}}, {3}}}};
    series.net = Estimate{170, Interval{160, 181, 0.95, "mover"}};
    series.sleeping = {7, 2, 1, 4, 1, 7, 40.5, 190, 0, 30, {{3, 1, 2, {170, 20}}}};
    series.warnings = {"truncated: a \"quoted\" `word`"};
    RunResult run{"sim", "instructions", "double-mad", {series}, {}, {}, {}, {}, {"few"}, 1};
    run.fits = {{"affine",
                 "hello/write",
                 "bytes",
                 "total",
                 "a + b * bytes",
                 {{"b", "instructions/byte", {0.25, Interval{0.2, INFINITY, 0.95, "t"}}}},
                 5,
                 1,
                 4096,
                 0.5,
                 {"curved"}}};
    const Parameter a{"a", "instructions", {7, std::nullopt}};
    const Estimate at{93.5, Interval{64, 128, 0.95, "sizes apart"}};
    run.growth = {{"ksort/sort",
                   "n",
                   "work",
                   "NlgN",
                   "a + b * n lg n",
                   0.75,
                   0.02,
                   {a},
                   at,
                   {{"N", 0.25, 0.3}},
                   9,
                   16,
                   4096,
                   {"curved"}}};
    run.growth.resize(2);  // the second without an exponent
    run.pieces = {
        {"hello/read", "bytes", "user", {{5, 1, 4096, {a}}, {6, 8192, 65536, {a}}}, {at}, 0.01}};
    run.crossovers = {{"fibdrv/fib", "n", "work", "add", "doubling", at, true}};
    return run;
}

TEST_F(Folder, ComesBackAsItWas) {
    write_analysis(example(), path_.string());
    const RunResult back = read_analysis(path_.string());
    EXPECT_EQ(to_json(back), to_json(example()));
    const SeriesResult& series = back.series.at(0);
    EXPECT_EQ(series.coordinates.at(0), (std::pair<std::string, std::string>{"bytes", "4096"}));
    EXPECT_EQ(series.removed.rows, (std::vector<std::size_t>{0, 6}));
    EXPECT_EQ(series.removed.parameters.at("k"), 3);
    EXPECT_EQ(series.batch, 4);
    EXPECT_EQ(series.measures.at(0).all.median.interval->level, 0.984375);
    EXPECT_EQ(series.measures.at(0).all.mean.value, 1.0 / 3.0);
    EXPECT_FALSE(series.measures.at(0).all.mean.interval.has_value());
    EXPECT_EQ(back.fits.at(0).parameters.at(0).unit, "instructions/byte");
    EXPECT_EQ(back.time_unit, "instructions");
    EXPECT_EQ(back.growth.at(0).laws.at(0).law, "N");
    EXPECT_EQ(back.growth.at(0).exponent->interval->low, 64);
    EXPECT_FALSE(back.growth.at(1).exponent.has_value());
    EXPECT_EQ(back.pieces.at(0).pieces.at(1).from, 8192);
    EXPECT_EQ(back.pieces.at(0).knees.at(0).value, 93.5);
    EXPECT_EQ(back.crossovers.at(0).above, "doubling");
    EXPECT_TRUE(back.crossovers.at(0).leading);
}

// A file written before there was scaling in it.
TEST_F(Folder, ListsOfScalingMayBeMissing) {
    std::string text = to_json(example());
    text = text.substr(0, text.find(",\n\"growth\"")) + "\n}\n";
    const RunResult back = from_json(text, "x");
    EXPECT_EQ(back.fits.size(), 1U);
    EXPECT_TRUE(back.growth.empty());
    EXPECT_TRUE(back.crossovers.empty());
}

// A bare NaN is no JSON: other programs would refuse the whole file.
TEST_F(Folder, NonFiniteIsNullAndComesBackAsNaN) {
    const std::string text = to_json(example());
    EXPECT_EQ(text.find("nan"), std::string::npos);
    EXPECT_EQ(text.find("inf\n"), std::string::npos);
    const RunResult back = from_json(text, "x");
    EXPECT_TRUE(std::isnan(back.series[0].measures[0].all.sd));
    EXPECT_TRUE(std::isnan(back.fits[0].parameters[0].estimate.interval->high));
}

std::string error_of(const std::string& text) {
    try {
        from_json(text, "run/analysis.json");
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "no error";
}

TEST_F(Folder, ErrorsNameTheFileThePlaceAndTheMend) {
    const std::string whole = to_json(example());
    for (const std::size_t cut : {std::size_t{0}, whole.size() / 2, whole.size() - 3}) {
        const std::string error = error_of(whole.substr(0, cut));
        EXPECT_EQ(error.rfind("run/analysis.json: ", 0), 0U) << error;
        EXPECT_NE(error.find("kmodbench analyze"), std::string::npos) << error;
    }
    std::string other = whole;
    other.replace(other.find("\"mad\"", other.find("\"measures\"")), 5, "\"mud\"");
    EXPECT_NE(error_of(other).find("/series/0/measures/0/all"), std::string::npos)
        << error_of(other);
    other = whole;
    other.replace(other.find("analysis/1"), 10, "analysis/2");
    EXPECT_NE(error_of(other).find("analysis/2"), std::string::npos);
    EXPECT_NE(error_of("[1]"), "no error");
}

// A reader sees the old file or the new one; nothing is left behind on failure.
TEST_F(Folder, WritesWholeOrNotAtAll) {
    const std::string path = (path_ / "a.json").string();
    write_whole(path, "old");
    write_whole(path, "new");
    EXPECT_EQ(read_whole(path), "new");
    EXPECT_THROW(write_whole((path_ / "none" / "a.json").string(), "x"), std::system_error);
    fs::create_directory(path_ / "taken");
    EXPECT_THROW(write_whole((path_ / "taken").string(), "x"), std::system_error);
    EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator{}), 2);
    EXPECT_THROW(read_whole((path_ / "missing").string()), std::system_error);
}

}  // namespace
}  // namespace kmb::analysis
