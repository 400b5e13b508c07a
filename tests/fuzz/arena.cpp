#include "arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace kmb::fuzz {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kBytes = std::size_t{256} << 20;
// The plain buffer is at 0; behind it nothing up to here.
constexpr std::size_t kReadOnlyAt = std::size_t{144} << 20;
constexpr std::size_t kFlippingAt = kReadOnlyAt + 16 * kPage;
constexpr std::size_t kFlippingPages = 4;
constexpr std::size_t kPlacesAt = kFlippingAt + 16 * kPage;  // page, hole, page, hole, ...
constexpr std::size_t kShrinkingAt = kPlacesAt + 16 * kPage;
constexpr std::size_t kShrinkingPages = 4;

// Addresses at which no program of 32 or 64 bits has memory that it may touch.
constexpr std::array<std::uint64_t, 6> kWild = {
    0, 8, 0xffffffffffffff00U, 0xffff888000001000U, 0x8000000000000000U, 0xffffffff81000000U};

void* wild(Random& random) {
    std::uint64_t address = kWild[random.below(kWild.size())];
    if constexpr (sizeof(void*) == 4) {
        address = random.one_in(2) ? random.below(64) : 0xffffe000U + random.below(kPage);
    }
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
}

void map(char* at, std::size_t bytes, int protection) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    if (::mmap(at, bytes, protection, flags, -1, 0) == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap of the arena");
    }
}

}  // namespace

Arena::Arena() {
    void* base =
        ::mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap of the arena");
    }
    base_ = static_cast<char*>(base);
    map(base_, kPlain, PROT_READ | PROT_WRITE);
    map(base_ + kReadOnlyAt, kPage, PROT_READ);
    map(base_ + kFlippingAt, kFlippingPages * kPage, PROT_READ | PROT_WRITE);
    for (std::size_t thread = 0; thread < kMaxThreads; ++thread) {
        map(base_ + kPlacesAt + 2 * thread * kPage, kPage, PROT_READ | PROT_WRITE);
    }
    map(base_ + kLargeAt, kLarge, PROT_READ | PROT_WRITE);
    file_ = ::memfd_create("shrinking", MFD_CLOEXEC);
    if (file_ < 0 || ::mmap(base_ + kShrinkingAt, kShrinkingPages * kPage, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_FIXED, file_, 0) == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "a file in the arena");
    }
}

Arena::~Arena() {
    ::close(file_);
    ::munmap(base_, kBytes);
}

void* Arena::buffer(Random& random) const {
    switch (random.below(16)) {
        case 0:
            return wild(random);
        case 1:
            return base_ + kReadOnlyAt;
        case 2:
            return base_ + kFlippingAt + random.below(kPage);
        case 3:
            return base_ + kShrinkingAt + random.below(kPage);
        case 4:
            return base_ + kPlain - random.below(2 * kPage);
        case 5:
            return base_ + 1 + random.below(7);
        default:
            return base_;
    }
}

void* Arena::whole(const void* value, std::size_t bytes, std::size_t thread) const {
    return std::memcpy(base_ + kPlacesAt + 2 * thread * kPage, value, bytes);
}

void* Arena::place(Random& random, const void* value, std::size_t bytes, std::size_t thread) const {
    char* page = base_ + kPlacesAt + 2 * thread * kPage;
    switch (random.below(16)) {
        case 0:
            return wild(random);
        case 1:
            return base_ + kReadOnlyAt;
        case 2:
            return base_ + (random.one_in(2) ? kFlippingAt : kShrinkingAt) + kPage - bytes / 2;
        case 3: {
            const std::size_t inside = random.below(bytes);
            return std::memcpy(page + kPage - inside, value, inside);
        }
        case 4:
            return std::memcpy(page + 1 + random.below(7), value, bytes);
        default:
            return std::memcpy(page, value, bytes);
    }
}

void Arena::flip(Random& random) const {
    const std::size_t page = random.below(kFlippingPages);
    const int protection = random.one_in(2)   ? PROT_NONE
                           : random.one_in(4) ? PROT_READ
                                              : PROT_READ | PROT_WRITE;
    // What was there is unmapped by this, without the addresses becoming free for others. It
    // may fail, where that was asked for.
    ::mmap(base_ + kFlippingAt + page * kPage, kPage, protection,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

void Arena::shrink(Random& random) const {
    (void)!::ftruncate(file_, static_cast<off_t>(kPage * random.below(kShrinkingPages + 1)));
}

void Arena::forget() const {
    ::madvise(base_ + kLargeAt, kLarge, MADV_DONTNEED);
}

}  // namespace kmb::fuzz
