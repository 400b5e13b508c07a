// Every method on samples that it is not made for: an answer or an explanation.
#include "analysis/methods/method.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<std::vector<double>> kHostile = {
    {},
    {kNaN},
    {kNaN, kInfinity, -kInfinity},
    {0},
    {5},
    {-3, 4},
    {1, 1},
    {7, 7, 7},
    {0, 0, 0, 0, 0, 0},
    {1, 2, 3},
    {-1e9, -5, 0, 5, 1e9},
    {1e308, -1e308, 1e308, 5},
    {1e-320, 2e-320, 3e-320, 1e-320},
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 2},
    std::vector<double>(600, 41),
    {1, kNaN, 2, kInfinity, 3, 4, 5, 6, 7, 8, 9, 10},
};

Inputs all_inputs(const std::vector<double>& x, const std::vector<double>& y) {
    Inputs inputs;
    for (const char* name : {"x", "values", "a", "g0", "g2"}) {
        inputs.add(name, x);
    }
    for (const char* name : {"y", "b", "g1"}) {
        inputs.add(name, y);
    }
    Table xy;
    std::vector<double> paired = y;
    paired.resize(x.size(), 1);
    xy.columns = {{"x", x, {}}, {"y", paired, {}}};
    inputs.add("xy", xy);
    inputs.add("pairs", xy);
    inputs.add("table", xy);
    return inputs;
}

TEST(Methods, HostileSamplesGetAnAnswerOrAnExplanation) {
    int answers = 0;
    for (const Method& method : methods()) {
        for (const auto& x : kHostile) {
            for (const auto& y : {x, std::vector<double>{1, 2, 2, 3, 10}, std::vector<double>{4}}) {
                try {
                    const Json got =
                        evaluate(method.name, all_inputs(x, y), {{"B", 200}, {"stat", "mean"}});
                    EXPECT_TRUE(got.is_object()) << method.name;
                    ++answers;
                } catch (const std::invalid_argument& error) {
                    EXPECT_NE(std::string(error.what()), "") << method.name;
                }
            }
        }
    }
    EXPECT_GT(answers, 800);
}

TEST(Methods, NumbersThatJsonCannotSayAreWords) {
    Inputs inputs;
    inputs.add("x", std::vector<double>{42});
    EXPECT_EQ(evaluate("summary", inputs)["sd"], "NaN");
    EXPECT_EQ(evaluate("order_stat_ci", inputs)["exact"][0]["upper"], "Infinity");
}

TEST(Methods, AreSortedAndUnknownOnesAreNamed) {
    for (std::size_t i = 1; i < methods().size(); ++i) {
        EXPECT_LT(methods()[i - 1].name, methods()[i].name);
    }
    EXPECT_THROW(evaluate("phrenology", Inputs()), std::invalid_argument);
    EXPECT_THROW(evaluate("summary", Inputs()), std::invalid_argument);
}

}  // namespace
}  // namespace kmb::analysis
