// One input to one of the parsers that read files of others, chosen by its first byte. What
// they may do with any bytes: give an answer that holds together, or throw the exception
// that they document. libFuzzer calls this, and so does mutate.cpp.
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "analysis/compare_runs.h"
#include "analysis/golden/golden.h"
#include "analysis/json.h"
#include "analysis/ksamp_reader.h"
#include "analysis/list_statistics.h"
#include "analysis/measures.h"
#include "analysis/number_list.h"
#include "analysis/pipeline.h"
#include "analysis/table.h"
#include "bench/gbench_reporter.h"
#include "bench/ko_file.h"
#include "bench/sink.h"
#include "plots/figure_list.h"
#include "report/manifest.h"
#include "report/notes.h"

namespace {

using namespace kmb;
namespace fs = std::filesystem;

void require(bool fact, const char* what) {
    if (!fact) {
        std::fprintf(stderr, "broken: %s\n", what);
        std::abort();
    }
}

// For readers that want a folder with a file.
class Folder {
  public:
    Folder() {
        fs::create_directories(path_ / "figures");
        fs::create_directories(path_ / "golden");
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    // The path of a file that holds this text.
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << text;
        return path_ / name;
    }
    [[nodiscard]] std::string path(const std::string& name = {}) const { return path_ / name; }

  private:
    fs::path path_ = fs::temp_directory_path() / ("kmb-parsers-" + std::to_string(getpid()));
};

const Folder& folder() {
    static const Folder one;
    return one;
}

// Blocks, merged into series, and the measures derived from them.
analysis::Samples ksamp(const std::string& text) {
    analysis::SampleMerger merger;
    std::istringstream in(text);
    analysis::read_blocks(in, "input", [&](analysis::Block&& block) {
        for (const auto& column : block.columns) {
            require(column.values.size() == block.rows, "a column is as long as its block");
        }
        require(block.damage.empty() || block.columns.empty(), "nothing of a damaged block");
        merger.add(std::move(block));
    });
    auto samples = merger.finish();
    for (const auto& series : samples.series) {
        require(series.rounds.size() == series.round_begin.size(), "each round begins");
        for (const auto& column : series.columns) {
            require(column.values.size() == series.rows, "a column is as long as its series");
        }
        for (const auto& measure : analysis::measures_of(series)) {
            require(measure.values.size() == measure.rows.size(), "each value has its row");
        }
    }
    return samples;
}

// The same with every count and check put right, so that chance gets past them.
std::string mended(const std::string& text) {
    std::istringstream in(text);
    std::string out;
    std::uint64_t hash = 0;
    std::size_t rows = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.rfind("columns: ", 0) == 0) {
            hash = 0xcbf29ce484222325U;
            rows = 0;
        } else if (line.rfind("end: ", 0) == 0) {
            char end[64];
            std::snprintf(end, sizeof end, "end: %zu %016llx", rows,
                          static_cast<unsigned long long>(hash));
            line = end;
        } else {
            for (const char c : line + "\n") {
                hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
            }
            ++rows;
        }
        out += line + "\n";
    }
    return out;
}

void samples(const std::string& text) {
    ksamp(text);
}

void mended_samples(const std::string& text) {
    ksamp(mended(text));
}

// All that is said of samples: alone, and one half of a text against the other.
void analysed_samples(const std::string& text) {
    const auto before = ksamp(mended(text));
    const std::string once = analysis::to_json(analysis::analyze(before));
    require(analysis::to_json(analysis::from_json(once, "input")) == once, "the text comes back");
    const auto half = text.find("\nend: ", text.size() / 2);
    const auto now = half == std::string::npos ? before : ksamp(mended(text.substr(0, half + 6)));
    analysis::compare_runs({before}, {now}, {});
}

void table(const std::string& text) {
    const auto parsed = analysis::parse_table(text, "input");
    for (const auto& column : parsed.columns) {
        require(column.values.size() == parsed.rows(), "columns are equally long");
        require(column.integers.empty() || column.integers.size() == parsed.rows(),
                "all are integers, or none");
    }
}

// The first line of the input names the column.
void numbers(const std::string& text) {
    const auto end = text.find('\n');
    std::istringstream in(end == std::string::npos ? text : text.substr(end + 1));
    const auto list = analysis::read_numbers(
        in, "input", end == std::string::npos ? std::string{} : text.substr(0, end));
    require(list.total() > 0, "no list without a number");
    for (double v : list.values) {
        require(std::isfinite(v), "values are finite");
    }
}

void statistics(const std::string& text) {
    std::istringstream in(text);
    const auto list = analysis::read_numbers(in, "input", "");
    if (!list.values.empty()) {
        const auto found = analysis::list_statistics(list.values);
        require(!found.statistics.empty(), "values have statistics");
    }
}

// A file of reference cases, its methods included.
void golden(const std::string& text) {
    folder().file("golden/input.json", text);
    const auto report = analysis::golden::run(folder().path("golden"));
    require(report.right() <= report.cases.size(), "a case is right at most once");
}

// What else of JSON a report is made of.
void other_json(const std::string& text) {
    const auto manifest = report::parse_manifest(text);
    require(manifest.present || !manifest.trouble.empty(), "a manifest, or why it is none");
    bench::compose_benchmark_json(text);
    folder().file("figures/figures.json", text);
    plots::read_figure_list(folder().path());
}

void notes(const std::string& text) {
    report::parse_notes(text);
    const std::string once = report::contained(text);
    require(report::contained(once) == once, "what is contained stays as it is");
}

void module_file(const std::string& text) {
    require(!bench::read_ko(folder().file("input.ko", text)).name.empty(), "a module has a name");
}

// What was read can be written and read again, to the same text.
void analysis_json(const std::string& text) {
    const std::string once = analysis::to_json(analysis::from_json(text, "input"));
    require(analysis::to_json(analysis::from_json(once, "input")) == once, "the text comes back");
}

// What a guest sends, in portions that the input itself chooses.
void stream(const std::string& text) {
    struct Taken final : bench::Sink {
        std::size_t bytes = 0;
        void append(std::string_view file, std::string_view lines) override {
            require(file.find('/') == std::string_view::npos, "a file is a name, no path");
            require(file != "..", "a file is not the directory above");
            require(!lines.empty() && lines.back() == '\n', "whole lines");
            bytes += lines.size();
        }
        void progress(double, double, std::string_view) override {}
        void failure(std::string_view, std::string_view) override {}
        void note(std::string_view) override {}
        void flush() override {}
    };
    Taken taken;
    bench::StreamReader reader(taken);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t portion = 1 + static_cast<unsigned char>(text[at]) % 61U;
        reader.feed(std::string_view(text).substr(at, portion));
        at += portion;
    }
    require(taken.bytes <= text.size(), "no line is handed on twice");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Twelve, so that '0' is the first and ';' the last.
    constexpr void (*kParsers[])(const std::string&) = {
        analysis_json, samples, mended_samples, numbers, stream,      table,
        statistics,    golden,  other_json,     notes,   module_file, analysed_samples};
    if (size == 0) {
        return 0;
    }
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        kParsers[data[0] % std::size(kParsers)](text);
    } catch (const std::runtime_error&) {
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
