// One open file of a measured device, as the kernel tests need it: every call
// returns what the system call returned, negative errno included, and nothing throws.
#pragma once

#include <kmodbench.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kmb::kernel_test {

// Nodes to test: those of the product's modules that exist under /dev.
std::vector<std::string> devices();

class Opener {
  public:
    // `node` is a name under /dev. Fails the running test where it cannot be opened.
    explicit Opener(const std::string& node, int flags = 2 /* O_RDWR */);
    ~Opener();
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    void close();

    // All return 0 or -errno (read and write: what they returned or -errno).
    int ioctl(unsigned long command, void* argument) const;
    ssize_t read(void* to, std::size_t bytes) const;
    ssize_t write(const void* from, std::size_t bytes) const;
    int set(kmodbench_problem problem) const;  // fills in size
    int ring(std::uint64_t capacity, std::uint64_t* bytes = nullptr) const;
    int run(std::uint64_t repetitions, std::uint64_t warmup = 0,
            std::uint64_t* done = nullptr) const;
    int last(kmodbench_sample& sample) const;

    [[nodiscard]] kmodbench_info info() const;
    [[nodiscard]] std::vector<kmodbench_variant> variants() const;
    // Index of a variant by its name; fails the test where there is none.
    [[nodiscard]] std::uint32_t variant(const std::string& name) const;

  private:
    int fd_;
};

// A read-only mapping of an opener's ring.
class RingView {
  public:
    RingView(const Opener& opener, std::uint64_t bytes);
    ~RingView();
    RingView(const RingView&) = delete;
    RingView& operator=(const RingView&) = delete;

    [[nodiscard]] bool mapped() const { return base_ != nullptr; }
    [[nodiscard]] const kmodbench_ring& header() const;
    [[nodiscard]] const kmodbench_sample& operator[](std::uint64_t i) const;
    [[nodiscard]] void* base() const { return base_; }

  private:
    void* base_;
    std::uint64_t bytes_;
};

// Pages of which the last one is not mapped: an object that ends `inside` bytes
// before the hole is half there for anything longer.
class Cliff {
  public:
    explicit Cliff(std::size_t pages = 1);
    ~Cliff();
    Cliff(const Cliff&) = delete;
    Cliff& operator=(const Cliff&) = delete;

    // Address of which only `inside` bytes are mapped.
    [[nodiscard]] void* before_edge(std::size_t inside) const;
    // Makes the mapped pages read-only.
    void protect() const;

  private:
    char* base_;
    std::size_t bytes_;
};

}  // namespace kmb::kernel_test
