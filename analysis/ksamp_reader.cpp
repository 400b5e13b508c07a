#include "analysis/ksamp_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <system_error>

#include "analysis/line_reader.h"

namespace kmb::analysis {
namespace {

constexpr std::string_view kMagic = "kmodbench-samples: ";
constexpr std::string_view kVersion = "1";
constexpr std::array<std::string_view, 10> kRequired = {
    "kmodbench-samples", "case",  "point",  "target", "time-unit",
    "clock-step",        "round", "rounds", "seed",   "batch"};
// Of a block; what a round of one point holds is far below.
constexpr std::size_t kMostRows = 20'000'000;
// Keys that must be integers, and the least they may be.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kNumbers = {
    {{"clock-step", 1}, {"round", 0}, {"rounds", 1}, {"batch", 1}}};

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

template <typename Integer>
std::optional<Integer> to_integer(std::string_view text, int base = 10) {
    Integer value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || error != std::errc{} || rest != end) {
        return std::nullopt;
    }
    return value;
}

// First word of `text`, which loses it and the one space after it.
std::string_view take_word(std::string_view& text) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    return word;
}

// FNV-1a, 64 bits (Fowler, Noll, Vo; constants of the IETF draft).
struct Hash {
    std::uint64_t value = 0xcbf29ce484222325U;

    void add(std::string_view bytes) {
        for (const char c : bytes) {
            value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
        }
    }
};

// Turns lines into blocks. One block is open at a time.
class BlockParser {
  public:
    BlockParser(std::string file, const BlockSink& sink, bool keep_rows)
        : file_(std::move(file)), sink_(sink), keep_rows_(keep_rows) {}

    // `whole` is false for text that no line feed followed.
    void line(std::string_view text, bool whole);
    void finish();

  private:
    enum class Part { none, keys, rows, done };

    // A line, or what stands of it before another block's first.
    void piece(std::string_view text, bool whole);
    void begin();
    void damage(const std::string& cause);
    void key(std::string_view text);
    void columns(std::string_view text);
    void row(std::string_view text);
    void end(std::string_view text);
    void check_header();
    void give();
    [[noreturn]] void fail(const std::string& cause) const {
        throw FormatError(file_, line_, cause);
    }

    std::string file_;
    const BlockSink& sink_;
    bool keep_rows_;
    std::size_t line_ = 0;
    Part part_ = Part::none;
    bool any_ = false;
    Block block_;
    std::string malformed_;  // first row that does not parse
    Hash hash_;
    std::vector<std::int64_t> values_;
};

void BlockParser::line(std::string_view text, bool whole) {
    ++line_;
    // A block appended to a file that was cut inside a line begins behind the rest of it.
    for (auto glued = text.find(kMagic, 1); glued != std::string_view::npos;
         glued = text.find(kMagic, 1)) {
        piece(text.substr(0, glued), false);
        text.remove_prefix(glued);
    }
    piece(text, whole);
}

void BlockParser::piece(std::string_view text, bool whole) {
    if (text.empty() && (part_ == Part::none || part_ == Part::done)) {
        return;
    }
    if (!whole) {
        const bool start = !any_ && kMagic.substr(0, text.size()) == text;
        if (!any_ && !start && text.substr(0, kMagic.size()) != kMagic) {
            fail("not a kmodbench sample file: it must begin with 'kmodbench-samples: 1'");
        }
        if (part_ == Part::none || part_ == Part::done || text.substr(0, kMagic.size()) == kMagic) {
            begin();
        }
        damage(fmt::format("cut in line {}", line_));
        return;
    }
    if (text.substr(0, kMagic.size()) == kMagic) {
        begin();
        key(text);
    } else if (!any_) {
        fail("not a kmodbench sample file: it must begin with 'kmodbench-samples: 1'");
    } else if (part_ == Part::done) {
        begin();
        damage(fmt::format("line {} belongs to no block", line_));
    } else if (part_ == Part::keys && text.substr(0, 5) == "end: ") {
        damage(fmt::format("'end:' in line {} comes before 'columns:'", line_));
        give();
        part_ = Part::done;
    } else if (part_ == Part::keys) {
        text.substr(0, 9) == "columns: " ? columns(text.substr(9)) : key(text);
    } else if (text.substr(0, 5) == "end: ") {
        end(text.substr(5));
    } else {
        row(text);
    }
}

void BlockParser::begin() {
    if (part_ == Part::keys || part_ == Part::rows) {
        damage("no 'end:' line");
        give();
    }
    any_ = true;
    part_ = Part::keys;
    block_ = Block{};
    block_.file = file_;
    block_.line = line_;
    malformed_.clear();
    hash_ = Hash{};
}

void BlockParser::damage(const std::string& cause) {
    if (block_.damage.empty()) {
        block_.damage = cause;
    }
}

void BlockParser::key(std::string_view text) {
    const std::size_t colon = text.find(": ");
    if (colon == std::string_view::npos || !is_name(text.substr(0, colon))) {
        damage(fmt::format("line {} is no 'key: value'", line_));
        return;
    }
    const std::string_view name = text.substr(0, colon);
    const std::string_view value = text.substr(colon + 2);
    if (name == kMagic.substr(0, kMagic.size() - 2) && value != kVersion) {
        fail(fmt::format("version '{}' of the sample format; this program reads version {}", value,
                         kVersion));
    }
    block_.keys.emplace_back(name, value);
}

void BlockParser::columns(std::string_view text) {
    part_ = Part::rows;
    while (!text.empty()) {
        const std::string_view name = take_word(text);
        if (!is_name(name)) {
            damage(fmt::format("line {}: '{}' is no name of a column", line_, name));
        }
        block_.columns.push_back({std::string(name), {}});
    }
    values_.resize(block_.columns.size());
}

void BlockParser::row(std::string_view text) {
    hash_.add(text);
    hash_.add("\n");
    if (++block_.rows > kMostRows && keep_rows_) {
        fail(fmt::format("a block of more than {} rows, which is the limit", kMostRows));
    }
    std::size_t count = 0;
    bool good = !text.empty() && text.back() != ' ';
    for (std::string_view rest = text; good && !rest.empty(); ++count) {
        const std::string_view word = take_word(rest);
        const auto value = word == "-" ? kAbsent : to_integer<std::int64_t>(word);
        good = value.has_value() && count < values_.size();
        if (good) {
            values_[count] = *value;
        }
    }
    if (!good || count != values_.size()) {
        if (malformed_.empty()) {
            malformed_ = fmt::format("line {} is no row of {} integers", line_, values_.size());
        }
        return;
    }
    for (std::size_t i = 0; keep_rows_ && i < count; ++i) {
        block_.columns[i].values.push_back(values_[i]);
    }
}

void BlockParser::end(std::string_view text) {
    const auto rows = to_integer<std::size_t>(take_word(text));
    const auto check = to_integer<std::uint64_t>(text, 16);
    if (!rows || !check || text.size() != 16) {
        damage(fmt::format("line {}: 'end:' needs a row count and a check", line_));
    } else if (*rows != block_.rows) {
        damage(fmt::format("'end:' in line {} counts {} rows, the block has {}", line_, *rows,
                           block_.rows));
    } else if (*check != hash_.value) {
        damage(
            fmt::format("check in line {} is {}, the rows give {:016x}", line_, text, hash_.value));
    }
    if (block_.damage.empty()) {
        check_header();
    }
    give();
    part_ = Part::done;
}

// Rows and count agree with the check; what describes them must be whole as well.
void BlockParser::check_header() {
    for (const std::string_view name : kRequired) {
        if (block_.key(name).empty()) {
            return damage(fmt::format("no key '{}'", name));
        }
    }
    for (const auto& [name, least] : kNumbers) {
        const auto value = to_integer<std::int64_t>(block_.key(name));
        if (!value || *value < least) {
            return damage(fmt::format("'{}: {}' is out of range", name, block_.key(name)));
        }
    }
    if (!malformed_.empty()) {
        return damage(malformed_);
    }
    for (std::size_t i = 0; i < block_.columns.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (block_.columns[i].name == block_.columns[j].name) {
                return damage(fmt::format("two columns '{}'", block_.columns[i].name));
            }
        }
    }
}

void BlockParser::give() {
    if (!block_.damage.empty()) {
        block_.columns.clear();
    }
    sink_(std::move(block_));
    block_ = Block{};
}

void BlockParser::finish() {
    if (part_ == Part::keys || part_ == Part::rows) {
        damage("no 'end:' line");
        give();
    }
}

}  // namespace

FormatError::FormatError(const std::string& file, std::size_t line, const std::string& cause)
    : std::runtime_error(fmt::format("{}:{}: {}", file, line, cause)) {}

std::string_view Block::key(std::string_view name) const {
    for (const auto& [key, value] : keys) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::int64_t Block::number(std::string_view name) const {
    const auto value = to_integer<std::int64_t>(key(name));
    if (!value) {
        throw FormatError(file, line, fmt::format("'{}: {}' is no number", name, key(name)));
    }
    return *value;
}

void read_blocks(std::istream& in, const std::string& name, const BlockSink& sink, bool keep_rows) {
    LineReader lines(in, name);
    BlockParser parser(name, sink, keep_rows);
    std::string_view text;
    while (lines.next(text)) {
        parser.line(text, lines.whole());
    }
    parser.finish();
}

void read_blocks(const std::string& path, const BlockSink& sink, bool keep_rows) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        throw std::system_error(errno, std::generic_category(), fmt::format("open {}", path));
    }
    read_blocks(in, path, sink, keep_rows);
}

}  // namespace kmb::analysis
