#include "sort_scaling.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

#include "sort_threads.h"

namespace kmb::cores {
namespace {

constexpr std::size_t kElementsARound = 1'000'000;
constexpr int kRounds = 21;       // of up to so many elements
constexpr int kRoundsLarge = 11;  // of more

class Arrays {
  public:
    Arrays(sort_type type, std::size_t n)
        : type_(type),
          n_(n),
          words_((n * sort_type_size(type) + 7) / 8),
          count_(std::max<std::size_t>(kElementsARound / n, 1)),
          input_(words_ * count_),
          work_(input_.size()),
          scratch_(std::max(sort_scratch(sort_find("auto"), n, type),
                            sort_scratch(sort_find("parallel"), n, type)) /
                       8 +
                   1) {}

    void refill(sort_pattern pattern, std::uint64_t seed) {
        for (std::size_t i = 0; i < count_; ++i) {
            sort_fill(&input_[i * words_], n_, type_, pattern, seed * 100'003 + i);
        }
    }

    double wall(const char* variant, unsigned threads, SortThreads::Wait wait) {
        const sort_variant* row = sort_find(variant);
        std::optional<SortThreads> pool;
        if (threads > 1) {
            pool.emplace(threads, wait);
        }
        work_ = input_;
        int failed = 0;
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < count_; ++i) {
            const sort_job job{
                &work_[i * words_],     scratch_.data(), n_, type_, nullptr, {}, nullptr,
                pool ? &*pool : nullptr};
            failed |= sort_run(row, &job);
        }
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - begin;
        for (std::size_t i = 0; i < count_ && failed == 0; ++i) {
            failed |= sort_check(&work_[i * words_], n_, type_) !=
                      (sort_check(&input_[i * words_], n_, type_) | 1);
        }
        if (failed != 0) {
            throw std::runtime_error(std::string(variant) + ": wrong result");
        }
        return took.count() / static_cast<double>(count_ * n_);
    }

  private:
    sort_type type_;
    std::size_t n_;
    std::size_t words_;
    std::size_t count_;
    std::vector<std::uint64_t> input_;
    std::vector<std::uint64_t> work_;
    std::vector<std::uint64_t> scratch_;
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

std::pair<double, double> scaling(sort_type type, sort_pattern pattern, std::size_t n,
                                  unsigned threads, SortThreads::Wait wait) {
    Arrays arrays(type, n);
    std::vector<double> alone;
    std::vector<double> shared;
    const int rounds = n > kElementsARound ? kRoundsLarge : kRounds;
    for (int round = 0; round < rounds; ++round) {
        arrays.refill(pattern, static_cast<std::uint64_t>(round) + 1);
        if (round % 2 == 0) {
            alone.push_back(arrays.wall("auto", 1, wait));
        }
        shared.push_back(arrays.wall("parallel", threads, wait));
        if (round % 2 != 0) {
            alone.push_back(arrays.wall("auto", 1, wait));
        }
    }
    return {median(alone), median(shared)};
}

}  // namespace kmb::cores
