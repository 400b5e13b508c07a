// docs/kmodbench.1 against what the program says of itself. The program stands in
// the working directory of tests, the build directory.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

using Names = std::set<std::string>;

std::string output(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    std::string out;
    std::array<char, 4096> buffer{};
    for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        out.append(buffer.data(), got);
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    return out;
}

std::string manual() {
    std::ifstream file(std::string(KMB_SOURCE_DIR) + "/docs/kmodbench.1");
    std::string text(std::istreambuf_iterator<char>(file), {});
    return std::regex_replace(text, std::regex(R"(\\-)"), "-");
}

Names matches(const std::string& text, const std::string& expression) {
    const std::regex pattern(expression);
    Names names;
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
        names.insert((*it)[1]);
    }
    return names;
}

Names verbs_of_program() {
    const std::string help = output("./kmodbench --help");
    Names names;
    std::istringstream lines(help.substr(help.find("Subcommands:")));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::smatch match;
        if (std::regex_search(line, match, std::regex("^  ([a-z]+) "))) {
            names.insert(match[1]);
        }
    }
    return names;
}

// The part of the manual page about each verb.
std::map<std::string, std::string> sections() {
    const std::string text = manual();
    std::map<std::string, std::string> out;
    std::istringstream lines(text);
    std::string line;
    std::string verb;
    while (std::getline(lines, line)) {
        if (line.rfind(".SS ", 0) == 0) {
            verb = line.substr(4);
        } else if (line.rfind(".SH ", 0) == 0) {
            verb.clear();
        }
        if (!verb.empty()) {
            out[verb] += line + "\n";
        }
    }
    return out;
}

TEST(Manual, HasTheVerbsOfTheProgramAndNoOther) {
    const Names program = verbs_of_program();
    EXPECT_GE(program.size(), 5U);
    EXPECT_TRUE(program.contains("report"));
    Names page;
    for (const auto& [verb, text] : sections()) {
        page.insert(verb);
    }
    EXPECT_EQ(page, program);
    EXPECT_EQ(matches(manual(), R"(\.B kmodbench ([a-z]+))"), program) << "in the synopsis";
}

TEST(Manual, HasTheOptionsOfEachVerbAndNoOther) {
    for (const auto& [verb, text] : sections()) {
        std::string help = output("./kmodbench " + verb + " --help");
        help = help.substr(help.find("Options:"));
        Names program = matches(help, R"(\n  (?:-[a-zA-Z],)?(--[a-z][a-z-]*))");
        program.erase("--help");
        // Options of a page's entry stand on its .B or .BI line.
        Names page;
        for (const std::string& line : matches(text, R"(\.TP\n(\.BI? [^\n]*))")) {
            page.merge(matches(line, R"((--[a-z][a-z-]*))"));
        }
        EXPECT_EQ(page, program) << verb;
    }
}

}  // namespace
