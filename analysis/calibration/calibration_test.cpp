// What the calibration says of this program, and whether it would say anything else.
#include "analysis/calibration/calibration.h"

#include <gtest/gtest.h>

#include "analysis/calibration/sources.h"
#include "analysis/stats/quantiles.h"

namespace kmb::analysis::calibration {
namespace {

std::vector<Line> lines_of(double effort, double slack, unsigned threads) {
    return calibrate({effort, slack, threads}, [](const Line&) {});
}

TEST(Calibration, AShortRunHoldsWhatIsAskedWithinThreeStandardErrors) {
    for (const Line& line : lines_of(0.05, 3, 2)) {
        EXPECT_TRUE(line.held()) << line.group << ", " << line.data << ": " << line.share;
    }
}

// A share that depends on how threads happened to run would be no measurement.
TEST(Calibration, TheSameWhateverTheNumberOfThreads) {
    const auto one = lines_of(0.01, 0, 1);
    const auto three = lines_of(0.01, 0, 3);
    ASSERT_EQ(one.size(), three.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].share, three[i].share) << one[i].group << ", " << one[i].data;
        EXPECT_EQ(one[i].peer_share, three[i].peer_share);
    }
}

TEST(Calibration, AShareOutsideItsRangeIsNotHeld) {
    Line line;
    line.repetitions = 1000;
    line.least = 0.94;
    line.most = 0.98;
    line.share = 0.93;
    EXPECT_FALSE(line.held());
    line.slack = 3;  // 0.93 is 1.3 standard errors below 0.94
    EXPECT_TRUE(line.held());
    line.share = 0.90;
    EXPECT_FALSE(line.held());
}

// Coverage of a wrong truth would be no coverage: each stated median against many values.
TEST(Sources, TheStatedMedianIsTheMedianOfTheTimes) {
    for (const Source& source : sources()) {
        Random random(7, 0);
        Source fine = source;
        fine.tick = 0.001;
        fine.rho = 0;
        const Sorted values(draw(fine, 400000, random));
        // Four standard errors, sqrt(1/4 / n) in probability.
        EXPECT_LT(quantile(values, 0.5 - 0.0032), source.median) << source.name;
        EXPECT_GT(quantile(values, 0.5 + 0.0032), source.median) << source.name;
    }
}

}  // namespace
}  // namespace kmb::analysis::calibration
