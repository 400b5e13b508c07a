// Addresses to hand to the kernel: good, half mapped, read-only, coming and going, wild.
#pragma once

#include <cstddef>
#include <cstdint>

#include "call.h"

namespace kmb::fuzz {

// One range of addresses in which everything below lies, so that a copy that runs past its
// end meets pages without access and never memory that somebody uses. Owned by one process,
// used by all its threads.
class Arena {
  public:
    Arena();
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // A buffer for read() or write(): mostly kPlain bytes that are there, with at least
    // 128 MiB without access behind it.
    void* buffer(Random& random) const;
    // Where `bytes` of `value` now are, mostly: whole, half mapped, read-only or not there.
    // Each thread has its own place.
    void* place(Random& random, const void* value, std::size_t bytes, std::size_t thread) const;
    // The place of a structure that is whole and writable.
    void* whole(const void* value, std::size_t bytes, std::size_t thread) const;
    // kLarge bytes that are there; pages come with the first touch.
    [[nodiscard]] void* large() const { return base_ + kLargeAt; }
    // Takes pages of the part that comes and goes away, or puts them back.
    void flip(Random& random) const;
    // Ends the file behind another such part sooner or later: a quick way to the same.
    void shrink(Random& random) const;
    // Gives back the pages of large().
    void forget() const;

    static constexpr std::size_t kPlain = std::size_t{1} << 20;
    static constexpr std::size_t kLarge = std::size_t{64} << 20;

  private:
    static constexpr std::size_t kLargeAt = std::size_t{160} << 20;
    char* base_;
    int file_;
};

}  // namespace kmb::fuzz
