// What the calls of a case act on: open files, mappings of rings, memory.
#pragma once

#include <kmodbench.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "arena.h"
#include "call.h"

namespace kmb::fuzz {

// A device as it described itself, and sizes that keep its calls short.
struct Device {
    std::string node;
    std::uint64_t usual = 0;  // sizes up to here are quick
    std::uint64_t deep = 0;   // up to here some milliseconds
    std::uint64_t heavy = 0;  // up to here a second or so
    std::uint32_t patterns = 1;
    kmodbench_info info{};
    std::vector<kmodbench_variant> variants;
};

// Our devices under /dev, sorted by name.
std::vector<Device> find_devices();

struct Mapping {
    void* at = nullptr;
    std::size_t bytes = 0;
};

// Threads share it. A mapping is taken out by whoever works on it, so that no address is
// unmapped twice; file descriptors may be closed under those who use them.
class World {
  public:
    World(const std::vector<Device>& devices, std::size_t device, const Arena& arena);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] const Device& device() const { return devices_[device_]; }
    // A device other than that of the case now and then.
    [[nodiscard]] const Device& some_device(Random& random) const;
    [[nodiscard]] const Arena& arena() const { return arena_; }
    // A file descriptor, mostly open.
    [[nodiscard]] int file(Random& random) const;
    // Puts a descriptor in some place and closes the one that was there.
    void replace(Random& random, int fd);
    Mapping take(Random& random);
    // Keeps a mapping, and unmaps the one whose place it takes.
    void keep(Random& random, Mapping mapping);

  private:
    static constexpr std::size_t kPlaces = 4;
    const std::vector<Device>& devices_;
    std::size_t device_;
    const Arena& arena_;
    std::array<std::atomic<int>, kPlaces> files_;
    // Page number and length in one word: no allocation, which an injected fault would fail.
    std::array<std::atomic<std::uint64_t>, kPlaces> mappings_;
};

}  // namespace kmb::fuzz
