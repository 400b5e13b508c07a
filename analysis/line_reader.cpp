#include "analysis/line_reader.h"

#include <fmt/core.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace kmb::analysis {

LineReader::LineReader(std::istream& in, std::string name)
    : in_(in), name_(std::move(name)), buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)) {}

bool LineReader::next(std::string_view& text) {
    if (!in_.good()) {
        return false;
    }
    in_.getline(buffer_.get(), static_cast<std::streamsize>(kBuffer));
    const auto got = static_cast<std::size_t>(in_.gcount());
    if (in_.bad()) {
        throw std::system_error(errno, std::generic_category(), fmt::format("read {}", name_));
    }
    ++number_;
    if (in_.fail() && !in_.eof()) {
        throw std::runtime_error(
            fmt::format("{}:{}: a line of more than {} bytes; this is no list of numbers, or its "
                        "line feeds are missing",
                        name_, number_, kLongestLine));
    }
    whole_ = !in_.eof();
    if (!whole_ && got == 0) {
        return false;
    }
    text = {buffer_.get(), whole_ ? got - 1 : got};
    return true;
}

}  // namespace kmb::analysis
