// Lines of a text of any size, in bounded memory.
#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace kmb::analysis {

class LineReader {
  public:
    // A line as long as that is no text that we can read: a reader that gathered it would
    // take all memory.
    static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;

    // `name` stands in errors.
    LineReader(std::istream& in, std::string name);

    // The next line without its line feed, valid until the next call; false at the end.
    // Throws std::runtime_error naming line, cause and mend for one that is too long, and
    // std::system_error where reading fails.
    bool next(std::string_view& text);
    // Of the last one, from 1.
    [[nodiscard]] std::size_t number() const { return number_; }
    // Whether a line feed followed it.
    [[nodiscard]] bool whole() const { return whole_; }

  private:
    static constexpr std::size_t kBuffer = kLongestLine + 1;  // and a zero
    std::istream& in_;
    std::string name_;
    std::unique_ptr<char[]> buffer_;
    std::size_t number_ = 0;
    bool whole_ = true;
};

}  // namespace kmb::analysis
