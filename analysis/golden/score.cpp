#include "analysis/golden/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/methods/values.h"
#include "analysis/stats/quantile_regression.h"

namespace kmb::analysis::golden {
namespace {

struct Tolerance {
    double rel;
    double abs;
    [[nodiscard]] bool holds(double got, double want) const {
        return got == want || std::abs(got - want) <= abs + rel * std::abs(want);
    }
};

// Numbers, and the strings that stand for those JSON has no words for.
std::optional<double> as_number(const Json& value) {
    if (value.is_number()) {
        return value.get<double>();
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (value == "Infinity" || value == "-Infinity") {
        return value == "Infinity" ? kInfinity : -kInfinity;
    }
    return std::nullopt;
}

class Comparison {
  public:
    Comparison(Tolerance usual, const Json& tol) : usual_(usual), tol_(tol) {}

    void compare(const std::string& path, const Json& want, const Json& got, Tolerance tolerance) {
        const auto wanted = as_number(want);
        if (want.is_object()) {
            compare_object(path, want, got, tolerance);
        } else if (want.is_array()) {
            compare_array(path, want, got, tolerance);
        } else if (wanted && want.is_number_integer() && got.is_number_integer()) {
            // Beyond 2^53 a double would hide a difference.
            const bool close = tolerance.holds(got.get<double>(), *wanted);
            const bool exact = tolerance.rel == 0 && tolerance.abs == 0;
            expect(exact ? got == want : close, path, want, got);
        } else if (wanted) {
            const auto found = as_number(got);
            expect(found && tolerance.holds(*found, *wanted), path, want, got);
        } else {
            expect(got == want, path, want, got);
        }
    }

    [[nodiscard]] Tolerance usual() const { return usual_; }
    std::vector<std::string> failures;

  private:
    void expect(bool right, const std::string& path, const Json& want, const Json& got) {
        if (!right) {
            failures.push_back(fmt::format("{}: got {}, expected {}", path,
                                           got.is_null() ? "nothing" : got.dump(), want.dump()));
        }
    }

    // Fields of their own tolerance: "p_abs" of p-values that a table gives, 3 % of a
    // standard error by resampling.
    [[nodiscard]] Tolerance of_field(const std::string& name, Tolerance inherited) const {
        if (name == "p_interpolated" && tol_.contains("p_abs")) {
            return {0, tol_["p_abs"].get<double>()};
        }
        if (name == "bootstrap_se") {
            return {parameter(tol_, "rel_se", 0.03), inherited.abs};
        }
        return inherited;
    }

    void compare_object(const std::string& path, const Json& want, const Json& got,
                        Tolerance tolerance) {
        if (!got.is_object()) {
            return expect(false, path, want, got);
        }
        if (want.contains("ci") && want.contains("tol_abs")) {
            return compare_interval(path, want, got);
        }
        for (const auto& [name, value] : want.items()) {
            const auto found = got.find(name);
            compare(path.empty() ? name : path + "." + name, value,
                    found == got.end() ? Json() : *found, of_field(name, tolerance));
        }
    }

    void compare_interval(const std::string& path, const Json& want, const Json& got) {
        for (std::size_t end = 0; end < 2; ++end) {
            const bool there = got.contains("ci") && got["ci"].size() == 2;
            compare(fmt::format("{}.ci[{}]", path, end), want["ci"][end],
                    there ? got["ci"][end] : Json(), {0, want["tol_abs"][end].get<double>()});
        }
    }

    void compare_array(const std::string& path, const Json& want, const Json& got,
                       Tolerance tolerance) {
        if (!got.is_array() || got.size() != want.size()) {
            return expect(false, path, want, got);
        }
        // One end of an interval may lie near 0 by cancellation: both are compared on the
        // scale of the larger.
        if (path.find("ci95[") != std::string::npos && want.size() == 2) {
            const double ends[] = {as_number(want[0]).value_or(0), as_number(want[1]).value_or(0)};
            tolerance.abs += tolerance.rel * std::max(std::abs(ends[0]), std::abs(ends[1]));
        }
        for (std::size_t i = 0; i < want.size(); ++i) {
            compare(fmt::format("{}[{}]", path, i), want[i], got[i], tolerance);
        }
    }

    Tolerance usual_;
    const Json& tol_;
};

// A line of the same loss is as right: the optimum need not be one point.
bool as_good_a_line(const Subject& subject) {
    const Json& want = subject.reference["expected"];
    const auto a = as_number(want.value("intercept", Json()));
    const auto b = as_number(want.value("slope", Json()));
    if (!a || !b) {
        return false;
    }
    const double tau = parameter(subject.reference.value("params", Json::object()), "tau", 0.5);
    const double loss =
        quantile_loss(subject.inputs.column("xy", 0), subject.inputs.column("xy", 1), tau, *a, *b);
    return Tolerance{1e-6, 1e-6}.holds(loss, subject.got["objective"].get<double>());
}

// Certified 0s may have been computed, to 100 digits.
bool is_zero(double certified) {
    return std::abs(certified) < 1e-30;
}

double digits(double got, double certified) {
    const double error =
        is_zero(certified) ? std::abs(got) : std::abs(got - certified) / std::abs(certified);
    return error == 0 ? 15 : std::clamp(-std::log10(error), 0.0, 15.0);
}

double digits_wanted(const std::string& id, const std::string& path, double certified) {
    const bool mean = path == "mean";
    return mean ? 14 : id == "Filip" || is_zero(certified) ? 7 : 8;
}

void score_digits(const Subject& subject, const Json& certified, Score& score, bool report) {
    const std::string id = subject.reference.value("id", "");
    for (const auto& [name, value] : certified.items()) {
        const Json want = value.is_array() ? value : Json::array({value});
        const Json found = subject.got.value(name, Json());
        const Json got = value.is_array() ? found : Json::array({found});
        double least = 15;
        bool enough = got.size() == want.size();
        for (std::size_t i = 0; i < want.size() && enough; ++i) {
            const auto one = as_number(got[i]);
            const double certain = as_number(want[i]).value_or(std::nan(""));
            const double right = one ? digits(*one, certain) : 0;
            least = std::min(least, right);
            enough = right >= digits_wanted(id, name, certain);
        }
        if (report) {
            score.lre.emplace_back(name, enough || got.size() == want.size() ? least : 0);
        }
        if (!enough) {
            score.failures.push_back(
                fmt::format("{}: only {:.1f} digits right; got {}, certified {}", name, least,
                            found.dump(), value.dump()));
        }
    }
}

// How each thing to be concluded is checked: want is what "accept" says.
using Check = bool (*)(const Subject& subject, const Json& want);

bool within(const Json& got, const Json& range) {
    const auto value = as_number(got);
    return value && *value >= range[0].get<double>() && *value <= range[1].get<double>();
}

constexpr std::pair<const char*, Check> kChecks[] = {
    {"steady_from",
     [](const Subject& s, const Json& w) { return within(s.got["steady_from"], w); }},
    {"outlier_rate",
     [](const Subject& s, const Json& w) { return within(s.got["outlier_rate"], w); }},
    {"ratio", [](const Subject& s, const Json& w) { return within(s.got["ratio"], w); }},
    {"steady_median_rel_err",
     [](const Subject& s, const Json& w) {
         const double truth = s.reference["planted"]["steady_median_true"].get<double>();
         return std::abs(s.got["steady_median"].get<double>() - truth) <= w.get<double>() * truth;
     }},
    {"tick",
     [](const Subject& s, const Json& w) {
         return Tolerance{0.01, 0}.holds(s.got["tick"].get<double>(), w.get<double>());
     }},
    {"verdict",
     [](const Subject& s, const Json& w) {
         // What follows a semicolon explains the verdict.
         const auto text = w.get<std::string>();
         return s.got["verdict"] == text.substr(0, text.find(';'));
     }},
    {"shift_ci_contains",
     [](const Subject& s, const Json& w) {
         const Json& ci = s.got["shift_ci"];
         return ci[0].get<double>() <= w.get<double>() && w.get<double>() <= ci[1].get<double>();
     }},
    {"ess_a_max", [](const Subject& s,
                     const Json& w) { return s.got["ess_a"].get<double>() <= w.get<double>(); }},
    {"no_nan", [](const Subject& s, const Json& w) { return s.got["no_nan"] == w; }},
    {"n_modes", [](const Subject& s, const Json& w) { return s.got["n_modes"] == w; }},
    {"mode_tol",
     [](const Subject& s, const Json& w) {
         const Json& planted = s.reference["planted"]["modes"];
         bool close = planted.size() == s.got["modes"].size();
         for (std::size_t i = 0; i < planted.size() && close; ++i) {
             close = std::abs(s.got["modes"][i]["location"].get<double>() -
                              planted[i].get<double>()) <= w.get<double>();
         }
         return close;
     }},
    {"do_not_remove_second_mode",
     [](const Subject& s, const Json& w) { return s.got["labelled_only"] == w; }},
};

}  // namespace

Score score_expected(const Subject& subject, const std::string& method) {
    const Json own = subject.reference.value("tol", Json::object());
    const Tolerance tolerance{parameter(own, "rel", parameter(subject.default_tol, "rel", 1e-9)),
                              parameter(own, "abs", parameter(subject.default_tol, "abs", 1e-12))};
    Comparison comparison(tolerance, own.contains("p_abs") ? own : subject.default_tol);
    const Json& expected = subject.reference["expected"];
    comparison.compare("", expected, subject.got, tolerance);
    if (method == "quantile_regression" && !comparison.failures.empty() &&
        as_good_a_line(subject)) {
        Comparison loss(tolerance, own);
        loss.compare("objective", expected.value("objective", Json()),
                     subject.got.value("objective", Json()), tolerance);
        return {loss.failures, {}};
    }
    return {comparison.failures, {}};
}

Score score_certified(const Subject& subject) {
    Score score;
    score_digits(subject, subject.reference["certified"], score, true);
    for (const auto& [name, value] : subject.reference.items()) {
        if (name.rfind("recomputed", 0) == 0) {
            score_digits(subject, value, score, false);
        }
    }
    return score;
}

Score score_accept(const Subject& subject) {
    Score score;
    for (const auto& [name, want] : subject.reference["accept"].items()) {
        const auto check =
            std::find_if(std::begin(kChecks), std::end(kChecks),
                         [&key = name](const auto& row) { return row.first == key; });
        bool right = false;
        try {
            right = check != std::end(kChecks) && check->second(subject, want);
        } catch (const Json::exception&) {
            right = false;  // the result says nothing of it
        }
        if (!right) {
            score.failures.push_back(
                fmt::format("{}: {} is not met by {}", name, want.dump(), subject.got.dump()));
        }
    }
    return score;
}

}  // namespace kmb::analysis::golden
