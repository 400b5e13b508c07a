// Does a result agree with what a reference case expects?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/methods/method.h"

namespace kmb::analysis::golden {

// A case and its result.
struct Subject {
    const Json& reference;    // the case: "expected", "certified" or "accept", "planted", ..
    const Json& default_tol;  // of its method
    const Inputs& inputs;
    const Json& got;
};

struct Score {
    std::vector<std::string> failures;                // "path: got 1, expected 2"; empty is right
    std::vector<std::pair<std::string, double>> lre;  // correct digits of certified values
    [[nodiscard]] bool right() const { return failures.empty(); }
};

// Every value in "expected" by the tolerances of case and method; intervals by the
// tolerances beside them.
Score score_expected(const Subject& subject, const std::string& method);

// NIST: digits -log10(|got - certified| / |certified|), at most 15; at least 8 are wanted
// (Filip's and a certified 0 need 7), of the mean 14.
Score score_certified(const Subject& subject);

// Scenarios: what a correct analysis must conclude.
Score score_accept(const Subject& subject);

}  // namespace kmb::analysis::golden
