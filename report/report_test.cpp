// The whole write-up: what stands in it, what happens when an input is missing.
#include "report/report.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "analysis/json.h"
#include "plots/figure_list.h"
#include "report/fixture.h"
#include "report/html.h"
#include "report/markdown.h"

namespace kmb::report {
namespace {

namespace fs = std::filesystem;

// An empty directory of results, removed at the end.
class ReportTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "kmb-report-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        directory_ = name;
    }
    void TearDown() override { fs::remove_all(directory_); }

    void put(const std::string& file, const std::string& content) const {
        fs::create_directories(fs::path(directory_ + "/" + file).parent_path());
        std::ofstream(directory_ + "/" + file, std::ios::binary) << content;
    }
    [[nodiscard]] std::string read(const std::string& file) const {
        return analysis::read_whole(directory_ + "/" + file);
    }
    [[nodiscard]] std::string error() const {
        try {
            write_report(directory_, Language::english);
        } catch (const std::exception& caught) {
            return caught.what();
        }
        return "no error";
    }

    std::string directory_;
};

bool contains(const std::string& content, const std::string& part) {
    return content.find(part) != std::string::npos;
}

std::string golden(const std::string& file) {
    return analysis::read_whole(std::string(KMB_SOURCE_DIR) + "/report/golden/" + file);
}

// Set KMB_WRITE_GOLDEN=1 to write what is made as what is expected; then read the diff.
void expect_golden(const std::string& made, const std::string& file) {
    if (std::getenv("KMB_WRITE_GOLDEN") != nullptr) {
        analysis::write_whole(std::string(KMB_SOURCE_DIR) + "/report/golden/" + file, made);
    }
    EXPECT_EQ(made, golden(file));
}

TEST(Golden, SmallRunInMarkdownIsAsReadByAPerson) {
    expect_golden(to_markdown(compose(small_input(), Language::english)), "small.en.md");
    expect_golden(to_markdown(compose(small_input(), Language::chinese)), "small.zh-TW.md");
}

TEST(Golden, SmallRunInHtmlIsAsReadByAPerson) {
    expect_golden(to_html(compose(small_input(), Language::english)), "small.en.html");
}

// "No report may show instructions as if they were nanoseconds."
TEST(Compose, InstructionsAreNeverCalledNanoseconds) {
    for (const Language language : {Language::english, Language::chinese}) {
        const std::string markdown = to_markdown(compose(small_input(), language));
        EXPECT_FALSE(std::regex_search(markdown, std::regex(R"((^|[^a-z])ns([^a-z]|$))")));
    }
}

TEST(Compose, UnitStandsInTheHeaderOfEveryTableOfTimes) {
    Input input;
    input.run = large_run();
    const Document document = compose(input, Language::english);
    std::size_t tables = 0;
    for (const Block& block : document.blocks) {
        const auto* table = std::get_if<Table>(&block.content);
        if (table == nullptr || !contains(plain(table->caption), "median with interval")) {
            continue;
        }
        ++tables;
        for (std::size_t i = 1; i < table->columns.size(); ++i) {
            EXPECT_TRUE(contains(plain(table->columns[i].title), "(instructions)"))
                << plain(table->columns[i].title);
        }
    }
    EXPECT_GE(tables, 4U);
}

// Growth with its exponent, knees between sizes, and the variants that take the lead at a size.
TEST(Compose, ScalingIsSaidInWordsOfBothLanguages) {
    Input input;
    input.run = large_run();
    const analysis::Interval sizes{4096, 8192, 0.95, "profile"};
    input.run.pieces[0].pieces.resize(2, input.run.pieces[0].pieces.at(0));
    input.run.pieces[0].knees = {{5000, sizes}};
    const std::string english = to_markdown(compose(input, Language::english));
    EXPECT_TRUE(contains(english, "Where a byte begins to cost more"));
    EXPECT_TRUE(contains(english, "5,000 \\[4,096, 8,192\\]"));
    EXPECT_TRUE(contains(english, "How the medians grow with the size"));
    EXPECT_TRUE(contains(english, "`a + b * n lg n`"));
    EXPECT_TRUE(contains(english, "none of the named"));
    EXPECT_TRUE(contains(english, "Where the fastest variant changes"));
    EXPECT_TRUE(contains(english, "\\[10,000, 20,000\\] | `doubling` |"));
    const std::string chinese = to_markdown(compose(input, Language::chinese));
    EXPECT_TRUE(contains(chinese, "最快變體的更替"));
    EXPECT_TRUE(contains(chinese, "每位元組成本的轉折"));
    input.run.growth.clear();
    input.run.pieces.clear();
    input.run.crossovers.clear();
    const std::string without = to_markdown(compose(input, Language::english));
    EXPECT_FALSE(contains(without, "How the medians grow with the size"));
    EXPECT_FALSE(contains(without, "Where the fastest variant changes"));
}

// A run of hundreds of points: the main tables stay short, nothing is lost.
TEST(Compose, LongSweepsAreShortInTheTextAndWholeInTheAppendix) {
    Input input;
    input.run = large_run();
    const Document document = compose(input, Language::english);
    for (const Block& block : document.blocks) {
        if (const auto* table = std::get_if<Table>(&block.content)) {
            EXPECT_LE(table->rows.size(), 24U) << plain(table->caption);
        }
    }
    const std::string markdown = to_markdown(document);
    for (const auto& series : input.run.series) {
        EXPECT_TRUE(contains(markdown, "`" + series.point + "`")) << series.point;
    }
}

// A GitHub comment takes 65,536 characters: the text stays below, the HTML is whole.
TEST_F(ReportTest, LongMarkdownPointsToTheHtmlForItsAppendix) {
    analysis::write_analysis(large_run(), directory_);
    ASSERT_EQ(error(), "no error");
    EXPECT_LT(read("report.md").size(), 65000U);
    EXPECT_TRUE(contains(read("report.md"), "every one of the 488 points"));
    for (const auto& series : large_run().series) {
        EXPECT_TRUE(contains(read("report.html"), series.point)) << series.point;
    }
}

TEST(Compose, WithoutAnySeriesTheReportSaysSo) {
    Input input;
    input.run.target = "host";
    input.run.time_unit = "ns";
    const std::string markdown = to_markdown(compose(input, Language::english));
    EXPECT_TRUE(contains(markdown, "No series was measured."));
}

// A NaN has no digits and an interval may be missing: both are said, not printed.
TEST(Compose, MissingIntervalsAndNanAreMarked) {
    Input input = small_input();
    auto& all = input.run.series[0].measures[0].all;
    all.median.interval.reset();
    input.run.series[0].measures[1].all.sd = std::numeric_limits<double>::quiet_NaN();
    const std::string markdown = to_markdown(compose(input, Language::english));
    EXPECT_TRUE(contains(markdown, "\\[?\\]"));
    EXPECT_FALSE(std::regex_search(markdown, std::regex(R"(\bnan\b)")));
}

TEST_F(ReportTest, WithoutAnalysisTheErrorNamesTheVerbThatMakesIt) {
    EXPECT_TRUE(contains(error(), "kmodbench analyze " + directory_)) << error();
}

TEST_F(ReportTest, MissingDirectoryIsNamed) {
    fs::remove_all(directory_);
    EXPECT_TRUE(contains(error(), directory_ + ": no such directory")) << error();
}

TEST_F(ReportTest, WithoutFiguresAndManifestTheReportIsMadeAndSaysSo) {
    analysis::write_analysis(small_input().run, directory_);
    EXPECT_EQ(error(), "no error");
    const std::string markdown = read("report.md");
    EXPECT_TRUE(contains(markdown, "`kmodbench plot " + directory_ + "`"));
    EXPECT_TRUE(contains(markdown, "There is no `manifest.json`"));
    EXPECT_TRUE(contains(markdown, "| kernel | unknown |"));
}

TEST_F(ReportTest, DamagedManifestIsAWarningNotAnEnd) {
    analysis::write_analysis(small_input().run, directory_);
    put("manifest.json", "{\"target\": {\"name\": \"s");
    EXPECT_EQ(error(), "no error");
    EXPECT_TRUE(contains(read("report.md"), "could not be read"));
}

// Numbers of one target under the machine of another.
TEST_F(ReportTest, ManifestOfAnotherTargetIsRefused) {
    analysis::write_analysis(small_input().run, directory_);
    put("manifest.json", R"({"target": {"name": "host"}, "time_unit": "ns"})");
    EXPECT_TRUE(contains(error(), "manifest.json says 'host', analysis.json says 'sim'"))
        << error();
    EXPECT_FALSE(fs::exists(directory_ + "/report.md"));
}

TEST_F(ReportTest, NotesAreMadeOnceAndNeverOverwritten) {
    analysis::write_analysis(small_input().run, directory_);
    ASSERT_EQ(error(), "no error");
    EXPECT_TRUE(contains(read("notes.md"), "This file is yours"));
    EXPECT_TRUE(contains(read("report.md"), "There are none yet"));
    put("notes.md", "My own **words** with `code`.\n");
    ASSERT_EQ(error(), "no error");
    EXPECT_EQ(read("notes.md"), "My own **words** with `code`.\n");
    EXPECT_TRUE(contains(read("report.md"), "My own **words** with `code`."));
    EXPECT_TRUE(
        contains(read("report.html"), "My own <strong>words</strong> with <code>code</code>."));
    put("notes.md", "");
    ASSERT_EQ(error(), "no error");
    EXPECT_EQ(read("notes.md"), "");
}

TEST_F(ReportTest, FiguresAreLinkedInMarkdownAndInsideTheHtml) {
    analysis::write_analysis(small_input().run, directory_);
    put("figures/copy-overhead.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    put("figures/copy-overhead.png", "PNG");
    plots::write_figure_list(directory_, {{"copy-overhead", "figure.copy-overhead", "Copy", "",
                                           "figures/copy-overhead.svg", "figures/copy-overhead.png",
                                           "figures/copy-overhead.gp"},
                                          {"gone", "figure.gone", "Gone", "", "figures/gone.svg",
                                           "figures/gone.png", "figures/gone.gp"}});
    ASSERT_EQ(error(), "no error");
    EXPECT_TRUE(contains(read("report.md"), "](figures/copy-overhead.svg)"));
    EXPECT_TRUE(contains(read("report.md"), "`figures/gone.svg` is listed but not there"));
    const std::string html = read("report.html");
    EXPECT_TRUE(contains(html, "src=\"data:image/svg+xml;base64,PHN2Zy"));
}

// One file that a reader can open anywhere and that runs nothing.
TEST_F(ReportTest, HtmlHasNoOutsideReferenceAndNoScript) {
    analysis::write_analysis(large_run(), directory_);
    put("manifest.json", large_manifest());
    put("figures/sort-comparison.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    plots::write_figure_list(directory_, {{"sort-comparison", "figure.sort-comparison", "Sort", "",
                                           "figures/sort-comparison.svg", "none", "none"}});
    put("notes.md", "<script>alert(1)</script> ![x](http://example.org/x.png)\n");
    ASSERT_EQ(error(), "no error");
    const std::string html = read("report.html");
    EXPECT_FALSE(std::regex_search(html, std::regex("<(script|link|iframe|object)")));
    EXPECT_FALSE(std::regex_search(html, std::regex("src=\"(?!data:image/)")));
    EXPECT_FALSE(std::regex_search(html, std::regex("href=\"(?!https?://|#)")));
    EXPECT_FALSE(contains(html, "@import"));
    EXPECT_FALSE(contains(html, "url("));
}

// The report is made into build/tests/report-preview as well, to be looked at.
TEST(Preview, LargeRunInBothLanguages) {
    for (const char* name : {"en", "zh-TW"}) {
        const std::string directory = std::string("tests/report-preview/") + name;
        fs::remove_all(directory);
        fs::create_directories(directory);
        analysis::write_analysis(large_run(), directory);
        analysis::write_whole(directory + "/manifest.json", large_manifest());
        analysis::write_whole(directory + "/notes.md",
                              "## 觀察\n\n- 第一點:`pdq` **最快**\n- 參閱 "
                              "[course](https://wiki.csie.ncku.edu.tw/linux/schedule)\n\n"
                              "```c\nint main(void) { return 0; }\n```\n\n"
                              "| n | ns |\n|--:|--|\n| 1 | 2 |\n");
        write_report(directory, language_named(name));
        EXPECT_GT(fs::file_size(directory + "/report.html"), 10000U);
    }
}

}  // namespace
}  // namespace kmb::report
