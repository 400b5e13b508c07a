// Which coordinate runs down a table, which across, and which parts tables.
#include "report/grid.h"

#include <gtest/gtest.h>

#include "report/fixture.h"
#include "report/manifest.h"

namespace kmb::report {
namespace {

using Names = std::vector<std::string>;

TEST(GridTest, SortIsSizeByVariantAndATableAPattern) {
    const auto run = large_run();
    const auto grids = arrange(run);
    ASSERT_EQ(grids.size(), 3U);
    const Grid& sort = grids[2];
    EXPECT_EQ(sort.case_name, "sort");
    EXPECT_EQ(sort.sweep, "n");
    ASSERT_EQ(sort.panels.size(), 5U);
    EXPECT_EQ(joined(sort.panels[1].labels), "random");
    EXPECT_EQ(sort.panels[1].rows.size(), 9U);
    EXPECT_EQ(sort.panels[1].columns, (Names{"heap", "heap (user)", "kernel", "kernel (user)",
                                             "pdq", "pdq (user)", "shell", "shell (user)"}));
    const auto* series = sort.panels[1].at(16, "pdq (user)");
    ASSERT_NE(series, nullptr);
    EXPECT_EQ(series->point, "ksort/sort/where=user/algo=pdq/pattern=random/n=16");
    EXPECT_EQ(sort.panels[1].at(17, "pdq"), nullptr);
}

// A module of one's own needs no line here: its coordinates arrange themselves.
TEST(GridTest, UnknownCasesArrangeThemselves) {
    analysis::RunResult run;
    for (const char* depth : {"1", "2", "10"}) {
        for (const char* mode : {"deep", "flat"}) {
            run.series.push_back(made_series("queue", "mine", "push",
                                             {{"mode", mode}, {"depth", depth}}, 100, 1, 10));
        }
    }
    const auto grids = arrange(run);
    ASSERT_EQ(grids.size(), 1U);
    EXPECT_EQ(grids[0].sweep, "depth");
    ASSERT_EQ(grids[0].panels.size(), 2U);
    EXPECT_EQ(grids[0].panels[0].rows, (std::vector<double>{1, 2, 10}));
    EXPECT_EQ(grids[0].panels[0].columns, Names{""});
    EXPECT_EQ(grids[0].panels[0].groups, Names{"mine/push/mode=deep"});
}

TEST(GridTest, OperationsPartTables) {
    analysis::RunResult run;
    run.series.push_back(made_series("copy", "hello", "read", {{"bytes", "1"}}, 100, 1, 10));
    run.series.push_back(made_series("copy", "hello", "write", {{"bytes", "1"}}, 100, 1, 10));
    const auto grids = arrange(run);
    ASSERT_EQ(grids[0].panels.size(), 2U);
    EXPECT_EQ(joined(grids[0].panels[1].labels), "write");
}

TEST(GridTest, PointsWithoutCoordinatesAreATableToo) {
    analysis::RunResult run;
    run.series.push_back(made_series("null", "hello", "call", {}, 100, 1, 10));
    const auto grids = arrange(run);
    ASSERT_EQ(grids.size(), 1U);
    EXPECT_EQ(grids[0].sweep, "");
    EXPECT_EQ(grids[0].panels[0].cells.size(), 1U);
}

TEST(KeyValues, FirstAndLastStay) {
    const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9};
    EXPECT_EQ(key_values(values, 3), (std::vector<double>{1, 5, 9}));
    EXPECT_EQ(key_values(values, 20), values);
    for (std::size_t most = 2; most < values.size(); ++most) {
        const auto chosen = key_values(values, most);
        EXPECT_EQ(chosen.size(), most);
        EXPECT_EQ(chosen.front(), 1);
        EXPECT_EQ(chosen.back(), 9);
    }
}

TEST(ManifestTest, ValuesOfAnyKindAreShown) {
    const auto manifest = parse_manifest(
        R"json({"seed": 7, "pinned_cpu": null, "target": {"name": "vm"}, "clock": {"step": 2.5},
         "modules": [{"name": "hello"}, 3], "settings": "none", "host": 5,
         "compiler": "gcc 12", "command": {"arguments": ["kmodbench", "run"]},
         "machine": {"lscpu": {"a": "1", "b": null}}})json");
    EXPECT_TRUE(manifest.present);
    EXPECT_EQ(manifest.seed, "7");
    EXPECT_FALSE(manifest.pinned_cpu.has_value());
    EXPECT_EQ(manifest.target, "vm");
    EXPECT_EQ(manifest.clock_step, "2.5");
    EXPECT_EQ(manifest.modules.size(), 2U);
    EXPECT_EQ(manifest.command, "kmodbench run");
    EXPECT_EQ(manifest.compiler, (Facts{{"", "gcc 12"}}));
    EXPECT_EQ(manifest.machine.lscpu, (Facts{{"a", "1"}}));
    EXPECT_FALSE(manifest.host.has_value());
}

// A megabyte of brackets ended the program: each level took a frame of the stack.
TEST(ManifestTest, DamageIsToldNotThrown) {
    const std::string deep(1'000'000, '[');
    for (const std::string& content : {std::string{}, std::string("{"), std::string("[1]"),
                                       std::string("\"x\""), std::string("{\"a\": \"\xff\"}"),
                                       "{\"a\": " + deep + std::string(deep.size(), ']') + "}"}) {
        const auto manifest = parse_manifest(content);
        EXPECT_FALSE(manifest.present) << content.substr(0, 20);
        EXPECT_FALSE(manifest.trouble.empty()) << content.substr(0, 20);
    }
}

}  // namespace
}  // namespace kmb::report
