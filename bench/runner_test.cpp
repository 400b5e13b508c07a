// The runner on a device that is made up: what it measures, when it stops, and that a
// resumed run ends where the whole one did.
#include "bench/runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "bench/affinity.h"
#include "bench/clock.h"

namespace kmb::bench {

// The list of the program is not needed here.
std::span<const std::unique_ptr<Case>> all_cases() {
    return {};
}

namespace {

// Times that follow from the point and the repetition alone.
class Made final : public Workload {
  public:
    explicit Made(const Point& point) : kind_(point.at("kind")) {}
    void prepare(std::uint64_t, std::uint64_t rep) override { rep_ = rep; }
    void run(Sample& sample) override {
        const std::uint64_t mixed = (rep_ * 2654435761U) >> 7U;
        const auto spread = static_cast<std::int64_t>(mixed % 1000);
        const auto round = static_cast<std::int64_t>(rep_ / kSamples);
        sample.start = static_cast<std::int64_t>(rep_);
        sample.user = kind_ == "steady"  ? 10000 + spread % 40
                      : kind_ == "modes" ? (round % 3 == 0 ? 14000 : 10000) + spread % 40
                                         : 10000 + 7 * spread + 900 * (round * 7 % 11);
        sample.total = sample.user;
    }
    void verify() override {}

    static constexpr std::uint64_t kSamples = 5;

  private:
    std::string kind_;
    std::uint64_t rep_ = 0;
};

class MadeCase final : public Case {
  public:
    [[nodiscard]] std::string_view name() const override { return "made"; }
    [[nodiscard]] std::string_view description() const override { return "made up"; }
    [[nodiscard]] std::string_view module() const override { return ""; }
    [[nodiscard]] std::vector<Point> points(Sweep) const override {
        return {{"m", "o", {{"kind", "modes"}}},
                {"m", "o", {{"kind", "restless"}}},
                {"m", "o", {{"kind", "steady"}}}};
    }
    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        return std::make_unique<Made>(point);
    }
};

struct Kept final : Sink {
    std::map<std::string, std::string, std::less<>> files;
    std::vector<std::string> notes;
    void append(std::string_view file, std::string_view lines) override {
        files[std::string(file)] += lines;
    }
    void progress(double, double, std::string_view) override {}
    void failure(std::string_view point, std::string_view message) override {
        ADD_FAILURE() << point << ": " << message;
    }
    void note(std::string_view text) override { notes.emplace_back(text); }
    void flush() override {}
};

// Blocks by point and round, with the rounds that their head says were planned.
std::map<std::pair<std::string, int>, int> blocks_of(const Kept& kept) {
    std::map<std::pair<std::string, int>, int> blocks;
    std::istringstream lines(kept.files.at("made.ksamp"));
    std::string point;
    int round = -1;
    for (std::string key, value; lines >> key; std::getline(lines, value)) {
        if (key == "point:") {
            lines >> point;
        } else if (key == "round:") {
            lines >> round;
        } else if (key == "rounds:") {
            lines >> blocks[{point, round}];
        }
    }
    return blocks;
}

int rounds_of(const Kept& kept, const std::string& kind) {
    int count = 0;
    for (const auto& [block, planned] : blocks_of(kept)) {
        count += block.first == "m/o/kind=" + kind ? 1 : 0;
    }
    return count;
}

struct Runner : ::testing::Test {
    MadeCase source;

    [[nodiscard]] Kept run(double width, const Rounds& complete = {}) const {
        Kept kept;
        run_into(kept, width, 0, complete);
        return kept;
    }

    void run_into(Sink& sink, double width, std::int64_t apart, const Rounds& complete = {}) const {
        std::vector<Selected> points;
        for (auto& point : source.points(Sweep::full)) {
            points.push_back({&source, point});
        }
        RunSettings settings;
        settings.cpu = default_cpu();
        settings.limits = Limits{.rounds = 30,
                                 .min_samples = 50,
                                 .max_samples = 150,
                                 .budget = 1'000'000'000,
                                 .warmup = 1,
                                 .warmup_limit = 0,
                                 .width = width,
                                 .apart = apart};
        settings.complete = complete;
        for (const auto& selected : points) {
            settings.planned[selected.point.name()] = {30, Made::kSamples};
        }
        measure(points, settings, sink);
    }
};

TEST_F(Runner, StopsAPointWhenItsMedianIsKnown) {
    const Kept kept = run(0.01);
    EXPECT_EQ(rounds_of(kept, "steady"), 10);
    EXPECT_EQ(rounds_of(kept, "modes"), 13) << "no look before 13 tells two levels";
    EXPECT_EQ(rounds_of(kept, "restless"), 30);
    const auto blocks = blocks_of(kept);
    EXPECT_EQ(blocks.at({"m/o/kind=steady", 0}), 10) << "planned as far as the next look";
    EXPECT_EQ(blocks.at({"m/o/kind=restless", 10}), 13);
    EXPECT_EQ(blocks.at({"m/o/kind=restless", 29}), 30);
    const std::string& why = kept.files.at("sampling.tsv");
    EXPECT_NE(why.find("m/o/kind=steady\t10\t50"), std::string::npos) << why;
    EXPECT_NE(why.find("narrow"), std::string::npos);
    EXPECT_NE(why.find("spent"), std::string::npos);
    EXPECT_NE(why.find("modes"), std::string::npos);
    ASSERT_EQ(kept.notes.size(), 2U);
    EXPECT_EQ(kept.notes[0].substr(0, 14), "plan: 3 points");
    EXPECT_NE(kept.notes[1].find("two levels: m/o/kind=modes"), std::string::npos) << kept.notes[1];
}

// When each block of one point began.
struct Begins final : Sink {
    std::vector<std::int64_t> at;
    void append(std::string_view, std::string_view lines) override {
        if (lines.find("point: m/o/kind=steady") != std::string_view::npos) {
            at.push_back(now_ns());
        }
    }
    void progress(double, double, std::string_view) override {}
    void failure(std::string_view, std::string_view) override {}
    void note(std::string_view) override {}
    void flush() override {}
};

// Three points take turns within microseconds: ten rounds would see next to nothing of the machine.
TEST_F(Runner, RoundsOfAPointLieApart) {
    constexpr std::int64_t kApart = 3'000'000;
    Begins begins;
    run_into(begins, 0.01, kApart);
    ASSERT_EQ(begins.at.size(), 10U);
    // A block begins at once when it may, or later: the sum of all gaps holds whatever else runs.
    EXPECT_GE(begins.at.back() - begins.at.front(), 8 * kApart);
}

TEST_F(Runner, WithoutAWidthEveryPointHasAllRounds) {
    const Kept kept = run(0);
    for (const char* kind : {"modes", "restless", "steady"}) {
        EXPECT_EQ(rounds_of(kept, kind), 30);
    }
    EXPECT_FALSE(kept.files.contains("sampling.tsv"));
}

// What a killed run has is not measured again, and counts for when to stop.
TEST_F(Runner, AResumedRunStopsWhereTheWholeOneDid) {
    const Kept whole = run(0.01);
    const auto blocks = blocks_of(whole);
    // The medians as they stand in the samples: of five rows each, the column `user`.
    Rounds complete;
    std::istringstream lines(whole.files.at("made.ksamp"));
    std::pair<std::string, std::uint64_t> at;
    std::vector<double> times;
    std::size_t taken = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        if (key == "point:") {
            words >> at.first;
        } else if (key == "round:") {
            words >> at.second;
            times.clear();
        } else if (key == "end:") {
            std::sort(times.begin(), times.end());
            if (++taken % 2 == 0) {  // an arbitrary half
                complete[at] = times[2];
            }
        } else if (!key.empty() && std::isdigit(key[0]) != 0) {
            double start = 0;
            double total = 0;
            double user = 0;
            words >> start >> total >> user;
            times.push_back(user);
        }
    }
    const auto rest = blocks_of(run(0.01, complete));
    for (const auto& [block, planned] : blocks) {
        const bool had = complete.contains({block.first, static_cast<std::uint64_t>(block.second)});
        EXPECT_NE(rest.contains(block), had) << block.first << " round " << block.second;
    }
    EXPECT_EQ(rest.size() + complete.size(), blocks.size());
}

}  // namespace
}  // namespace kmb::bench
