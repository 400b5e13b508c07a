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

constexpr int kAttempts = 6;      // at a round
constexpr double kSlower = 1.15;  // times the least: the fixed work was disturbed

double now_ns() {
    const std::chrono::duration<double, std::nano> now =
        std::chrono::steady_clock::now().time_since_epoch();
    return now.count();
}

// 0.05 ms or so of independent additions in registers: as many as a core can begin, so that
// whoever uses the other half of that core makes them slower.
noinline void fixed_work(void* times, unsigned job, const core_pause* /*pause*/) {
    std::uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
    const double begin = now_ns();
#pragma GCC unroll 8
    for (int i = 0; i < 150'000; ++i) {
        a += 3, b += 5, c += 7, d += 9, e += 11, f += 13;
        asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    }
    static_cast<double*>(times)[job] = now_ns() - begin;
}

// The longest that fixed work took on any thread of the pool, ns; without one, on this thread.
double disturbance(const SortThreads* pool) {
    std::vector<double> times(pool == nullptr ? 1 : pool->workers);
    if (pool == nullptr) {
        fixed_work(times.data(), 0, nullptr);
    } else {
        pool->run(pool, fixed_work, times.data(), pool->workers);
    }
    return *std::max_element(times.begin(), times.end());
}

// The least that fixed work needs here: of half a second of trying.
double undisturbed() {
    static const double least = [] {
        double shortest = disturbance(nullptr);
        for (const double end = now_ns() + 5e8; now_ns() < end;) {
            shortest = std::min(shortest, disturbance(nullptr));
        }
        return shortest;
    }();
    return least;
}

struct Reading {
    double ns;
    bool quiet;
};

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

    Reading wall(const char* variant, unsigned threads, SortThreads::Wait wait) {
        const sort_variant* row = sort_find(variant);
        std::optional<SortThreads> pool;
        if (threads > 1) {
            pool.emplace(threads, wait);
        }
        work_ = input_;
        int failed = 0;
        const SortThreads* shared = pool ? &*pool : nullptr;
        const double before = disturbance(shared);
        const double begin = now_ns();
        for (std::size_t i = 0; i < count_; ++i) {
            const sort_job job{
                &work_[i * words_], scratch_.data(), n_, type_, nullptr, {}, nullptr, shared};
            failed |= sort_run(row, &job);
        }
        const double took = now_ns() - begin;
        const double after = disturbance(shared);
        for (std::size_t i = 0; i < count_ && failed == 0; ++i) {
            failed |= sort_check(&work_[i * words_], n_, type_) !=
                      (sort_check(&input_[i * words_], n_, type_) | 1);
        }
        if (failed != 0) {
            throw std::runtime_error(std::string(variant) + ": wrong result");
        }
        return {took / static_cast<double>(count_ * n_),
                std::max(before, after) <= kSlower * undisturbed()};
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

}  // namespace

Wall median_ratio(std::vector<Wall> rounds) {
    const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
    std::nth_element(rounds.begin(), middle, rounds.end(), [](const Wall& a, const Wall& b) {
        return a.alone / a.shared < b.alone / b.shared;
    });
    return *middle;
}

void scale(Walls& walls, sort_type type, sort_pattern pattern, std::size_t n, unsigned threads,
           SortThreads::Wait wait, int rounds) {
    Arrays arrays(type, n);
    for (int left = kAttempts * rounds; left > 0 && rounds > 0; --left) {
        const auto seed = walls.rounds.size() + static_cast<std::size_t>(walls.disturbed) + 1;
        const bool first = left % 2 == 0;
        Reading alone{};
        arrays.refill(pattern, seed);
        if (first) {
            alone = arrays.wall("auto", 1, wait);
        }
        const Reading shared = arrays.wall("parallel", threads, wait);
        if (!first) {
            alone = arrays.wall("auto", 1, wait);
        }
        if (alone.quiet && shared.quiet) {
            walls.rounds.push_back({alone.ns, shared.ns});
            --rounds;
        } else {
            ++walls.disturbed;
        }
    }
}

}  // namespace kmb::cores
