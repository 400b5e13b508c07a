// A pool of threads for the variant parallel in user space: for tests and native benchmarks.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "sort_core.h"

namespace kmb {

// Threads wait for work by looking, so a round costs no system call. One caller at a time.
class SortThreads : public sort_pool {
  public:
    explicit SortThreads(unsigned count) : sort_pool{run_jobs, count} {
        for (unsigned i = 1; i < count; ++i) {
            threads_.emplace_back([this] { serve(); });
        }
    }
    ~SortThreads() {
        stop_ = true;
        for (auto& thread : threads_) {
            thread.join();
        }
    }
    SortThreads(const SortThreads&) = delete;
    SortThreads& operator=(const SortThreads&) = delete;

    [[nodiscard]] std::uint64_t rounds() const { return round_; }

  private:
    using Work = void (*)(void* arg, unsigned job, const core_pause* pause);

    static void run_jobs(const sort_pool* pool, Work work, void* arg, unsigned jobs) {
        auto* self = static_cast<SortThreads*>(const_cast<sort_pool*>(pool));
        self->work_ = work;
        self->arg_ = arg;
        self->jobs_ = jobs;
        self->done_ = 0;
        self->next_ = 0;
        self->busy_ = static_cast<unsigned>(self->threads_.size());
        ++self->round_;
        self->take();
        while (self->done_ != jobs || self->busy_ != 0) {
            std::this_thread::yield();
        }
    }
    void take() {
        for (unsigned job = 0; (job = next_++) < jobs_;) {
            work_(arg_, job, nullptr);
            ++done_;
        }
    }
    void serve() {
        for (std::uint64_t seen = 0; !stop_;) {
            if (round_ == seen) {
                std::this_thread::yield();
                continue;
            }
            seen = round_;
            take();
            --busy_;
        }
    }

    Work work_ = nullptr;
    void* arg_ = nullptr;
    unsigned jobs_ = 0;
    std::atomic<unsigned> next_ = 0;
    std::atomic<unsigned> done_ = 0;
    std::atomic<unsigned> busy_ = 0;
    std::atomic<std::uint64_t> round_ = 0;
    std::atomic<bool> stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace kmb
