// Statistics by name: what goes in, what comes out, and the words for it. These are the
// names of `kmodbench stats --json` and of the reference cases of `kmodbench selftest`;
// docs/format-golden.md says where each definition comes from.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/table.h"

namespace kmb::analysis {

using Json = nlohmann::ordered_json;

// Named samples: "x"; "x" and "y"; "xy" with two columns; "g0", "g1", ..; "table" with
// the columns l0, l1, .. and value; "pairs" with start and end in integers.
class Inputs {
  public:
    void add(const std::string& name, Table table) { tables_[name] = std::move(table); }
    void add(const std::string& name, std::vector<double> values);

    [[nodiscard]] bool has(std::string_view name) const;
    // Throw std::invalid_argument naming what is missing.
    [[nodiscard]] const Table& table(std::string_view name) const;
    [[nodiscard]] const std::vector<double>& column(std::string_view name, std::size_t k) const;
    // The first column without values that are not finite.
    [[nodiscard]] std::vector<double> sample(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::map<std::string, Table, std::less<>> tables_;
};

struct Method {
    std::string_view name;
    std::string_view needs;  // names of the inputs, parted by spaces; "" for none
    Json (*evaluate)(const Inputs& inputs, const Json& params);
};

// All methods, sorted by name.
std::span<const Method> methods();

// Throws std::invalid_argument for a method that is not known (naming all that are), for
// missing inputs, and for samples the method is not defined on. Numbers that are not
// finite are the strings "NaN", "Infinity" and "-Infinity".
Json evaluate(std::string_view method, const Inputs& inputs, const Json& params = Json::object());

}  // namespace kmb::analysis
