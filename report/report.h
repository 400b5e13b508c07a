// report.md and report.html of a results directory.
#pragma once

#include <string>

#include "report/sections.h"

namespace kmb::report {

// The write-up. Without the appendix a sentence stands in its place.
Document compose(const Input& input, Language language, bool appendix = true);

// Reads analysis.json, manifest.json, figures/figures.json with the figures, and
// notes.md, which is made from a short template when it is not there.
// Throws std::runtime_error naming file, cause and mend when there is no analysis,
// or when the manifest is that of another target or unit; std::system_error when a
// file cannot be read or notes.md not be made.
Input gather(const std::string& directory, Language language);

// Writes DIR/report.md and DIR/report.html, each as a whole or not at all.
// Throws like gather().
void write_report(const std::string& directory, Language language);

}  // namespace kmb::report
