// The directory of a run: made once, never overwritten, one writer at a time.
#pragma once

#include <string>
#include <string_view>

namespace kmb::bench {

// Holds the lock of a results directory for as long as it lives.
class ResultsDir {
  public:
    // Makes BASE/<UTC time>-<target>/. A second run in the same second gets a name of
    // its own. Throws std::system_error naming the path.
    static ResultsDir create(const std::string& base, std::string_view target);
    // Opens an existing one to go on with it. Throws std::runtime_error when another
    // run is writing there.
    static ResultsDir open(const std::string& path);

    ResultsDir(ResultsDir&& other) noexcept;
    ResultsDir& operator=(ResultsDir&&) = delete;
    ~ResultsDir();

    [[nodiscard]] const std::string& path() const { return path_; }
    // Writes a whole file: never seen half-written.
    void write(std::string_view file, std::string_view text) const;
    // Content of a file, empty when it is not there.
    [[nodiscard]] std::string read(std::string_view file) const;
    void remove(std::string_view file) const;
    // Points "latest" beside it to this directory.
    void publish() const;
    // Takes the directory away again when it holds nothing but a manifest.
    void discard() const;

  private:
    ResultsDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    std::string path_;
    int lock_;
};

// "2026-11-22T03-04-05Z" style name of now, and ISO 8601 of now.
std::string utc_name();
std::string utc_iso();

}  // namespace kmb::bench
