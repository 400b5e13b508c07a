// Reads raw samples, docs/format-ksamp.md: block by block as a stream, and
// merged into series. A file may be cut or damaged anywhere; what is whole is
// given, what is not is reported.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kmb::analysis {

// A value that was not measured; "-" in the file, never 0.
inline constexpr std::int64_t kAbsent = std::numeric_limits<std::int64_t>::min();

// The file is not of the format or of another version of it, or its blocks contradict
// each other. what() is "FILE:LINE: cause". Damage inside a block is no error: it is reported.
class FormatError : public std::runtime_error {
  public:
    FormatError(const std::string& file, std::size_t line, const std::string& cause);
};

// One block as it stands in the file. Where `damage` is not empty the block is
// truncated: `rows` counts the rows that were seen, `columns` are empty, and keys
// are those that were read whole.
struct Block {
    struct Column {
        std::string name;
        std::vector<std::int64_t> values;
    };

    std::string file;
    std::size_t line = 0;  // of its first line, from 1
    std::vector<std::pair<std::string, std::string>> keys;
    std::vector<Column> columns;
    std::size_t rows = 0;
    std::string damage;

    // Value of a key, empty where it is not there.
    [[nodiscard]] std::string_view key(std::string_view name) const;
    // The same as a number. Throws FormatError.
    [[nodiscard]] std::int64_t number(std::string_view name) const;
};

using BlockSink = std::function<void(Block&&)>;

// Calls `sink` with each block in the order of the file. `name` stands in errors.
// With `keep_rows` false, rows are checked but not kept: `columns` stay empty of values.
// Throws FormatError.
void read_blocks(std::istream& in, const std::string& name, const BlockSink& sink,
                 bool keep_rows = true);
// Opens and reads a file. Throws FormatError, std::system_error naming the file.
void read_blocks(const std::string& path, const BlockSink& sink, bool keep_rows = true);

// A block of which nothing is used.
struct Truncated {
    std::string file;
    std::size_t line = 0;
    std::string point;  // empty where the block was cut before its point was known
    std::int64_t round = -1;
    std::size_t rows = 0;
    std::string cause;
    bool replaced = false;  // a whole block of the same point and round exists
};

// All whole blocks of one point, merged in order of round.
struct Series {
    std::string point;
    std::string case_name;
    std::string module;
    std::string operation;
    std::vector<std::pair<std::string, std::string>> coordinates;
    std::string target;
    std::string time_unit;
    std::int64_t clock_step = 1;
    std::int64_t rounds_planned = 0;
    std::int64_t batch = 1;
    std::vector<std::pair<std::string, std::string>> keys;  // of its first block, all of them
    std::vector<std::int64_t> rounds;                       // read whole, rising
    std::vector<std::size_t> round_begin;                   // row at which each round begins
    std::size_t rows = 0;
    std::vector<Block::Column> columns;  // equal lengths; kAbsent where a round had none
    std::size_t truncated_rows = 0;      // of blocks that nothing replaced

    // Values of a column, nullptr where there is none.
    [[nodiscard]] const std::vector<std::int64_t>* column(std::string_view name) const;
};

struct Samples {
    std::vector<Series> series;  // sorted by point; `rows` is 0 where all its blocks were cut
    std::vector<Truncated> truncated;
    std::vector<std::string> warnings;  // blocks that were there twice
};

// Splits "module/operation/key=value/...". Throws std::invalid_argument.
void split_point(std::string_view point, std::string& module, std::string& operation,
                 std::vector<std::pair<std::string, std::string>>& coordinates);

// Collects blocks of any number of files. Throws FormatError where blocks contradict
// each other: target, unit, case or batch of one run or point.
class SampleMerger {
  public:
    void add(Block&& block);
    // Leaves the merger empty.
    [[nodiscard]] Samples finish();

  private:
    std::map<std::string, std::map<std::int64_t, Block>> blocks_;
    std::vector<Truncated> truncated_;
    std::vector<std::string> warnings_;
    std::string target_;
    std::string time_unit_;
};

// All *.ksamp files of a directory, or one file. Throws FormatError, std::system_error,
// std::runtime_error where a directory holds none.
Samples read_samples(const std::string& path);

// One series of a directory or file, `rows` 0 where it is not there whole. Throws as
// read_samples().
Series read_series(const std::string& path, const std::string& point);

// The (point, round) pairs that a file holds whole, sorted; rows are not kept in memory.
// A file that does not exist holds none. Throws as read_blocks().
std::vector<std::pair<std::string, std::int64_t>> complete_rounds(const std::string& path);

// The same with what the runner decides by: the median of the column user, or of total in
// rows without it. 0 where no row has either.
struct RoundMedian {
    std::string point;
    std::int64_t round;
    double median;
};
std::vector<RoundMedian> round_medians(const std::string& path);

}  // namespace kmb::analysis
