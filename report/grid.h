// The series of a case arranged as tables: which coordinate runs down, which
// runs across, and which parts one table from the next.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/result.h"

namespace kmb::report {

// Coordinates that name a variant, a way of doing the same work. They become the
// columns of a table; any other coordinate but the swept one parts tables.
inline constexpr const char* kVariantKeys[] = {"algo", "half", "variant", "where"};

using Labels = std::vector<std::pair<std::string, std::string>>;  // key, value

// One table: rows by the swept coordinate, columns by variant.
struct Panel {
    Labels labels;             // what parts it from the case's other tables
    std::vector<double> rows;  // rising
    // "pdq" in the kernel, "pdq (user)" elsewhere; one empty name without variants.
    std::vector<std::string> columns;
    std::map<std::pair<double, std::string>, const analysis::SeriesResult*> cells;
    std::vector<std::string> groups;  // names of its series without the swept coordinate

    [[nodiscard]] const analysis::SeriesResult* at(double row, const std::string& column) const;
};

struct Grid {
    std::string case_name;
    std::string sweep;  // "bytes", "n"; empty when no coordinate is numeric
    Labels constant;    // coordinates that all series share
    std::vector<Panel> panels;
};

// One grid a case, sorted by name. Points into `run`.
std::vector<Grid> arrange(const analysis::RunResult& run);

// At most `most` of `values`, evenly chosen, with the first and the last.
std::vector<double> key_values(const std::vector<double>& values, std::size_t most);

// "read", "i32, random": the values of labels.
std::string joined(const Labels& labels);
// "pattern=random"; of a module or an operation the value alone.
std::string label_text(const std::pair<std::string, std::string>& label);

}  // namespace kmb::report
