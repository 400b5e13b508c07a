#include "analysis/number_list.h"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

#include "analysis/line_reader.h"

namespace kmb::analysis {
namespace {

using Values = std::vector<double>;

NumberList read(const std::string& text, const std::string& column = "") {
    std::istringstream in(text);
    return read_numbers(in, "f", column);
}

std::string complaint(const std::string& text, const std::string& column = "") {
    try {
        read(text, column);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(NumberList, PlainListsAsTheyCome) {
    EXPECT_EQ(read("1\n2\n3\n").values, (Values{1, 2, 3}));
    EXPECT_EQ(read("  1 2.5\r\n\n# no number\n3e1").values, (Values{1, 2.5, 30}));
    EXPECT_EQ(read("ns\n7\n").name, "ns");
    EXPECT_EQ(read("ns\n7\n8\n").values, (Values{7, 8}));
    EXPECT_EQ(read("9007199254740993\n").total(), 1U);
}

TEST(NumberList, AColumnByNameOrByNumber) {
    const std::string csv = "name,time\n\"a, b\",12\nc,\"13\"\n";
    EXPECT_EQ(read(csv, "time").values, (Values{12, 13}));
    EXPECT_EQ(read(csv, "2").values, (Values{12, 13}));
    EXPECT_EQ(read(csv, "2").name, "time");
    EXPECT_EQ(read("1;5\n2;6\n", "2").values, (Values{5, 6}));
    EXPECT_EQ(read("a\tb\n1\t2\n", "b").values, (Values{2}));
    EXPECT_EQ(read("a b\n1 2\n3 4\n", "b").values, (Values{2, 4}));
}

// What is no number of the list is counted, not silently gone and not a value.
TEST(NumberList, WhatIsNotThereIsCounted) {
    const NumberList list = read("1\nNaN\ninf\n-inf\nNA\n-\n-5\n");
    EXPECT_EQ(list.values, (Values{1, -5}));
    EXPECT_EQ(list.nan, 1U);
    EXPECT_EQ(list.infinite, 2U);
    EXPECT_EQ(list.missing, 2U);
    EXPECT_EQ(list.total(), 7U);
}

TEST(NumberList, ComplaintsNameLineCauseAndMend) {
    EXPECT_EQ(complaint("1\n2x\n"), "f:2: '2x' is no number; mend the line, or write NA for none");
    EXPECT_NE(complaint("a,b\n1,2\n").find("choose one with --column"), std::string::npos);
    EXPECT_NE(complaint("1,2\n3,4\n").find("2 columns"), std::string::npos);
    EXPECT_NE(complaint("a,b\n1,2\n", "c").find("no column 'c'"), std::string::npos);
    EXPECT_NE(complaint("a,b\n1,2\n3\n", "b").find("f:3: 1 fields"), std::string::npos);
    EXPECT_NE(complaint("").find("no number"), std::string::npos);
    EXPECT_NE(complaint("\n\n# x\n").find("no number"), std::string::npos);
    EXPECT_NE(complaint("a,b\n\"x,1\n", "b").find("quote"), std::string::npos);
}

// Ten gigabytes without a line feed, or of numbers, must not take all memory.
TEST(NumberList, HasALimitOfLinesAndNumbers) {
    EXPECT_NE(complaint(std::string(LineReader::kLongestLine + 1, '1')).find("line feeds"),
              std::string::npos);
    EXPECT_EQ(read(std::string(LineReader::kLongestLine - 1, ' ') + "1").total(), 1U);
    std::string many;
    for (std::size_t i = 0; i <= kMostNumbers; ++i) {
        many += i % 100 == 99 ? "7\n" : "7 ";
    }
    EXPECT_NE(complaint(many).find("the limit"), std::string::npos);
}

}  // namespace
}  // namespace kmb::analysis
