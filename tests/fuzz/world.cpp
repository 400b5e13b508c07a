#include "world.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace kmb::fuzz {
namespace {

struct Known {
    const char* node;
    std::uint64_t usual;
    std::uint64_t deep;
    std::uint64_t heavy;
    std::uint32_t patterns;
};

// Sorted by name.
constexpr std::array kKnown = {
    Known{"calib", 1000, 2000, 200'000, 1},   Known{"fibonacci", 600, 20'000, 2'000'000, 3},
    Known{"hello", 2048, 65'536, 4 << 20, 1}, Known{"sort", 256, 8192, 1 << 18, 15},
    Known{"xoro", 2048, 65'536, 4 << 20, 1},
};

int open_device(const std::string& node) {
    return ::open(("/dev/" + node).c_str(), O_RDWR | O_CLOEXEC);
}

Device describe(const Known& known) {
    Device device;
    device.node = known.node;
    device.usual = known.usual;
    device.deep = known.deep;
    device.heavy = known.heavy;
    device.patterns = known.patterns;
    const int fd = open_device(device.node);
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), "/dev/" + device.node);
    }
    device.info.size = sizeof device.info;
    int failed = ::ioctl(fd, KMODBENCH_INFO, &device.info);
    device.variants.resize(device.info.variants);
    std::uint32_t index = 0;
    for (kmodbench_variant& variant : device.variants) {
        variant.size = sizeof variant;
        variant.index = index++;
        failed |= ::ioctl(fd, KMODBENCH_VARIANT, &variant);
    }
    ::close(fd);
    if (failed != 0) {
        throw std::runtime_error("/dev/" + device.node + ": does not describe itself");
    }
    return device;
}

constexpr unsigned kPageBits = 12;
constexpr unsigned kLengthBits = 24;  // of the length in pages

std::uint64_t encode(Mapping mapping) {
    const auto page = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(mapping.at));
    return (page >> kPageBits) << kLengthBits |
           (mapping.bytes + (1U << kPageBits) - 1) >> kPageBits;
}

Mapping decode(std::uint64_t word) {
    const std::uint64_t pages = word & ((1U << kLengthBits) - 1);
    const std::uint64_t at = (word >> kLengthBits) << kPageBits;
    return {reinterpret_cast<void*>(static_cast<std::uintptr_t>(at)),
            static_cast<std::size_t>(pages << kPageBits)};
}

void drop(std::uint64_t word) {
    if (word != 0) {
        ::munmap(decode(word).at, decode(word).bytes);
    }
}

}  // namespace

std::vector<Device> find_devices() {
    std::vector<Device> found;
    for (const Known& known : kKnown) {
        if (::access((std::string("/dev/") + known.node).c_str(), F_OK) == 0) {
            found.push_back(describe(known));
        }
    }
    return found;
}

World::World(const std::vector<Device>& devices, std::size_t device, const Arena& arena)
    : devices_(devices), device_(device), arena_(arena) {
    for (auto& file : files_) {
        file = -1;
    }
    for (auto& mapping : mappings_) {
        mapping = 0;
    }
    files_[0] = open_device(this->device().node);
}

World::~World() {
    for (auto& mapping : mappings_) {
        drop(mapping.exchange(0));
    }
    for (auto& file : files_) {
        const int fd = file.exchange(-1);
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

const Device& World::some_device(Random& random) const {
    return random.one_in(8) ? devices_[random.below(devices_.size())] : device();
}

int World::file(Random& random) const {
    const std::size_t first = random.below(kPlaces);
    for (std::size_t i = 0; i < kPlaces; ++i) {
        const int fd = files_[(first + i) % kPlaces];
        if (fd >= 0) {
            return fd;
        }
    }
    return -1;
}

void World::replace(Random& random, int fd) {
    const int old = files_[random.below(kPlaces)].exchange(fd);
    if (old >= 0) {
        ::close(old);
    }
}

Mapping World::take(Random& random) {
    const std::size_t first = random.below(kPlaces);
    for (std::size_t i = 0; i < kPlaces; ++i) {
        const std::uint64_t taken = mappings_[(first + i) % kPlaces].exchange(0);
        if (taken != 0) {
            return decode(taken);
        }
    }
    return {};
}

void World::keep(Random& random, Mapping mapping) {
    drop(mappings_[random.below(kPlaces)].exchange(encode(mapping)));
}

}  // namespace kmb::fuzz
