#include "bench/foreign_device.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace kmb::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxValues = 10'000;

[[noreturn]] void refuse(const std::string& sweep, const std::string& why) {
    throw std::invalid_argument(fmt::format(
        "--sweep '{}': {}; write KEY=VALUES such as n=0..100, n=0..1000:10 (steps of 10), "
        "n=1..1000000:x10 (factors of 10) or size=1,64,4096",
        sweep, why));
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (;;) {
        const auto end = text.find(at, begin);
        parts.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) {
            return parts;
        }
        begin = end + 1;
    }
}

// "A..B", "A..B:STEP", "A..B:xFACTOR"
void add_range(SweepValues& sweep, const std::string& item, std::size_t dots,
               const std::string& whole) {
    const auto colon = item.find(':', dots);
    const auto first = parse_integer(item.substr(0, dots));
    const auto last = parse_integer(item.substr(dots + 2, colon - dots - 2));
    const std::string step = colon == std::string::npos ? "1" : item.substr(colon + 1);
    if (first > last) {
        refuse(whole, "a range rises");
    }
    if (!step.empty() && step.front() == 'x') {
        char* end = nullptr;
        const double factor = std::strtod(step.c_str() + 1, &end);
        if (*end != '\0' || !(factor > 1) || !std::isfinite(factor) || first < 1) {
            refuse(whole, "a factor is more than 1 and the first value at least 1");
        }
        // Each value from the one before it as it was, so that rounding does not add up.
        auto value = static_cast<double>(first);
        while (value <= static_cast<double>(last)) {
            const auto rounded = static_cast<std::int64_t>(std::llround(value));
            if (sweep.values.empty() || sweep.values.back() != rounded) {
                sweep.values.push_back(rounded);
            }
            if (sweep.values.size() > kMaxValues) {
                refuse(whole, fmt::format("more than {} values", kMaxValues));
            }
            value *= factor;
        }
        return;
    }
    const auto width = parse_integer(step);
    if (width < 1) {
        refuse(whole, "a step is at least 1");
    }
    if ((static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) /
            static_cast<std::uint64_t>(width) >=
        kMaxValues) {
        refuse(whole, fmt::format("more than {} values", kMaxValues));
    }
    const auto count = (static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) /
                       static_cast<std::uint64_t>(width);
    for (std::uint64_t i = 0; i <= count; ++i) {
        sweep.values.push_back(first + static_cast<std::int64_t>(i) * width);
    }
}

}  // namespace

std::vector<std::string> flags_of(const ForeignDevice& device) {
    std::vector<std::string> flags{"--device", device.node};
    const auto add = [&flags](const char* flag, const std::string& value) {
        if (!value.empty()) {
            flags.insert(flags.end(), {flag, value});
        }
    };
    for (const auto& operation : device.operations) {
        add("--op", operation);
    }
    for (const auto& sweep : device.sweeps) {
        add("--sweep", sweep);
    }
    add("--expect", device.expect);
    add("--ko", device.ko);
    add("--ko-params", device.ko_parameters);
    return flags;
}

std::int64_t parse_integer(const std::string& text) {
    const bool hexadecimal = text.rfind("0x", 0) == 0;
    const char* begin = text.data() + (hexadecimal ? 2 : 0);
    const char* end = text.data() + text.size();
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(begin, end, value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || rest != end) {
        throw std::invalid_argument(
            fmt::format("'{}' is no integer; decimal, or hexadecimal after 0x, of 64 bits", text));
    }
    return value;
}

SweepValues parse_sweep(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
        refuse(text, "no KEY=");
    }
    SweepValues sweep{text.substr(0, equals), {}};
    for (const auto& item : split(text.substr(equals + 1), ',')) {
        try {
            const auto dots = item.find("..");
            if (dots == std::string::npos) {
                sweep.values.push_back(parse_integer(item));
            } else {
                add_range(sweep, item, dots, text);
            }
        } catch (const std::invalid_argument& error) {
            const std::string why = error.what();
            if (why.rfind("--sweep", 0) == 0) {
                throw;
            }
            refuse(text, why);
        }
    }
    auto sorted = sweep.values;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        twice != sorted.end()) {
        refuse(text, fmt::format("{} stands there twice", *twice));
    }
    if (sweep.values.size() > kMaxValues) {
        refuse(text, fmt::format("more than {} values", kMaxValues));
    }
    return sweep;
}

std::vector<std::string> device_nodes() {
    std::vector<std::string> nodes;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/dev", ignored)) {
        nodes.push_back(entry.path().string());
    }
    std::sort(nodes.begin(), nodes.end());
    return nodes;
}

void wait_for_node(const ForeignDevice& device, const std::vector<std::string>& before) {
    struct stat status {};
    int missing = ::stat(device.node.c_str(), &status);
    for (int attempt = 0; missing != 0 && errno == ENOENT && attempt < 100; ++attempt) {
        if (device.ko.empty()) {
            throw std::runtime_error(fmt::format(
                "{}: no such device in the kernel that is measured; a guest has only what is "
                "loaded into it: name its module with --ko FILE.ko",
                device.node));
        }
        ::usleep(20'000);
        missing = ::stat(device.node.c_str(), &status);
    }
    if (missing != 0 && errno != ENOENT) {
        throw std::system_error(errno, std::generic_category(), device.node);
    }
    if (missing != 0) {
        std::string made;
        for (const auto& node : device_nodes()) {
            if (!std::binary_search(before.begin(), before.end(), node)) {
                made += " " + node;
            }
        }
        throw std::runtime_error(fmt::format(
            "{}: not there 2 s after {} was loaded; {}", device.node, device.ko,
            made.empty() ? "it made no node at all: its init must call device_create() or "
                           "misc_register()"
                         : fmt::format("it made{}: give that to --device", made)));
    }
    if (!S_ISCHR(status.st_mode)) {
        throw std::runtime_error(device.node + ": not a char device");
    }
}

}  // namespace kmb::bench
