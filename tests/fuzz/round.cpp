#include "round.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "fault_point.h"

namespace kmb::fuzz {
namespace {

constexpr std::uint64_t kFewElements = 2000;  // up to here each type with each pattern
constexpr std::uint64_t kFewest = 90;  // elements whose memory is within a page: none else is tried

// Sizes of a variant, up to where an emulated processor gets tired of it.
struct Sizes {
    std::string_view node;
    std::string_view variant;  // empty: all others of the device
    std::vector<std::uint64_t> sizes;
};

const std::vector<Sizes>& table() {
    static const std::vector<Sizes> rows = {
        {"calib", "", {0, 1, 1000}},
        {"fibonacci", "auto", {0, 93, 94, 700, 3000, 20'000, 150'000, 1'000'000}},
        {"fibonacci", "bignum_add", {0, 1, 2, 94, 700, 3000}},
        {"fibonacci", "fast_doubling", {0, 94, 700, 3000, 20'000}},
        {"fibonacci", "matrix", {0, 1, 94, 700, 3000, 20'000}},
        {"fibonacci", "", {0, 93, 94, 187, 700, 3000, 20'000, 150'000, 300'000}},
        {"hello", "", {0, 1, 4096, 300'000}},
        {"sort", "insertion", {0, 1, 2, 12, 40, 300, 1500}},
        {"sort", "auto", {0, 1, 2, 12, 40, 300, 1500, 20'000, 140'000}},
        {"sort", "parallel", {0, 1, 300, 140'000, 300'000}},
        {"sort", "", {0, 1, 2, 12, 40, 300, 1500, 20'000}},
        {"xoro", "", {0, 1, 7, 8, 40'000}},
    };
    return rows;
}

const Sizes& sizes_of(const Device& device, const kmodbench_variant& variant) {
    for (const Sizes& row : table()) {
        if (row.node == device.node && (row.variant.empty() || row.variant == variant.name)) {
            return row;
        }
    }
    return table().front();
}

class File {
  public:
    explicit File(const Device& device)
        : fd_(::open(("/dev/" + device.node).c_str(), O_RDWR | O_CLOEXEC)) {
        kmodbench_ring_setup setup{};
        setup.size = sizeof setup;
        setup.capacity = 4;
        ::ioctl(fd_, KMODBENCH_RING, &setup);
    }
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void set(kmodbench_problem problem) const { ::ioctl(fd_, KMODBENCH_SET, &problem); }
    void run() const {
        kmodbench_run run{};
        run.size = sizeof run;
        run.repetitions = 1;
        ::ioctl(fd_, KMODBENCH_RUN, &run);
    }
    void count() const {
        kmodbench_counts counts{};
        counts.size = sizeof counts;
        ::ioctl(fd_, KMODBENCH_COUNT, &counts);
    }
    void read(void* to, std::uint64_t n, std::uint64_t size) const {
        ::lseek(fd_, static_cast<off_t>(n), SEEK_SET);
        (void)!::read(fd_, to, static_cast<std::size_t>(n * size));
    }
    void write(const void* from, std::uint64_t n, std::uint64_t size) const {
        (void)!::write(fd_, from, static_cast<std::size_t>(n * size));
    }
    void last() const {
        kmodbench_sample sample{};
        ::ioctl(fd_, KMODBENCH_LAST, &sample);
    }
    void work() const {
        kmodbench_work work{};
        work.size = sizeof work;
        ::ioctl(fd_, KMODBENCH_WORK, &work);
    }

  private:
    int fd_;
};

class Round {
  public:
    Round(const Device& device, const Arena& arena) : device_(device), arena_(arena) {}
    void variant(const kmodbench_variant& variant);
    [[nodiscard]] std::uint64_t calls() const { return calls_; }

  private:
    void all_patterns(const kmodbench_problem& problem);
    void all_ways(const kmodbench_problem& problem);
    void records(kmodbench_problem problem);
    void without_memory(const kmodbench_problem& problem);
    const Device& device_;
    const Arena& arena_;
    std::uint64_t calls_ = 0;
};

void Round::all_patterns(const kmodbench_problem& problem) {
    const File file(device_);
    kmodbench_problem next = problem;
    for (next.pattern = 0; next.pattern < device_.patterns; ++next.pattern) {
        file.set(next);
        file.run();
        calls_ += 2;
    }
}

void Round::all_ways(const kmodbench_problem& problem) {
    const File file(device_);
    file.set(problem);
    file.count();
    // What is read is sorted; a page of it is enough of a disorder.
    auto* bytes = static_cast<unsigned char*>(arena_.large());
    Random random(problem.n);
    for (std::size_t i = 0; i < 4096; ++i) {
        bytes[i] = static_cast<unsigned char>(random.next());
    }
    const std::uint64_t size = device_.node == "sort" && problem.type < 2 ? 4 : 8;
    file.write(bytes, problem.n, size);
    file.read(bytes, problem.n, size);
    file.last();
    file.work();
    calls_ += 7;
}

void Round::records(kmodbench_problem problem) {
    const File file(device_);
    const std::uint64_t key = problem.type < 2 ? 4 : 8;
    for (const std::uint64_t record : {std::uint64_t{0}, key, 2 * key, std::uint64_t{23}}) {
        for (const std::uint64_t offset : {std::uint64_t{0}, record == 0 ? 0 : record - key}) {
            problem.argument[KMODBENCH_SORT_RECORD] = record;
            problem.argument[KMODBENCH_SORT_OFFSET] = offset;
            problem.argument[KMODBENCH_SORT_ORDER] = record % 2 == 0 ? 1 : 0;
            file.set(problem);
            file.run();
            file.count();
            calls_ += 3;
        }
    }
    problem.n = kFewest;
    without_memory(problem);
}

void Round::without_memory(const kmodbench_problem& problem) {
    const kernel_test::FaultPoint fault;
    for (unsigned point = 1; point < 12; ++point) {
        const File file(device_);
        fault.set(point);
        file.set(problem);
        fault.set(0);
        file.run();
        file.count();
        fault.set(point);
        file.read(arena_.large(), problem.n, 4);
        fault.set(0);
        calls_ += 5;
    }
}

void Round::variant(const kmodbench_variant& variant) {
    const Sizes& row = sizes_of(device_, variant);
    kmodbench_problem problem{};
    problem.size = sizeof problem;
    problem.variant = variant.index;
    for (; problem.type < 32; ++problem.type) {
        if (problem.type == 0 || (variant.types >> problem.type & 1) != 0) {
            problem.n = kFewest;
            without_memory(problem);
            problem.n = 500;
            without_memory(problem);
            if (device_.node == "sort") {
                records(problem);
            }
        }
    }
    for (const std::uint64_t n : row.sizes) {
        problem.n = n < variant.max_n ? n : variant.max_n;
        for (problem.type = 0; problem.type < 32; ++problem.type) {
            const bool has = problem.type == 0 || (variant.types >> problem.type & 1) != 0;
            if (has && (n <= kFewElements || row.variant == "parallel" || problem.type == 0)) {
                all_patterns(problem);
                all_ways(problem);
            }
        }
        problem.type = 0;
    }
    problem.flags = KMODBENCH_RUN_PREEMPT_OFF;
    problem.n = 40;
    all_patterns(problem);
    problem.flags |= KMODBENCH_RUN_IRQ_OFF;
    all_patterns(problem);
}

}  // namespace

std::uint64_t go_round(const std::vector<Device>& devices, const Arena& arena) {
    std::uint64_t calls = 0;
    for (const Device& device : devices) {
        Round round(device, arena);
        for (const kmodbench_variant& variant : device.variants) {
            round.variant(variant);
        }
        calls += round.calls();
    }
    arena.forget();
    return calls;
}

}  // namespace kmb::fuzz
