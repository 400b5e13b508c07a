#include "analysis/ksamp_reader.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kmb::analysis {
namespace {

// The reference: written from the text of the format, apart from the reader.
std::string hash_of(const std::string& rows) {
    std::uint64_t value = 0xcbf29ce484222325U;
    for (const char c : rows) {
        value ^= static_cast<unsigned char>(c);
        value *= 0x100000001b3U;
    }
    return fmt::format("{:016x}", value);
}

struct BlockText {
    std::string point = "hello/write/bytes=4096";
    int round = 0;
    std::string rows = "0 10 5 7 1 2 1 0 0 0 0 0 0 0\n1 30 6 8 1 2 - 0 0 0 0 0 0 0\n";
    std::string extra_key;
    std::string extra_column;
    std::string unit = "ns";
    std::string target = "host";

    [[nodiscard]] std::string text() const {
        const auto count = std::count(rows.begin(), rows.end(), '\n');
        return fmt::format(
            "kmodbench-samples: 1\ncase: copy\npoint: {}\ntarget: {}\ntime-unit: {}\n"
            "clock-step: 1\nround: {}\nrounds: 2\nseed: 18446744073709551615\nbatch: 1\n{}columns: "
            "rep start "
            "total user copy_in work copy_out cpu cpu_end irqs softirqs nvcsw nivcsw faults{}\n"
            "{}end: {} {}\n",
            point, target, unit, round, extra_key, extra_column, rows, count, hash_of(rows));
    }
};

std::vector<Block> blocks_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<Block> blocks;
    read_blocks(in, "x.ksamp", [&](Block&& block) { blocks.push_back(std::move(block)); });
    return blocks;
}

Samples samples_of(const std::string& text) {
    SampleMerger merger;
    for (auto& block : blocks_of(text)) {
        merger.add(std::move(block));
    }
    return merger.finish();
}

std::string error_of(const std::string& text) {
    try {
        samples_of(text);
    } catch (const FormatError& error) {
        return error.what();
    }
    return "no error";
}

TEST(KsampReader, TheExampleOfTheDocumentIsWhole) {
    std::ifstream doc(KMB_SOURCE_DIR "/docs/format-ksamp.md");
    std::string text;
    for (std::string line; std::getline(doc, line);) {
        const bool begins = line.rfind("    kmodbench-samples:", 0) == 0;
        if (begins || (!text.empty() && line.rfind("    ", 0) == 0)) {
            text += line.substr(4) + "\n";
        } else if (!text.empty()) {
            break;
        }
    }
    const auto blocks = blocks_of(text);
    ASSERT_EQ(blocks.size(), 1U);
    EXPECT_EQ(blocks[0].damage, "");
    EXPECT_EQ(blocks[0].rows, 2U);
    EXPECT_EQ(blocks[0].columns.back().name, "user_start");
    EXPECT_EQ(blocks[0].columns.back().values[1], 812390563);
}

TEST(KsampReader, MergesRoundsInOrderOfRound) {
    BlockText first;
    BlockText second;
    second.round = 1;
    second.rows = "2 50 9 11 1 2 1 0 0 0 0 0 0 0\n";
    const auto samples = samples_of(second.text() + first.text());
    ASSERT_EQ(samples.series.size(), 1U);
    const Series& series = samples.series[0];
    EXPECT_EQ(series.rows, 3U);
    EXPECT_EQ(*series.column("total"), (std::vector<std::int64_t>{5, 6, 9}));
    EXPECT_EQ(series.rounds, (std::vector<std::int64_t>{0, 1}));
    EXPECT_EQ(series.round_begin, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(series.rounds_planned, 2);
    EXPECT_EQ(series.module, "hello");
    EXPECT_EQ(series.operation, "write");
    EXPECT_EQ(series.coordinates[0].second, "4096");
}

// "-" read as 0 would turn "not measured" into "free".
TEST(KsampReader, DashIsAbsentAndNotZero) {
    const auto samples = samples_of(BlockText{}.text());
    EXPECT_EQ(*samples.series[0].column("copy_out"), (std::vector<std::int64_t>{1, kAbsent}));
}

TEST(KsampReader, KeepsUnknownKeysAndTrailingColumns) {
    BlockText block;
    block.extra_key = "weather: cloudy: with rain\n";
    block.extra_column = " moon";
    block.rows = "0 10 5 7 1 2 1 0 0 0 0 0 0 0 -9223372036854775807\n";
    BlockText old;
    old.round = 1;
    const auto samples = samples_of(block.text() + old.text());
    const Series& series = samples.series[0];
    EXPECT_EQ(series.keys.back().second, "cloudy: with rain");
    EXPECT_EQ(*series.column("moon"),
              (std::vector<std::int64_t>{-9223372036854775807, kAbsent, kAbsent}));
}

// Every prefix of a file gives the blocks that are whole in it, says what was cut,
// and never throws or makes rows up; a round appended behind any cut is read whole.
TEST(KsampReader, CutAtEveryByte) {
    BlockText first;
    BlockText second;
    second.round = 1;
    BlockText third;
    third.point = "hello/read/bytes=1";
    const std::string head = first.text();
    const std::string file = head + second.text();
    for (std::size_t cut = 0; cut <= file.size(); ++cut) {
        const std::string prefix = file.substr(0, cut);
        const auto blocks = blocks_of(prefix);
        std::size_t whole = 0;
        for (const auto& block : blocks) {
            whole += block.damage.empty() ? 1U : 0U;
        }
        EXPECT_EQ(whole, cut < head.size() ? 0U : cut < file.size() ? 1U : 2U) << "cut at " << cut;
        const bool clean = cut == 0 || cut == head.size() || cut == file.size();
        EXPECT_EQ(blocks.size() - whole, clean ? 0U : 1U) << "cut at " << cut;

        const auto after = samples_of(prefix + third.text());
        const bool seen = std::any_of(after.series.begin(), after.series.end(), [](const auto& s) {
            return s.point == "hello/read/bytes=1" && s.rows == 2;
        });
        EXPECT_TRUE(seen) << "cut at " << cut;
        const auto redone = samples_of(prefix + first.text() + second.text());
        ASSERT_EQ(redone.series.size(), 1U) << "cut at " << cut;
        EXPECT_EQ(redone.series[0].rows, 4U) << "cut at " << cut;
        EXPECT_EQ(redone.series[0].truncated_rows, 0U) << "cut at " << cut;
    }
}

// Any one damaged byte of the rows or the end line costs that block and no other.
TEST(KsampReader, DamageOfAnyRowByteCostsItsBlockAlone) {
    const std::string head = BlockText{}.text();
    BlockText next;
    next.point = "hello/read/bytes=1";
    for (std::size_t at = head.find("faults") + 6; at < head.size(); ++at) {
        for (const char wrong : {'\0', '\n', 'x', '7'}) {
            std::string text = head + next.text();
            if (text[at] == wrong) {
                continue;
            }
            text[at] = wrong;
            std::size_t whole = 0;
            for (const auto& block : blocks_of(text)) {
                whole += block.damage.empty() ? 1U : 0U;
                EXPECT_TRUE(!block.damage.empty() || block.key("point") == "hello/read/bytes=1")
                    << "byte " << at << " as " << static_cast<int>(wrong);
            }
            EXPECT_EQ(whole, 1U) << "byte " << at;
        }
    }
}

TEST(KsampReader, TruncatedBlockIsReportedWithItsRowsAndCause) {
    BlockText block;
    std::string text = block.text();
    text.resize(text.find("end: "));
    const auto samples = samples_of(text);
    ASSERT_EQ(samples.truncated.size(), 1U);
    EXPECT_EQ(samples.truncated[0].rows, 2U);
    EXPECT_EQ(samples.truncated[0].round, 0);
    EXPECT_EQ(samples.truncated[0].line, 1U);
    EXPECT_EQ(samples.truncated[0].cause, "no 'end:' line");
    ASSERT_EQ(samples.series.size(), 1U);
    EXPECT_EQ(samples.series[0].rows, 0U);
    EXPECT_EQ(samples.series[0].truncated_rows, 2U);
    const auto mended = samples_of(text + block.text());
    EXPECT_TRUE(mended.truncated[0].replaced);
    EXPECT_EQ(mended.series[0].truncated_rows, 0U);
    EXPECT_EQ(mended.series[0].rows, 2U);
}

TEST(KsampReader, WrongCountAndWrongCheckNameTheLine) {
    std::string text = BlockText{}.text();
    text.replace(text.find("end: 2"), 6, "end: 3");
    EXPECT_EQ(blocks_of(text).at(0).damage, "'end:' in line 14 counts 3 rows, the block has 2");
    text = BlockText{}.text();
    text.replace(text.find("0 10 5"), 6, "0 10 4");
    EXPECT_NE(blocks_of(text).at(0).damage.find("check in line 14"), std::string::npos);
}

TEST(KsampReader, SaysWhatIsWrongWithAForeignFile) {
    EXPECT_EQ(error_of("a,b\n1,2\n"),
              "x.ksamp:1: not a kmodbench sample file: it must begin with 'kmodbench-samples: 1'");
    EXPECT_EQ(error_of("kmodbench-samples: 2\n"),
              "x.ksamp:1: version '2' of the sample format; this program reads version 1");
}

// Two units in one table is the one mistake that no reader could see later.
TEST(KsampReader, RefusesTwoUnitsInOneRun) {
    BlockText other;
    other.point = "hello/read/bytes=1";
    other.unit = "instructions";
    EXPECT_EQ(error_of(BlockText{}.text() + other.text()),
              "x.ksamp:15: 'time-unit: instructions', but 'ns' in the blocks before; do not mix "
              "runs");
}

TEST(KsampReader, BlockDescribesItselfOrIsNotUsed) {
    std::string text = BlockText{}.text();
    text.erase(text.find("round: 0\n"), 9);
    EXPECT_EQ(blocks_of(text).at(0).damage, "no key 'round'");
    BlockText wide;
    wide.rows = "0 10 5 7 1 2 1 0 0 0 0 0 0\n";
    EXPECT_EQ(blocks_of(wide.text()).at(0).damage, "line 12 is no row of 14 integers");
    BlockText overflow;
    overflow.rows = "0 10 5 7 1 2 1 0 0 0 0 0 0 9223372036854775808\n";
    EXPECT_EQ(blocks_of(overflow.text()).at(0).damage, "line 12 is no row of 14 integers");
}

TEST(KsampReader, SameRoundTwiceUsesTheFirstAndWarns) {
    BlockText again;
    again.rows = "0 10 99 7 1 2 1 0 0 0 0 0 0 0\n";
    const auto samples = samples_of(BlockText{}.text() + again.text());
    EXPECT_EQ((*samples.series[0].column("total"))[0], 5);
    ASSERT_EQ(samples.warnings.size(), 1U);
    EXPECT_EQ(samples.warnings[0].rfind("duplicate: x.ksamp:15", 0), 0U);
}

TEST(KsampReader, CompleteRoundsAreWhatResumeMaySkip) {
    const auto path =
        std::filesystem::temp_directory_path() / fmt::format("kmb-ksamp-{}.ksamp", getpid());
    BlockText second;
    second.round = 1;
    const std::string cut = second.text();
    std::ofstream(path) << BlockText{}.text() << cut.substr(0, cut.size() - 3);
    EXPECT_EQ(complete_rounds(path.string()),
              (std::vector<std::pair<std::string, std::int64_t>>{{"hello/write/bytes=4096", 0}}));
    std::filesystem::remove(path);
    EXPECT_TRUE(complete_rounds(path.string()).empty());
}

// Blocks glued together in one line were taken apart by as many nested calls.
TEST(KsampReader, ALineOfManyBeginningsIsNoEndOfTheStack) {
    std::string text;
    for (int i = 0; i < 50000; ++i) {
        text += "kmodbench-samples: ";
    }
    EXPECT_EQ(blocks_of(text + "1\n").size(), 50000U);
    EXPECT_THROW(blocks_of(std::string(std::size_t{1} << 21U, 'x')), std::runtime_error);
}

}  // namespace
}  // namespace kmb::analysis
