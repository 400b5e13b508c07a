// Digits: as many as the interval carries, no more.
#include "report/number.h"

#include <gtest/gtest.h>

#include <limits>

namespace kmb::report {
namespace {

using analysis::Estimate;
using analysis::Interval;

Estimate within(double value, double low, double high) {
    return {value, Interval{low, high, 0.95, "order-statistic"}};
}

void expect(const Rounded& got, const std::string& value, const std::string& interval) {
    EXPECT_EQ(got.value, value);
    EXPECT_EQ(got.interval, interval);
}

TEST(Grouped, ThousandsAndDecimals) {
    EXPECT_EQ(grouped(0.0, 0), "0");
    EXPECT_EQ(grouped(999.0, 0), "999");
    EXPECT_EQ(grouped(1000.0, 0), "1,000");
    EXPECT_EQ(grouped(-1234567.891, 2), "-1,234,567.89");
    EXPECT_EQ(grouped(1234567.0, -3), "1,235,000");
    EXPECT_EQ(grouped(-0.001, 1), "0.0");
    EXPECT_EQ(grouped(std::numeric_limits<double>::quiet_NaN(), 1), "-");
    EXPECT_EQ(grouped(std::numeric_limits<double>::infinity(), 1), "-");
    EXPECT_EQ(grouped(std::size_t{18446744073709551615U}), "18,446,744,073,709,551,615");
}

TEST(RoundedTest, TwoDigitsOfHalfTheInterval) {
    expect(rounded(within(1234.56, 1229.1, 1240.9), 1), "1,234.6", "[1,229.1, 1,240.9]");
    expect(rounded(within(1234567, 1204567, 1264567), 1), "1,235,000", "[1,205,000, 1,265,000]");
    expect(rounded(within(0.028213, 0.02746, 0.02896), 9), "0.02821", "[0.02746, 0.02896]");
}

// A few samples with one far away: the value must not be blurred by the far end.
TEST(RoundedTest, LopsidedIntervalsKeepTheDigitsOfTheirShortSide) {
    expect(rounded(within(14129, 14102, 16702), 1), "14,129", "[14,102, 16,702]");
    expect(rounded(within(525812, 525812, 528311), 1), "525,800", "[525,800, 528,300]");
    expect(rounded(within(14129, 14128.9, 16702), 1), "14,129", "[14,129, 16,702]");
}

// Whole ns stay whole: a clock of one ns does not know tenths.
TEST(RoundedTest, WholeNumbersStayWhole) {
    expect(rounded(within(257, 255, 259), 1), "257", "[255, 259]");
    expect(rounded(within(257.5, 255, 259), 1), "257.5", "[255.0, 259.0]");
}

// In `sim` most intervals have no width; the count is exact and is shown whole.
TEST(RoundedTest, WithoutWidthEveryDigitCounts) {
    expect(rounded(within(9488, 9488, 9488), 1), "9,488", "");
    expect(rounded(within(9488.5, 9488.5, 9488.5), 1), "9,488.5", "");
    expect(rounded({9488, std::nullopt}, 1), "9,488", "");
    // A fitted constant is exact but for the last bits of its computation.
    expect(rounded(within(127, 127 - 1e-11, 127 + 2e-11), 3), "127", "");
    expect(rounded(within(1.875, 1.875 - 1e-13, 1.875), 9), "1.875", "");
    expect(rounded(within(1200, 1200 - 1e-9, 1200), 1), "1,200", "");
}

TEST(SignificantTest, Digits) {
    EXPECT_EQ(significant(1048576, 15), "1,048,576");
    EXPECT_EQ(significant(0.000210, 3), "0.000210");
    EXPECT_EQ(significant(1.0031, 3), "1.00");
    EXPECT_EQ(significant(123456, 3), "123,000");
    EXPECT_EQ(significant(0.5, 3), "0.500");
    EXPECT_EQ(significant(0, 3), "0");
    EXPECT_EQ(significant(3e-9, 3), "3.00e-09");
}

TEST(AlikeTest, AsFineAsTheIntervalOfTheCompanion) {
    EXPECT_EQ(alike(895.083, within(103, 96, 115), 1), "895.1");
    EXPECT_EQ(alike(895083.2, within(100000, 90000, 110000), 1), "895,000");
    EXPECT_EQ(alike(895.08, within(103, 103, 103), 1), "895.1");
}

TEST(PercentTest, SignAndDigits) {
    EXPECT_EQ(percent(0), "0 %");
    EXPECT_EQ(percent(-0.6338), "-63.4 %");
    EXPECT_EQ(percent(0.0123), "+1.23 %");
    EXPECT_EQ(percent(1e-9), "<0.001 %");
}

}  // namespace
}  // namespace kmb::report
