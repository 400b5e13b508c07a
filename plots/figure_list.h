// The figures of a run: which there can be, and which were drawn. All that a
// write-up needs to know of figures; docs/format-figures.md is the schema.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace kmb::plots {

// One that was drawn. Paths are relative to the directory of the run.
struct DrawnFigure {
    std::string name;       // "copy-overhead"
    std::string title_key;  // "figure.copy-overhead", for the words of a write-up
    std::string title;      // in English
    std::string subject;    // the point it shows, where that was a choice; else empty
    std::string svg;        // "figures/copy-overhead.svg"
    std::string png;
    std::string gp;
};

// Writes DIR/figures/figures.json as a whole. Throws std::system_error.
void write_figure_list(const std::string& directory, const std::vector<DrawnFigure>& figures);

// Reads it. An empty list where the file does not exist.
// Throws std::runtime_error naming the file, the cause and the mend.
std::vector<DrawnFigure> read_figure_list(const std::string& directory);

}  // namespace kmb::plots
