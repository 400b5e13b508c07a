// The tables of the calibration, one function each, and what they have in common.
#pragma once

#include <utility>

#include "analysis/calibration/calibration.h"
#include "analysis/calibration/repeat.h"

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
    void measure(const Title& title, const Range& range, std::size_t usual, Hit hit,
                 const std::string& remark = {}) {
        Line line{title.group, title.what, title.data, repetitions(usual), 0, range.least,
                  range.most,  0,          remark};
        const std::uint64_t seed = 1 + lines_.size();
        const std::size_t hits = count_hits(line.repetitions, options_.threads, seed, hit);
        add(std::move(line), hits);
    }

    [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

  private:
    [[nodiscard]] std::size_t repetitions(std::size_t usual) const;
    void add(Line line, std::size_t hits);

    const Options& options_;
    const std::function<void(const Line&)>& done_;
    std::vector<Line> lines_;
};

void change_points(Runner& run);
void coverage(Runner& run);

}  // namespace kmb::analysis::calibration
