// analysis.json: RunResult to a file and back; schema in docs/format-analysis.md.
#pragma once

#include <string>

#include "analysis/result.h"

namespace kmb::analysis {

// The text of analysis.json. Non-finite numbers become null.
std::string to_json(const RunResult& result);
// The reverse; null becomes NaN. `name` stands in errors.
// Throws std::runtime_error naming the file, the place in it and the cause.
RunResult from_json(const std::string& text, const std::string& name);

// Writes a file as a whole or not at all: temporary file beside it, fsync, rename.
// Throws std::system_error naming the file and the call.
void write_whole(const std::string& path, const std::string& text);
// Throws std::system_error naming the file.
std::string read_whole(const std::string& path);

// DIR/analysis.json. Throw as above.
void write_analysis(const RunResult& result, const std::string& directory);
RunResult read_analysis(const std::string& directory);

}  // namespace kmb::analysis
