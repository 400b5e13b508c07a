// The sections of a report, in the order in which they stand in it. Each appends
// blocks; none does so when it has nothing to say.
#pragma once

#include <string>
#include <vector>

#include "analysis/result.h"
#include "report/document.h"
#include "report/grid.h"
#include "report/manifest.h"
#include "report/words.h"

namespace kmb::report {

struct Figure {
    std::string name;     // "copy-overhead"
    std::string title;    // in English, used when the words have none
    std::string subject;  // the point it shows, or empty
    std::string file;     // for Markdown, relative to the results directory
    std::string content;  // for HTML
    std::string type;     // "image/svg+xml" or "image/png"
};

// All that a report is made of.
struct Input {
    analysis::RunResult run;
    Manifest manifest;
    std::vector<Figure> figures;
    std::vector<std::string> lost_figures;  // listed, but the file is not there
    std::string notes;
    std::string directory;  // as the user named it, for commands
};

struct Context {
    const Input& input;
    const Words& words;
    std::vector<Grid> grids;
    Document& document;

    void heading(int level, std::string_view key, Values values = {}) const;
    void paragraph(std::string_view key, Values values = {}) const;
    void notice(std::string_view key, Values values = {}) const;
    void add(Block block) const { document.blocks.push_back(std::move(block)); }
    // The unit of time, as a word of the language.
    [[nodiscard]] Inline unit() const;
    // The same behind a number: "12 instructions".
    [[nodiscard]] Inline count() const;
    // A fact, or the word for "unknown".
    [[nodiscard]] Inline fact(const Fact& fact) const;
    // Title of a column with the unit of time behind it.
    [[nodiscard]] Inline with_unit(Inline title) const;
    // The same of a measure: "kernel (ns)".
    [[nodiscard]] Inline measure_title(const std::string& measure) const;
};

// "3", "3 to 12".
std::string range(std::size_t low, std::size_t high, const Words& words);

// The measure of that name, null when the series has none or it holds no sample.
const analysis::Measure* find_measure(const analysis::SeriesResult& series,
                                      const std::string& name);

void add_summary(const Context& context);
void add_machine(const Context& context);
void add_method(const Context& context);
void add_results(const Context& context);
void add_grades(const Context& context);
// With the heading that add_causes() makes.
void add_sleeping(const Context& context);
void add_causes(const Context& context);
void add_bracket(const Context& context);
void add_removed(const Context& context);
void add_troubles(const Context& context);
void add_notes(const Context& context);
void add_again(const Context& context);
void add_reading(const Context& context);
void add_appendix(const Context& context, bool whole);

// Shared by results and appendix.
struct PanelTable {
    Table table;
    bool complete = true;  // false when rows were left out
};
// A panel as a table of at most `sizes` sizes. With one variant the measures run
// across (`every` one, or user, kernel and overhead); several run across, many down.
PanelTable panel_table(const Context& context, const Grid& grid, const Panel& panel,
                       std::size_t sizes, bool every);
// Grade and evidence of every series of a case.
Table grade_table(const Context& context, const std::string& case_name);
// The fits of these groups, empty table when there are none.
Table fit_table(const Context& context, const Grid& grid, const std::vector<std::string>& groups);
// How the times of these groups grow, the knees of what they cost a byte, and where their variants
// change the lead; empty tables when there is nothing to say.
Table growth_table(const Context& context, const std::vector<std::string>& groups);
Table knee_table(const Context& context, const std::vector<std::string>& groups);
Table crossover_table(const Context& context, const std::vector<std::string>& groups);

// The table that stands for the case in the main text.
const Panel& leading_panel(const Grid& grid);
// Whether the main text shows this panel in full.
bool shown_in_results(const Grid& grid, const Panel& panel);

inline constexpr std::size_t kMainRows = 10;   // more rows go to the appendix
inline constexpr std::size_t kMainPanels = 3;  // more tables too

}  // namespace kmb::report
