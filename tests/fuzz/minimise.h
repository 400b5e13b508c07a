// Fewer calls that still show what was found.
#pragma once

#include <string>
#include <vector>

namespace kmb::fuzz {

// Runs COMMAND... --only LIST, which makes one case again in a guest of its own, with ever
// fewer calls (Zeller, Hildebrandt: Simplifying and isolating failure-inducing input, 2002),
// and prints the smallest list that still fails. A status of 77 or 125 is no failure but an
// error. Returns the exit status: 0 where a list was found.
int minimise(const std::vector<std::string>& command);

}  // namespace kmb::fuzz
