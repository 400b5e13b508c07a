#include "plots/gnuplot.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gnuplot-iostream.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <stdexcept>
#include <system_error>

#include "analysis/json.h"

namespace kmb::plots {
namespace {

namespace fs = std::filesystem;

// Pictures for a screen of two pixels a point; text and lines scale with them.
constexpr int kPngScale = 2;

struct Picture {
    const char* suffix;
    const char* begin;
    const char* end;
};
constexpr Picture kPictures[] = {{"svg", "<?xml", "</svg>\n"},
                                 {"png", "\x89PNG",
                                  "IEND\xae"
                                  "B`\x82"}};

void write_body(Gnuplot& gp, const Script& script, const Picture& picture) {
    const bool svg = std::string_view(picture.suffix) == "svg";
    const int scale = svg ? 1 : kPngScale;
    gp << "\nreset\n";
    if (svg) {
        gp << "set terminal svg noenhanced size " << script.width() << "," << script.height()
           << " fixed font 'DejaVu Sans,sans-serif,12' background 'white'\ntitle_font = ',16'\n";
    } else {
        gp << "set terminal pngcairo noenhanced size " << script.width() * scale << ","
           << script.height() * scale << " font 'sans,9' fontscale " << scale << " linewidth "
           << scale << " pointscale " << scale << " background 'white'\ntitle_font = ',12'\n";
    }
    gp << "set encoding utf8\nset output " << quote(script.name() + "." + picture.suffix) << "\n";
    for (const auto& command : script.commands()) {
        gp << command << "\n";
    }
    gp << "unset output\n";
}

void write_script(const Script& script, const std::string& path) {
    const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
    std::FILE* file = std::fopen(temporary.c_str(), "we");
    if (file == nullptr) {
        throw std::system_error(errno, std::generic_category(), "create " + temporary);
    }
    bool good = false;
    {
        Gnuplot gp(file);  // closes the file
        gp << std::defaultfloat << std::setprecision(12);
        gp << "# Draw it again, in this folder: gnuplot " << script.name() << ".gp\n";
        for (const auto& block : script.blocks()) {
            gp << "$" << block.name << " << e\n";
            gp.send1d(block.rows);
        }
        for (const Picture& picture : kPictures) {
            write_body(gp, script, picture);
        }
        gp.flush();
        good = gp.good();
    }
    if (!good) {
        fs::remove(temporary);
        throw std::runtime_error(
            fmt::format("{}: could not be written whole: is the disk full?", path));
    }
    fs::rename(temporary, path);
}

// What a child wrote to the pipe, until it closed it.
std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = read(fd, buffer.data(), buffer.size());
        if (got > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || errno != EINTR) {
            return text;
        }
    }
}

[[noreturn]] void become_gnuplot(const char* program, const char* directory, const char* script,
                                 int out) {
    const int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(out, 2);
    std::signal(SIGPIPE, SIG_DFL);
    if (chdir(directory) == 0) {
        execl(program, program, "-d", script, static_cast<char*>(nullptr));
    }
    _exit(127);
}

struct Outcome {
    int status;
    std::string said;
};

Outcome run_gnuplot(const std::string& program, const std::string& directory,
                    const std::string& script) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    const pid_t child = fork();
    if (child == 0) {
        become_gnuplot(program.c_str(), directory.c_str(), script.c_str(), ends[1]);
    }
    close(ends[1]);
    Outcome outcome{-1, child > 0 ? read_all(ends[0]) : ""};
    close(ends[0]);
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    while (waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
    }
    return outcome;
}

bool whole(const std::string& path, const Picture& picture) {
    if (!fs::exists(path)) {
        return false;
    }
    const std::string text = analysis::read_whole(path);
    const std::string_view end = picture.end;
    return text.rfind(picture.begin, 0) == 0 && text.size() >= end.size() &&
           text.find(end, text.size() - end.size() - 2) != std::string::npos;
}

}  // namespace

std::string find_gnuplot() {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::string program = std::string(rest.substr(0, colon)) + "/gnuplot";
        if (access(program.c_str(), X_OK) == 0 && fs::is_regular_file(program)) {
            return fs::absolute(program).string();
        }
        rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
    }
    throw std::runtime_error(
        "gnuplot is not installed, so no figure can be drawn: sudo apt-get install gnuplot-nox");
}

void draw(const Script& script, const std::string& directory, const std::string& gnuplot) {
    const std::string stem = directory + "/" + script.name();
    const auto remove_pictures = [&stem] {
        for (const Picture& picture : kPictures) {
            fs::remove(stem + "." + picture.suffix);
        }
    };
    remove_pictures();
    write_script(script, stem + ".gp");
    const Outcome outcome = run_gnuplot(gnuplot, directory, script.name() + ".gp");
    if (!WIFEXITED(outcome.status) || WEXITSTATUS(outcome.status) != 0) {
        remove_pictures();
        throw std::runtime_error(fmt::format(
            "{}.gp: gnuplot failed ({} {}): {}", stem,
            WIFEXITED(outcome.status) ? "exit status" : "signal",
            WIFEXITED(outcome.status) ? WEXITSTATUS(outcome.status) : WTERMSIG(outcome.status),
            outcome.said.empty() ? "it said nothing" : outcome.said));
    }
    for (const Picture& picture : kPictures) {
        if (const std::string file = stem + "." + picture.suffix; !whole(file, picture)) {
            remove_pictures();
            throw std::runtime_error(fmt::format(
                "{}: gnuplot ended well but the picture is missing or cut: is the disk full? {}",
                file, outcome.said));
        }
    }
}

}  // namespace kmb::plots
