#include "analysis/golden/golden.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "analysis/json.h"

namespace kmb::analysis::golden {
namespace {

namespace fs = std::filesystem;

const std::string kGolden = std::string(KMB_SOURCE_DIR) + "/tests/data/golden";

// A folder of its own that is gone afterwards.
class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / fmt::format("kmb-golden-{}", getpid())) {
        fs::remove_all(path_);
        fs::create_directories(path_ / "data");
    }
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] std::string path() const { return path_.string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }

  private:
    fs::path path_;
};

std::string wrong_cases(const Report& report) {
    std::string text;
    for (const CaseResult& one : report.cases) {
        for (const std::string& failure : one.score.failures) {
            text += one.method + " " + one.id + ": " + failure + "\n";
        }
    }
    return text;
}

TEST(Golden, EveryCaseIsRight) {
    const Report report = run(kGolden);
    EXPECT_EQ(report.methods(), 45U);
    EXPECT_EQ(report.cases.size(), 345U);
    EXPECT_EQ(wrong_cases(report), "");
}

// The first number or text in a value, made different.
bool change_something(Json& value) {
    if (value.is_number()) {
        value = value.get<double>() * 1.5 + 1;
        return true;
    }
    if (value.is_boolean()) {
        value = !value.get<bool>();
        return true;
    }
    if (value.is_string()) {
        value = value.get<std::string>() + "x";
        return true;
    }
    for (auto& [name, inner] : value.items()) {
        if (name != "tol_abs" && change_something(inner)) {
            return true;
        }
    }
    return false;
}

// A comparison that overlooks a field would let wrong statistics pass.
TEST(Golden, AChangedExpectationMakesExactlyThatCaseFail) {
    const Folder folder;
    fs::remove(folder.path() + "/data");
    fs::create_directory_symlink(kGolden + "/data", folder.path() + "/data");
    int changed = 0;
    for (const auto& entry : fs::directory_iterator(kGolden)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".json" || name == "bootstrap_ci.json") {
            continue;  // bootstrap_ci takes long; block_bootstrap has the same fields
        }
        Json file = Json::parse(read_whole(entry.path().string()));
        Json& last = file["cases"].back();
        if (!last.contains("expected") || !change_something(last["expected"])) {
            continue;
        }
        ++changed;
        folder.write(name, file.dump());
        const Report report = run(folder.path());
        EXPECT_EQ(report.right(), report.cases.size() - 1) << name << wrong_cases(report);
        EXPECT_FALSE(report.cases.back().score.right()) << name;
        fs::remove(folder.path() + "/" + name);
    }
    EXPECT_GE(changed, 40);
}

TEST(Golden, AnUnknownMethodIsWrong) {
    const Folder folder;
    folder.write("phrenology.json", R"({"schema":"kmodbench-golden/1","method":"phrenology",
        "cases":[{"id":"a","inputs":{"x":[1,2]},"expected":{"n":2}}]})");
    const Report report = run(folder.path());
    ASSERT_EQ(report.cases.size(), 1U);
    EXPECT_FALSE(report.cases[0].score.right());
    EXPECT_NE(wrong_cases(report).find("no method 'phrenology'"), std::string::npos);
}

TEST(Golden, AFolderWithoutCasesIsAnError) {
    const Folder folder;
    EXPECT_THROW(run(folder.path()), std::runtime_error);
    EXPECT_THROW(run(folder.path() + "/absent"), std::runtime_error);
    const std::string begin = R"({"schema":"kmodbench-golden/1","cases":[{"id":)";
    const std::string deep(1'000'000, '[');
    for (const std::string& text :
         {std::string("{}"), std::string("{"), begin + "5}]}",
          begin + "\"a\",\"params\":{\"a\":" + deep + std::string(deep.size(), ']') + "}}]}"}) {
        folder.write("other.json", text);
        EXPECT_THROW(run(folder.path()), std::runtime_error) << text.substr(0, 60);
    }
}

// Counts that no memory holds, or that are none.
TEST(Golden, AnImpossibleParameterIsAWrongCase) {
    const Folder folder;
    for (const char* b : {"1e30", "-1", "1e300"}) {
        folder.write("bootstrap_ci.json",
                     fmt::format(R"({{"schema":"kmodbench-golden/1","cases":[{{"id":"a",
                         "inputs":{{"x":[1,2,3]}},"params":{{"B":{}}},"expected":{{"n":3}}}}]}})",
                                 b));
        EXPECT_NE(wrong_cases(run(folder.path())).find("B: 0 to"), std::string::npos) << b;
    }
}

double digits(double got, double certified) {
    return got == certified ? 15
                            : -std::log10(std::abs(got - certified) /
                                          (certified == 0 ? 1 : std::abs(certified)));
}

// NIST's NumAcc1 to 4 follow a rule: an offset, and steps about it. Their digits vanish
// where squares are subtracted.
TEST(Certified, NumAccKeepsItsDigits) {
    struct Set {
        double centre;
        double low;
        double high;
        int pairs;
        double sd;
    };
    const Set sets[] = {{10000002, 10000001, 10000003, 1, 1},
                        {1.2, 1.1, 1.3, 500, 0.1},
                        {1000000.2, 1000000.1, 1000000.3, 500, 0.1},
                        {10000000.2, 10000000.1, 10000000.3, 500, 0.1}};
    for (const Set& set : sets) {
        std::vector<double> x;
        if (set.pairs == 1) {
            x = {set.low, set.high, set.centre};
        } else {
            x.push_back(set.centre);
            for (int i = 0; i < set.pairs; ++i) {
                x.push_back(set.low);
                x.push_back(set.high);
            }
        }
        Inputs inputs;
        inputs.add("x", x);
        const Json got = evaluate("nist_univariate", inputs);
        EXPECT_GE(digits(got["mean"].get<double>(), set.centre), 14) << set.centre;
        EXPECT_GE(digits(got["sd"].get<double>(), set.sd), 8) << set.centre;
        const double r1 = set.pairs == 1 ? -0.5 : -0.999;
        EXPECT_GE(digits(got["r1"].get<double>(), r1), 8) << set.centre;
    }
}

Inputs polynomial(const std::vector<double>& noise) {
    std::string text = "x,y\n";
    for (int x = 0; x <= 20; ++x) {
        double y = 0;
        for (int k = 5; k >= 0; --k) {
            y = y * x + 1;
        }
        text += fmt::format("{},{}\n", x, y + noise[static_cast<std::size_t>(x)]);
    }
    Inputs inputs;
    inputs.add("xy", parse_table(text, "wampler"));
    return inputs;
}

// Wampler's sets: 1 + x + .. + x^5 and, from the third on, errors that are at right angles
// to every power, 1, 100 and 10000 times.
TEST(Certified, WamplerFindsOnes) {
    const std::vector<double> errors{759,   -2048, 2048,  -2048, 2523,  -2048, 2048,
                                     -2048, 1838,  -2048, 2048,  -2048, 1838,  -2048,
                                     2048,  -2048, 2523,  -2048, 2048,  -2048, 759};
    for (double scale : {0.0, 1.0, 100.0, 10000.0}) {
        std::vector<double> noise;
        for (double e : errors) {
            noise.push_back(scale * e);
        }
        const Json got = evaluate("nist_linreg", polynomial(noise), {{"degree", 5}});
        for (const Json& coefficient : got["coef"]) {
            EXPECT_GE(digits(coefficient.get<double>(), 1), 8) << scale;
        }
        EXPECT_GE(digits(got["sigma"].get<double>(), scale * 2360.14502379268), 8) << scale;
    }
}

TEST(Certified, NoInt1HasNoIntercept) {
    std::string text = "x,y\n";
    for (int i = 0; i <= 10; ++i) {
        text += fmt::format("{},{}\n", 60 + i, 130 + i);
    }
    Inputs inputs;
    inputs.add("xy", parse_table(text, "noint1"));
    const Json got = evaluate("nist_linreg", inputs, {{"intercept", false}});
    EXPECT_GE(digits(got["coef"][0].get<double>(), 2.07438016528926), 13);
    EXPECT_GE(digits(got["se"][0].get<double>(), 0.165289256198347e-01), 13);
    EXPECT_GE(digits(got["r2"].get<double>(), 0.999365492298663), 13);
}

TEST(Table, RefusesTextAmongNumbers) {
    EXPECT_EQ(parse_table("1\n2\nNaN\n-Inf\n", "t").rows(), 4U);
    EXPECT_EQ(parse_table("value\n1\n", "t").find("value")->values[0], 1);
    EXPECT_THROW(parse_table("value\n1x\n", "t"), std::runtime_error);
    EXPECT_THROW(parse_table("x,y\n1\n", "t"), std::runtime_error);
    EXPECT_EQ(parse_table("a\n1763771234567890123\n", "t").columns[0].integers[0],
              1763771234567890123);
    EXPECT_TRUE(parse_table("a\n1.5\n2\n", "t").columns[0].integers.empty());
}

}  // namespace
}  // namespace kmb::analysis::golden
