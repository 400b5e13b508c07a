// Where results go while they are being produced: a results directory, or a
// stream out of a guest that the program outside takes apart again.
//
// The stream is text, line by line:
//   @file NAME              lines that follow belong to NAME
//   @progress DONE TOTAL TEXT
//   @failure POINT<TAB>MESSAGE
//   @note TEXT
//   @done CODE              the program inside ended by itself with this exit code
// Everything else is a line of the current file. No file of ours has a line that
// begins with '@'.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace kmb::bench {

class Sink {
  public:
    virtual ~Sink() = default;
    // Appends whole lines to a file of the run. Throws std::system_error.
    virtual void append(std::string_view file, std::string_view lines) = 0;
    // Work done so far, in any unit; shown as progress.
    virtual void progress(double done, double total, std::string_view text) = 0;
    // A point that could not be measured, or measured wrong.
    virtual void failure(std::string_view point, std::string_view message) = 0;
    // A line for who watches.
    virtual void note(std::string_view text) = 0;
    // Returns when all that was appended has left the program.
    virtual void flush() = 0;
};

using Progress = std::function<void(double done, double total, std::string_view text)>;
using Failure = std::function<void(std::string_view point, std::string_view message)>;
using Note = std::function<void(std::string_view text)>;

// Appends to files in a directory. One run, one process.
class DirectorySink final : public Sink {
  public:
    DirectorySink(std::string directory, Progress progress, Failure failure, Note note = {});
    ~DirectorySink() override;
    void append(std::string_view file, std::string_view lines) override;
    void progress(double done, double total, std::string_view text) override;
    void failure(std::string_view point, std::string_view message) override;
    void note(std::string_view text) override;
    void flush() override;

  private:
    std::string directory_;
    Progress progress_;
    Failure failure_;
    Note note_;
    std::map<std::string, int, std::less<>> files_;
};

// Writes the stream to a file descriptor, which may be a serial line.
class StreamSink final : public Sink {
  public:
    // Opens `path`; a terminal is put into raw mode. Throws std::system_error.
    explicit StreamSink(const std::string& path);
    ~StreamSink() override;
    void append(std::string_view file, std::string_view lines) override;
    void progress(double done, double total, std::string_view text) override;
    void failure(std::string_view point, std::string_view message) override;
    void note(std::string_view text) override;
    void flush() override;
    // The last line of the stream.
    void done(int exit_code);

  private:
    void write(std::string_view text);
    int fd_;
    std::string current_;
};

// Takes the stream apart and hands it on. Bytes may come in any portions; an
// unfinished last line is kept back.
class StreamReader {
  public:
    explicit StreamReader(Sink& to) : to_(to) {}
    void feed(std::string_view bytes);
    // True once "@done" was seen.
    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] int exit_code() const { return exit_code_; }

  private:
    void control(std::string_view line);
    Sink& to_;
    std::string rest_;
    std::string file_;
    bool finished_ = false;
    int exit_code_ = 0;
};

}  // namespace kmb::bench
