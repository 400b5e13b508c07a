// A pool of threads for the variant parallel in user space: for tests and native benchmarks.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "sort_core.h"

namespace kmb {

// As the module's pool: each helper has a job of its own in a round, and the caller takes
// back what no helper has begun. Helpers wait for work by looking, so a round costs no system
// call, or asleep, so that each costs them a wake-up, as a kernel's workers. One caller at a
// time.
class SortThreads : public sort_pool {
  public:
    enum class Wait { looking, asleep };

    explicit SortThreads(unsigned count, Wait wait = Wait::looking)
        : sort_pool{run_jobs, count},
          asleep_(wait == Wait::asleep),
          states_(std::make_unique<std::atomic<State>[]>(count)) {
        for (unsigned i = 1; i < count; ++i) {
            threads_.emplace_back([this, i] { serve(i); });
        }
    }
    ~SortThreads() {
        for (unsigned i = 1; i < workers; ++i) {
            change(i, State::ended);
        }
        for (auto& thread : threads_) {
            thread.join();
        }
    }
    SortThreads(const SortThreads&) = delete;
    SortThreads& operator=(const SortThreads&) = delete;

    [[nodiscard]] std::uint64_t rounds() const { return rounds_; }

  private:
    using Work = void (*)(void* arg, unsigned job, const core_pause* pause);
    enum class State { idle, offered, begun, ended };

    static void run_jobs(const sort_pool* pool, Work work, void* arg, unsigned jobs) {
        auto* self = static_cast<SortThreads*>(const_cast<sort_pool*>(pool));
        ++self->rounds_;
        self->work_ = work;
        self->arg_ = arg;
        for (unsigned i = 1; i < jobs; ++i) {
            self->change(i, State::offered);
        }
        work(arg, 0, nullptr);
        for (unsigned i = 1; i < jobs; ++i) {
            if (self->take(i, State::idle)) {
                work(arg, i, nullptr);
            } else {
                self->leave(i, State::begun);
            }
        }
    }
    void serve(unsigned i) {
        for (;;) {
            leave(i, State::idle);
            if (states_[i] == State::ended) {
                return;
            }
            if (take(i, State::begun)) {
                work_(arg_, i, nullptr);
                change(i, State::idle);
            }
        }
    }
    bool take(unsigned i, State to) {
        auto offered = State::offered;
        return states_[i].compare_exchange_strong(offered, to);
    }
    void change(unsigned i, State to) {
        states_[i] = to;
        if (asleep_) {
            states_[i].notify_all();
        }
    }
    // Waits until the state is another one.
    void leave(unsigned i, State from) const {
        while (states_[i] == from) {
            if (asleep_) {
                states_[i].wait(from);
            } else {
                std::this_thread::yield();
            }
        }
    }

    bool asleep_;
    Work work_ = nullptr;
    void* arg_ = nullptr;
    std::uint64_t rounds_ = 0;
    std::unique_ptr<std::atomic<State>[]> states_;
    std::vector<std::thread> threads_;
};

}  // namespace kmb
