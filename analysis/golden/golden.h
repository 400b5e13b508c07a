// Reference cases: samples, and what independent software says of them. A folder holds
// one METHOD.json a method and the samples in data/; docs/format-golden.md has the schema.
#pragma once

#include <string>
#include <vector>

#include "analysis/golden/score.h"

namespace kmb::analysis::golden {

struct CaseResult {
    std::string method;
    std::string id;
    Score score;
};

struct Report {
    std::vector<CaseResult> cases;  // by method, in the order of the files
    [[nodiscard]] std::size_t right() const;
    [[nodiscard]] std::size_t methods() const;
};

// Evaluates every case of every *.json in the folder. A method that is not known, a
// sample that cannot be read, a case without anything to compare with: each is a failure
// of that case. Throws std::runtime_error where the folder holds no cases or a file is
// not in the schema.
Report run(const std::string& folder);

}  // namespace kmb::analysis::golden
