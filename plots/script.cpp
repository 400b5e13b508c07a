#include "plots/script.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kmb::plots {

std::string quote(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        result += control ? ' ' : c;
        if (c == '\'') {
            result += '\'';
        }
    }
    return result + "'";
}

std::string number(double value) {
    if (!std::isfinite(value)) {
        throw std::invalid_argument("a figure was given a number that is not finite");
    }
    return fmt::format("{:.10g}", value);
}

std::string Script::data(const std::vector<std::vector<double>>& rows) {
    DataBlock block{fmt::format("d{}", blocks_.size() + 1), {}};
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(block.rows), [](const auto& row) {
        return std::all_of(row.begin(), row.end(), [](double v) { return std::isfinite(v); });
    });
    blocks_.push_back(std::move(block));
    return "$" + blocks_.back().name;
}

void Script::plot(const std::vector<std::string>& curves) {
    std::string text = "plot ";
    for (const auto& curve : curves) {
        text += (&curve == &curves.front() ? "" : ", \\\n     ") + curve;
    }
    command(text);
}

void Script::title(std::string_view title, std::string_view subtitle) {
    title_ = title;
    command(fmt::format("set label 1 {} at screen 0.015,{} left font title_font", quote(title),
                        number(1 - 24.0 / height_)));
    command(fmt::format("set label 2 {} at screen 0.015,{} left textcolor rgb '#555555'",
                        quote(subtitle), number(1 - 48.0 / height_)));
    command(fmt::format("set tmargin at screen {}", number(1 - 72.0 / height_)));
}

}  // namespace kmb::plots
