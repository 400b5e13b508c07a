// p-values of many tests, raised to what they are worth together. In the order given.
//
// Holm's holds the chance of a single false alarm below the level whatever the tests
// depend on: for gates. Benjamini and Hochberg's holds the share of false alarms among
// all alarms: for dashboards. Benjamini and Yekutieli's does under any dependence.
#pragma once

#include <span>
#include <vector>

namespace kmb::analysis {

std::vector<double> bonferroni(std::span<const double> p);
std::vector<double> holm(std::span<const double> p);
std::vector<double> hochberg(std::span<const double> p);
std::vector<double> benjamini_hochberg(std::span<const double> p);
std::vector<double> benjamini_yekutieli(std::span<const double> p);

}  // namespace kmb::analysis
