// The tables of the calibration, one function each, and what they have in common.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/calibration/calibration.h"
#include "analysis/calibration/repeat.h"
#include "analysis/calibration/sources.h"

namespace kmb::analysis::calibration {

struct Title {
    std::string group;
    std::string what;
    std::string data;
};

struct Range {
    double least;
    double most;
};

class Runner {
  public:
    Runner(const Options& options, const std::function<void(const Line&)>& done)
        : options_(options), done_(done) {}

    // Measures the share of repetitions in which `hit(random)` is true and which should lie
    // in `range`. `usual` is their number at an effort of 1.
    template <typename Hit>
    void measure(const Title& title, const Range& range, std::size_t usual, Hit hit) {
        Line line = begin(title, range, usual);
        finish(std::move(line), count(usual, hit));
    }
    // The same beside a rule of another program on the same data.
    template <typename Hit, typename Peer>
    void measure(const Title& title, const Range& range, std::size_t usual, Hit hit,
                 const std::string& peer, Peer peer_hit) {
        Line line = begin(title, range, usual);
        line.peer = peer;
        line.peer_share = share(count(usual, peer_hit), usual);
        finish(std::move(line), count(usual, hit));
    }

    [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

  private:
    template <typename Hit>
    std::size_t count(std::size_t usual, Hit hit) const {
        return count_hits(repetitions(usual), options_.threads, 1 + lines_.size(), hit);
    }
    [[nodiscard]] std::size_t repetitions(std::size_t usual) const;
    [[nodiscard]] double share(std::size_t hits, std::size_t usual) const;
    [[nodiscard]] Line begin(const Title& title, const Range& range, std::size_t usual) const;
    void finish(Line line, std::size_t hits);

    const Options& options_;
    const std::function<void(const Line&)>& done_;
    std::vector<Line> lines_;
};

// Sizes of series that a source is tried with: correlated ones are told apart from noise
// only by many values.
std::span<const std::size_t> sizes_of(const Source& source);
std::string data_of(const Source& source, std::size_t n);  // "normal, n = 20"

void change_points(Runner& run);
void coverage(Runner& run);
void growth(Runner& run);
void verdicts(Runner& run);

}  // namespace kmb::analysis::calibration
