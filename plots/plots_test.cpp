#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "plots/axes.h"
#include "plots/curves.h"
#include "plots/figures.h"
#include "plots/gnuplot.h"

namespace kmb::plots {
namespace {

namespace fs = std::filesystem;
using analysis::Interval;
using analysis::RunResult;
using analysis::SeriesResult;

class Folder : public testing::Test {
  protected:
    void SetUp() override {
        path_ = fs::temp_directory_path() / ("kmb-plots-" + std::to_string(getpid()));
        fs::create_directories(path_);
    }
    void TearDown() override { fs::remove_all(path_); }

    [[nodiscard]] std::string text(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }
    static std::string gnuplot() {
        try {
            return find_gnuplot();
        } catch (const std::runtime_error&) {
            return {};
        }
    }
    fs::path path_;
};

#define NEED_GNUPLOT()                              \
    if (gnuplot().empty()) {                        \
        GTEST_SKIP() << "gnuplot is not installed"; \
    }

SeriesResult series_of(const std::string& module, const std::string& operation,
                       std::vector<std::pair<std::string, std::string>> coordinates,
                       const std::vector<std::string>& measures, double median) {
    SeriesResult series;
    series.module = module;
    series.operation = operation;
    series.coordinates = std::move(coordinates);
    series.point = module + "/" + operation;
    for (const auto& [key, value] : series.coordinates) {
        series.point += fmt::format("/{}={}", key, value);
    }
    series.n = 20;
    series.primary = measures.front();
    for (const auto& name : measures) {
        analysis::Summary summary;
        summary.n = 20;
        summary.median = {median, Interval{median * 0.9, median * 1.1, 0.95, "order-statistic"}};
        series.measures.push_back({name, summary, summary});
    }
    return series;
}

RunResult copies(const std::string& unit) {
    RunResult run;
    run.target = unit == "ns" ? "host" : "sim";
    run.time_unit = unit;
    for (const std::string size : {"1", "4096", "65536"}) {
        run.series.push_back(series_of("hello", "write", {{"bytes", size}},
                                       {"total", "user", "overhead", "copy_in"},
                                       100 + std::stod(size)));
    }
    return run;
}

// Back-ticks run a shell inside double quotes of gnuplot; a lone quote would end ours.
TEST(Script, QuotesSoThatNothingOfARunIsCode) {
    EXPECT_EQ(quote("a `id` $b \"c\" \\d"), "'a `id` $b \"c\" \\d'");
    EXPECT_EQ(quote("it's\n'"), "'it''s '''");
}

TEST(Script, NumbersThatAreNoneDoNotReachGnuplot) {
    EXPECT_THROW(number(std::nan("")), std::invalid_argument);
    Script script("x", 100, 100);
    script.data({{1, 2}, {1, std::nan("")}, {INFINITY, 1}});
    EXPECT_EQ(script.blocks().at(0).rows.size(), 1U);
}

// A knee of one panel must not stand in the next.
TEST(Figures, AKneeIsMarkedInItsPanelOnly) {
    RunResult run = copies("ns");
    const auto text = [&] {
        std::string all;
        const auto script = copy_overhead({run, std::nullopt});
        for (const auto& command : script.value().commands()) {
            all += command + "\n";
        }
        return all;
    };
    EXPECT_EQ(text().find("set arrow"), std::string::npos);
    run.pieces = {
        {"hello/write", "bytes", "user", {}, {{5000, Interval{4096, 8192, 0.95, "x"}}}, 0},
        {"hello/write", "bytes", "total", {}, {{9, Interval{8, 10, 0.95, "x"}}}, 0}};
    EXPECT_NE(text().find("rectangle from 4096,graph 0 to 8192,graph 1"), std::string::npos);
    EXPECT_NE(text().find("from 5000,graph 0 to 5000,graph 1 nohead"), std::string::npos);
    EXPECT_EQ(text().find("from 9,graph 0"), std::string::npos) << "the caller's knees only";
    EXPECT_GT(text().find("unset arrow 20"), text().find("set arrow 20"));
}

TEST(Axes, ShortNumbersAreReadable) {
    EXPECT_EQ(short_number(0.02), "0.02");
    EXPECT_EQ(short_number(500), "500");
    EXPECT_EQ(short_number(1000), "1k");
    EXPECT_EQ(short_number(20e6), "20M");
    EXPECT_EQ(short_bytes(16), "16");
    EXPECT_EQ(short_bytes(4096), "4Ki");
    EXPECT_EQ(short_bytes(1 << 20), "1Mi");
    EXPECT_EQ(rounded(1234), "1.23k");
    EXPECT_EQ(grouped(1000000), "1 000 000");
    EXPECT_EQ(grouped(100), "100");
}

// Few labels overlap nowhere; no label at all leaves an axis without a scale.
TEST(Axes, EveryLogAxisHasSomeLabelsAndNotTooMany) {
    for (const double low : {0.003, 1.0, 7.0, 950.0}) {
        for (const double ratio : {1.0, 1.5, 12.0, 900.0, 1e5, 1e9, 1e12}) {
            for (const bool bytes : {false, true}) {
                Script script("x", 100, 100);
                log_axis(script, 'y', {low, low * ratio, true}, bytes && low >= 1);
                const std::string& tics = script.commands().back();
                std::size_t labels = 0;
                for (std::size_t at = tics.find('\''); at != std::string::npos;
                     at = tics.find('\'', tics.find('\'', at + 1) + 1)) {
                    labels += tics[at + 1] == '\'' ? 0U : 1U;
                }
                EXPECT_GE(labels, 1U) << low << " " << ratio << " " << tics;
                EXPECT_LE(labels, 13U) << low << " " << ratio << " " << tics;
            }
        }
    }
}

// "sim" counts instructions: an axis that says ns would be a lie.
TEST(Figures, TheUnitOfAnAxisIsTheRuns) {
    for (const std::string unit : {"ns", "instructions"}) {
        const auto script = copy_overhead({copies(unit), std::nullopt});
        ASSERT_TRUE(script.has_value());
        bool axis = false;
        for (const auto& command : script->commands()) {
            axis = axis || command == "set ylabel 'median cost of a call [" + unit + "]'";
            EXPECT_TRUE(unit == "ns" || command.find("[ns]") == std::string::npos);
        }
        EXPECT_TRUE(axis);
    }
}

TEST(Figures, WithoutDataThereIsNoFigure) {
    for (const Figure& figure : all_figures()) {
        EXPECT_FALSE(figure.make({RunResult{}, std::nullopt}).has_value()) << figure.name;
    }
    SeriesResult cut;
    cut.module = "hello";
    cut.operation = "write";
    cut.coordinates = {{"bytes", "1"}};
    RunResult run;
    run.series = {cut};
    for (const Figure& figure : all_figures()) {
        EXPECT_FALSE(figure.make({run, std::nullopt}).has_value()) << figure.name;
    }
    EXPECT_EQ(default_series(run), nullptr);
}

// Empty calls have no type and no pattern; more of them than sorts must not choose for these.
TEST(Figures, EmptyCallsDoNotHideTheSorts) {
    RunResult run;
    for (const std::string call : {"bracket", "ioctl", "read", "write"}) {
        run.series.push_back(series_of("ksort", "nop", {{"call", call}}, {"total"}, 5));
    }
    for (const std::string algo : {"heap", "quick", "nop"}) {
        run.series.push_back(series_of(
            "ksort", "sort",
            {{"where", "kernel"}, {"algo", algo}, {"type", "i32"}, {"pattern", "few"}, {"n", "16"}},
            {"work", "user", "total", "overhead"}, 5));
    }
    std::vector<std::string> drawn;
    for (const Figure& figure : all_figures()) {
        if (const auto script = figure.make({run, std::nullopt})) {
            drawn.push_back(figure.name);
            for (const std::string& command : script->commands()) {
                EXPECT_EQ(command.find("algo=nop"), std::string::npos) << command;
            }
        }
    }
    EXPECT_EQ(drawn, (std::vector<std::string>{"kernel-phases", "sort-comparison"}));
}

TEST(Figures, TheListIsSortedAndEachKnowsItsName) {
    const auto figures = all_figures();
    EXPECT_TRUE(std::is_sorted(figures.begin(), figures.end(), [](const auto& a, const auto& b) {
        return std::string_view(a.name) < b.name;
    }));
    for (const Figure& figure : figures) {
        EXPECT_EQ(std::string("figure.") + figure.name, figure.title_key);
    }
}

TEST(Curves, NamesAreWhatDiffers) {
    RunResult run;
    for (const std::string where : {"kernel", "user"}) {
        for (const std::string algo : {"heap", "quick"}) {
            run.series.push_back(series_of(
                "ksort", "sort", {{"where", where}, {"algo", algo}, {"type", "i32"}, {"n", "16"}},
                {"work"}, 5));
        }
    }
    const auto curves = curves_of(run, "ksort", "sort", "", [](const auto&) { return true; });
    EXPECT_EQ(names_of(curves), (std::vector<std::string>{"heap (kernel)", "quick (kernel)",
                                                          "heap (user)", "quick (user)"}));
    EXPECT_EQ(ranks_of(curves, "algo"), (std::vector<std::size_t>{0, 1, 0, 1}));
}

TEST_F(Folder, DrawsAllThatHaveDataAndListsThem) {
    NEED_GNUPLOT();
    fs::create_directories(path_ / "figures");
    std::ofstream(path_ / "figures" / "sort-patterns.png") << "of an older drawing";
    const auto drawn = draw_all({copies("instructions"), std::nullopt}, path_.string());
    ASSERT_EQ(drawn.size(), 2U);
    EXPECT_EQ(drawn[0].name, "copy-overhead");
    EXPECT_EQ(drawn[1].name, "kernel-phases");
    for (const auto& figure : drawn) {
        EXPECT_EQ(text(figure.png).substr(1, 3), "PNG");
        EXPECT_NE(text(figure.svg).find("</svg>"), std::string::npos);
        EXPECT_NE(text(figure.gp).find("$d1 <<"), std::string::npos);
    }
    EXPECT_FALSE(fs::exists(path_ / "figures" / "sort-patterns.png"));
    const auto listed = read_figure_list(path_.string());
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0].title_key, "figure.copy-overhead");
    EXPECT_EQ(listed[0].svg, "figures/copy-overhead.svg");
    EXPECT_EQ(listed[0].title, drawn[0].title);
}

// White, not transparent: black text vanishes on a dark page.
TEST_F(Folder, TheScriptRedrawsTheSamePictureOnWhite) {
    NEED_GNUPLOT();
    draw_all({copies("ns"), std::nullopt}, path_.string());
    const std::string first = text("figures/copy-overhead.svg");
    EXPECT_NE(first.find("fill=\"#ffffff\""), std::string::npos);
    fs::remove(path_ / "figures" / "copy-overhead.svg");
    const std::string command =
        "cd '" + (path_ / "figures").string() + "' && gnuplot copy-overhead.gp";
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(text("figures/copy-overhead.svg"), first);
}

TEST_F(Folder, NamesOfARunRunNoShell) {
    NEED_GNUPLOT();
    const std::string evil = "`touch " + (path_ / "ran").string() + "`'} ; system(\"touch " +
                             (path_ / "ran").string() + "\") #_^{x}";
    RunResult run = copies("ns");
    run.target = evil;
    run.series.push_back(series_of("fibdrv", "fib", {{"algo", evil}, {"n", "1"}}, {"work"}, 5));
    run.series.push_back(series_of("fibdrv", "fib", {{"algo", "b"}, {"n", "1"}}, {"work"}, 5));
    Trace trace{run.series.back().point, "work", {5, 6, 5}, {0, 1, 2}, {0}};
    EXPECT_EQ(draw_all({run, trace}, path_.string()).size(), 4U);
    EXPECT_FALSE(fs::exists(path_ / "ran"));
}

// gnuplot's exit status and its pictures are checked, not hoped for.
TEST_F(Folder, AFailureOfGnuplotIsAnErrorThatSaysWhatItSaid) {
    NEED_GNUPLOT();
    Script wrong("wrong", 100, 100);
    wrong.command("plot nonsense(");
    try {
        draw(wrong, path_.string(), gnuplot());
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("wrong.gp: gnuplot failed (exit status 1)"),
                  std::string::npos)
            << error.what();
        EXPECT_NE(std::string(error.what()).find("line"), std::string::npos) << error.what();
    }
    EXPECT_FALSE(fs::exists(path_ / "wrong.svg"));
    EXPECT_FALSE(fs::exists(path_ / "wrong.png"));
    Script silent("silent", 100, 100);
    silent.command("set output");  // no picture
    EXPECT_THROW(draw(silent, path_.string(), gnuplot()), std::runtime_error);
    EXPECT_THROW(draw(silent, path_.string(), "/bin/false"), std::runtime_error);
    EXPECT_THROW(draw(silent, path_.string(), "/nowhere/gnuplot"), std::runtime_error);
}

TEST_F(Folder, WithoutGnuplotTheErrorNamesThePackage) {
    const char* before = std::getenv("PATH");
    const std::string path = before == nullptr ? "" : before;
    setenv("PATH", path_.c_str(), 1);
    try {
        find_gnuplot();
        ADD_FAILURE();
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("gnuplot-nox"), std::string::npos);
    }
    setenv("PATH", path.c_str(), 1);
}

TEST_F(Folder, AListThatIsNotThereIsEmptyAndABrokenOneIsNot) {
    EXPECT_TRUE(read_figure_list(path_.string()).empty());
    fs::create_directories(path_ / "figures");
    std::ofstream(path_ / "figures" / "figures.json") << "{\"schema\": ";
    EXPECT_THROW(read_figure_list(path_.string()), std::runtime_error);
}

}  // namespace
}  // namespace kmb::plots
