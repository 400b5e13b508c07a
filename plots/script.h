// The text of a gnuplot script: data blocks and commands, with everything quoted that
// came from a run. Values only; gnuplot.h draws it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kmb::plots {

// A text as gnuplot reads it literally: single quotes, in which neither back-ticks nor
// escapes mean anything, a quote doubled, control characters as spaces.
std::string quote(std::string_view text);

// A number as gnuplot reads it. Throws std::invalid_argument when it is not finite.
std::string number(double value);

struct DataBlock {
    std::string name;  // "d1", referred to as $d1
    std::vector<std::vector<double>> rows;
};

// One figure. Names of data blocks and commands are ours; every text of a run must have
// gone through quote().
class Script {
  public:
    Script(std::string name, int width, int height)
        : name_(std::move(name)), width_(width), height_(height) {}

    // Adds a block and returns how commands refer to it. Rows with a value that is not
    // finite are left out.
    std::string data(const std::vector<std::vector<double>>& rows);
    void command(std::string text) { commands_.push_back(std::move(text)); }
    // "plot a, \ b": one curve a line.
    void plot(const std::vector<std::string>& curves);
    // Title and subtitle at the upper left, and room for them.
    void title(std::string_view title, std::string_view subtitle);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] const std::vector<DataBlock>& blocks() const { return blocks_; }
    [[nodiscard]] const std::vector<std::string>& commands() const { return commands_; }

  private:
    std::string name_;
    std::string title_;
    int width_;
    int height_;
    std::vector<DataBlock> blocks_;
    std::vector<std::string> commands_;
};

}  // namespace kmb::plots
