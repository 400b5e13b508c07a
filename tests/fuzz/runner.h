// Runs cases and holds every call's end against the errors that its row allows.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "arena.h"
#include "call.h"
#include "operations.h"
#include "world.h"

namespace kmb::fuzz {

// Calls to make, as sorted ranges [first, last] of their numbers in the case.
using Selection = std::vector<std::pair<std::size_t, std::size_t>>;

// "0-99,150,200-201". Throws std::invalid_argument.
Selection parse_selection(const std::string& text);
bool selected(const Selection& selection, std::size_t call);

// Of one kind of call.
struct Tally {
    std::atomic<std::uint64_t> calls;
    std::atomic<std::uint64_t> refused;
};

// What a worker tells, in memory that it shares with its parent.
struct Progress {
    std::atomic<std::uint64_t> running;  // number of the case that runs
    std::atomic<std::uint64_t> calls;
    std::atomic<std::uint64_t> wrong;  // calls that ended as they must not
    std::array<Tally, kMaxOperations> operations;
};

// One process. Not to be shared by threads.
class Runner {
  public:
    Runner(const std::vector<Device>& devices, Progress& progress);
    void run(std::uint64_t seed, std::uint64_t number, const Selection* only);

  private:
    void run_thread(World& world, const Case& made, std::size_t thread, std::uint64_t number,
                    const Selection* only);
    const std::vector<Device>& devices_;
    Progress& progress_;
    bool threads_;  // else the calls of a case are made one after the other
    Arena arena_;
};

}  // namespace kmb::fuzz
