#include "bench/sample_writer.h"

#include <fmt/format.h>

#include <iterator>

namespace kmb::bench {
namespace {

// FNV-1a, 64 bit (Fowler, Noll, Vo).
std::uint64_t fnv1a(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3U;
    }
    return hash;
}

void put(std::string& text, std::int64_t value) {
    if (value == kAbsent) {
        text += " -";
    } else {
        fmt::format_to(std::back_inserter(text), " {}", value);
    }
}

}  // namespace

std::string block_head(const BlockHead& head) {
    std::string text = fmt::format(
        "kmodbench-samples: 1\n"
        "case: {}\n"
        "point: {}\n"
        "target: {}\n"
        "time-unit: {}\n"
        "clock-step: {}\n"
        "round: {}\n"
        "rounds: {}\n"
        "seed: {}\n"
        "batch: {}\n"
        "columns: rep start total user copy_in work copy_out cpu cpu_end irqs softirqs nvcsw "
        "nivcsw faults off_cpu smis truth work_cpus",
        head.case_name, head.point, head.target, head.time_unit, head.clock_step, head.round,
        head.rounds, head.seed, head.batch);
    for (const auto& name : head.extra_columns) {
        text += " " + name;
    }
    return text + "\n";
}

std::string block_rows(std::span<const Sample> samples, std::uint64_t first_rep) {
    std::string text;
    for (const auto& s : samples) {
        fmt::format_to(std::back_inserter(text), "{}", first_rep++);
        for (const auto value :
             {s.start, s.total, s.user, s.copy_in, s.work, s.copy_out, s.cpu, s.cpu_end, s.irqs,
              s.softirqs, s.nvcsw, s.nivcsw, s.faults, s.off_cpu, s.smis, s.truth, s.work_cpus}) {
            put(text, value);
        }
        for (const auto value : s.extra) {
            put(text, value);
        }
        text += '\n';
    }
    return text;
}

std::string block_end(std::string_view rows, std::size_t count) {
    return fmt::format("end: {} {:016x}\n", count, fnv1a(rows));
}

}  // namespace kmb::bench
