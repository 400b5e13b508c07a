#include "report/report.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "analysis/json.h"
#include "plots/figure_list.h"
#include "report/html.h"
#include "report/markdown.h"

namespace kmb::report {
namespace {

namespace fs = std::filesystem;

// An SVG larger than this is embedded as its PNG: browsers draw each mark of it.
constexpr std::size_t kLargestSvg = 1 << 20;

// What a GitHub comment (65,536 characters) and a HackMD note (100,000) both take.
constexpr std::size_t kLongestMarkdown = 65000;

std::optional<std::string> read_if_there(const std::string& path) {
    return fs::exists(path) ? std::optional(analysis::read_whole(path)) : std::nullopt;
}

analysis::RunResult read_run(const std::string& directory) {
    if (!fs::is_directory(directory)) {
        throw std::runtime_error(fmt::format(
            "{}: no such directory; name a directory of results, for example results/latest",
            directory));
    }
    if (!fs::exists(directory + "/analysis.json")) {
        throw std::runtime_error(fmt::format(
            "{0}/analysis.json is not there; make it with: kmodbench analyze {0}", directory));
    }
    return analysis::read_analysis(directory);
}

// Numbers of one run under the machine of another would be a lie.
void check_same_run(const analysis::RunResult& run, const Manifest& manifest,
                    const std::string& directory) {
    const auto check = [&](const Fact& theirs, const std::string& ours) {
        if (theirs && *theirs != ours) {
            throw std::runtime_error(fmt::format(
                "{0}: manifest.json says '{1}', analysis.json says '{2}': they are of different "
                "runs; make the analysis again with: kmodbench analyze {0}",
                directory, *theirs, ours));
        }
    };
    check(manifest.target, run.target);
    check(manifest.time_unit, run.time_unit);
}

std::string own_notes(const std::string& directory, Language language) {
    const std::string path = directory + "/notes.md";
    // O_EXCL: whatever is there already, also a link, is the user's.
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0) {
        const std::string content = Words(language).plainly("notes.template");
        const ssize_t written = write(fd, content.data(), content.size());
        const int error = errno;
        close(fd);
        if (written != static_cast<ssize_t>(content.size())) {
            unlink(path.c_str());
            throw std::system_error(written < 0 ? error : ENOSPC, std::generic_category(),
                                    "write " + path);
        }
    } else if (errno != EEXIST) {
        throw std::system_error(errno, std::generic_category(), "create " + path);
    }
    std::string notes = analysis::read_whole(path);
    // The untouched template, in either language, says nothing to a reader.
    for (const Language each : {Language::english, Language::chinese}) {
        if (notes == Words(each).plainly("notes.template")) {
            notes.clear();
        }
    }
    return notes;
}

void gather_figures(const std::string& directory, Input& input) {
    for (const plots::DrawnFigure& drawn : plots::read_figure_list(directory)) {
        Figure figure{drawn.name, drawn.title, drawn.subject, drawn.svg, {}, "image/svg+xml"};
        auto svg = read_if_there(directory + "/" + drawn.svg);
        auto png = read_if_there(directory + "/" + drawn.png);
        const bool use_png = png && (!svg || svg->size() > kLargestSvg);
        if (!svg && !png) {
            input.lost_figures.push_back(drawn.svg);
            continue;
        }
        if (use_png) {
            figure.file = drawn.png;
            figure.type = "image/png";
        }
        figure.content = std::move(use_png ? *png : *svg);
        input.figures.push_back(std::move(figure));
    }
}

}  // namespace

Document compose(const Input& input, Language language, bool appendix) {
    Document document;
    document.language = language == Language::english ? "en" : "zh-Hant-TW";
    const Words words(language);
    const Context context{input, words, arrange(input.run), document};
    add_summary(context);
    add_machine(context);
    add_method(context);
    add_results(context);
    add_grades(context);
    add_causes(context);
    add_bracket(context);
    add_removed(context);
    add_troubles(context);
    add_notes(context);
    add_again(context);
    add_reading(context);
    add_appendix(context, appendix);
    return document;
}

Input gather(const std::string& directory, Language language) {
    Input input;
    input.directory = directory;
    input.run = read_run(directory);
    if (const auto manifest = read_if_there(directory + "/manifest.json")) {
        input.manifest = parse_manifest(*manifest);
        check_same_run(input.run, input.manifest, directory);
    }
    gather_figures(directory, input);
    input.notes = own_notes(directory, language);
    return input;
}

void write_report(const std::string& directory, Language language) {
    const Input input = gather(directory, language);
    const Document document = compose(input, language);
    std::string markdown = to_markdown(document);
    if (markdown.size() > kLongestMarkdown) {
        markdown = to_markdown(compose(input, language, false));
    }
    analysis::write_whole(directory + "/report.md", markdown);
    analysis::write_whole(directory + "/report.html", to_html(document));
}

}  // namespace kmb::report
