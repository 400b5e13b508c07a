// The kernel's list of CPUs: "0-2,5".
#pragma once

#include <charconv>
#include <string_view>
#include <vector>

namespace kmb::bench {

// Ascending as written; an empty or malformed part gives nothing.
inline std::vector<int> parse_cpu_list(std::string_view text) {
    std::vector<int> cpus;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto part = text.substr(0, comma);
        int first = 0;
        const char* end = part.data() + part.size();
        auto [rest, error] = std::from_chars(part.data(), end, first);
        if (error == std::errc{}) {
            int last = first;
            if (rest != end && *rest == '-') {
                std::from_chars(rest + 1, end, last);
            }
            for (int cpu = first; cpu <= last; ++cpu) {
                cpus.push_back(cpu);
            }
        }
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return cpus;
}

}  // namespace kmb::bench
