#include "operations.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iterator>

#include "sizes.h"

namespace kmb::fuzz {
namespace {

// No call ends with this one: the answer itself is wrong.
constexpr int kWrongAnswer = EPROTO;

int status(long long result) {
    return result >= 0 ? 0 : errno;
}

std::size_t bytes_of(Random& random, const Device& device) {
    // Whole elements, mostly: a read() of anything else does not get far.
    std::uint64_t bytes = size_of(random, device.usual, (std::uint64_t{64} << 20) + 8);
    if (!random.one_in(4)) {
        bytes &= ~std::uint64_t{7};
    }
    return static_cast<std::size_t>(bytes);
}

int open_file(World& world, Random& random, std::size_t) {
    constexpr int flags[] = {O_RDWR,   O_RDWR, O_RDWR | O_NONBLOCK, O_RDONLY, O_WRONLY,
                             O_APPEND, O_PATH, O_RDWR | O_TRUNC};
    const std::string path = "/dev/" + world.some_device(random).node;
    const int fd = ::open(path.c_str(), flags[random.below(8)] | O_CLOEXEC);
    if (fd >= 0) {
        world.replace(random, fd);
    }
    return status(fd);
}

int close_file(World& world, Random& random, std::size_t) {
    world.replace(random, -1);
    return 0;
}

int duplicate(World& world, Random& random, std::size_t) {
    const int old = world.file(random);
    const int fd = random.one_in(2) ? ::dup(old) : ::fcntl(old, F_DUPFD_CLOEXEC, 3);
    if (fd >= 0) {
        world.replace(random, fd);
    }
    return status(fd);
}

int read_file(World& world, Random& random, std::size_t) {
    const std::size_t bytes = bytes_of(random, world.device());
    return status(::read(world.file(random), world.arena().buffer(random), bytes));
}

int write_file(World& world, Random& random, std::size_t) {
    // fibdrv takes the size for a variant.
    const std::size_t bytes = random.one_in(3) ? random.below(world.device().variants.size() + 1)
                                               : bytes_of(random, world.device());
    return status(::write(world.file(random), world.arena().buffer(random), bytes));
}

int at_position(World& world, Random& random, std::size_t) {
    const auto offset = static_cast<off_t>(size_of(random, world.device().usual, 1'000'000'000));
    const std::size_t bytes = bytes_of(random, world.device());
    void* buffer = world.arena().buffer(random);
    return status(random.one_in(2) ? ::pread(world.file(random), buffer, bytes, offset)
                                   : ::pwrite(world.file(random), buffer, bytes % 32, offset));
}

int vectors(World& world, Random& random, std::size_t) {
    iovec parts[4];
    for (iovec& part : parts) {
        part = {world.arena().buffer(random), bytes_of(random, world.device())};
    }
    const int count = static_cast<int>(random.below(5));
    return status(random.one_in(2) ? ::readv(world.file(random), parts, count)
                                   : ::writev(world.file(random), parts, count));
}

int seek(World& world, Random& random, std::size_t) {
    const auto offset = static_cast<off_t>(size_of(random, world.device().usual, 1'000'000'000));
    // Not SEEK_END: the last position is a legal one, and slow. See long_work().
    constexpr int whence[] = {SEEK_SET, SEEK_SET, SEEK_SET, 5, -1};
    if (random.one_in(8)) {
        return status(
            ::lseek(world.file(random), static_cast<off_t>(random.below(64)) - 40, SEEK_CUR));
    }
    return status(::lseek(world.file(random), offset, whence[random.below(5)]));
}

// An ioctl with a structure that chance has spoiled or put in a bad place now and then.
template <typename T>
int command(World& world, Random& random, std::size_t thread, unsigned long number, T value) {
    void* at = nullptr;
    if (random.one_in(4)) {
        at = world.arena().place(random, &value, sizeof value, thread);
    } else {
        at = world.arena().whole(&value, sizeof value, thread);
    }
    return status(::ioctl(world.file(random), number, at));
}

int info(World& world, Random& random, std::size_t thread) {
    kmodbench_info value{};
    value.size = sizeof value;
    if (random.one_in(4)) {
        spoil(random, &value, sizeof value);
        return command(world, random, thread, KMODBENCH_INFO, value);
    }
    void* at = world.arena().whole(&value, sizeof value, thread);
    if (::ioctl(world.file(random), KMODBENCH_INFO, at) != 0) {
        return errno;
    }
    std::memcpy(&value, at, sizeof value);
    return value.size == sizeof value && value.sample_size == sizeof(kmodbench_sample) &&
                   value.variants > 0 && std::memchr(value.name, 0, sizeof value.name) != nullptr
               ? 0
               : kWrongAnswer;
}

int variant(World& world, Random& random, std::size_t thread) {
    kmodbench_variant value{};
    value.size = sizeof value;
    value.index = static_cast<std::uint32_t>(size_of(random, world.device().variants.size(), 0));
    if (random.one_in(8)) {
        spoil(random, &value, sizeof value);
    }
    return command(world, random, thread, KMODBENCH_VARIANT, value);
}

int set(World& world, Random& random, std::size_t thread) {
    return command(world, random, thread, KMODBENCH_SET,
                   problem_for(random, world.some_device(random)));
}

int ring(World& world, Random& random, std::size_t thread) {
    kmodbench_ring_setup value{};
    value.size = sizeof value;
    value.capacity = random.one_in(400) ? spread(random, 1 << 20) : size_of(random, 64, 1 << 20);
    if (random.one_in(16)) {
        spoil(random, &value, offsetof(kmodbench_ring_setup, capacity));
    }
    return command(world, random, thread, KMODBENCH_RING, value);
}

int run(World& world, Random& random, std::size_t thread) {
    kmodbench_run value{};
    value.size = sizeof value;
    value.warmup = random.one_in(4) ? spread(random, 4) : 0;
    value.repetitions = random.one_in(8) ? size_of(random, 32, 1 << 20) : spread(random, 4);
    if (random.one_in(16)) {
        spoil(random, &value, offsetof(kmodbench_run, warmup));
    }
    if (!random.one_in(4)) {
        void* at = world.arena().whole(&value, sizeof value, thread);
        if (::ioctl(world.file(random), KMODBENCH_RUN, at) != 0) {
            return errno;
        }
        std::memcpy(&value, at, sizeof value);
        // Without repetitions it says what an earlier command left in the ring.
        return value.repetitions == 0 || value.done == value.repetitions ? 0 : kWrongAnswer;
    }
    return command(world, random, thread, KMODBENCH_RUN, value);
}

int last(World& world, Random& random, std::size_t thread) {
    return command(world, random, thread, KMODBENCH_LAST, kmodbench_sample{});
}

int count(World& world, Random& random, std::size_t thread) {
    kmodbench_counts value{};
    value.size = sizeof value;
    if (random.one_in(8)) {
        spoil(random, &value, sizeof value);
    }
    return command(world, random, thread, KMODBENCH_COUNT, value);
}

int work(World& world, Random& random, std::size_t thread) {
    kmodbench_work value{};
    value.size = sizeof value;
    if (random.one_in(8)) {
        spoil(random, &value, 8);
    }
    return command(world, random, thread, KMODBENCH_WORK, value);
}

int any_command(World& world, Random& random, std::size_t thread) {
    std::uint64_t number = random.next() & 0xffffffffU;
    if (!random.one_in(4)) {
        // Of our type: each number, direction and size.
        number = (number & 0xffff00ffU) | KMODBENCH_IOC << 8;
        number = random.one_in(2) ? number & ~0xf8U : number;
    }
    const std::uint64_t value[16] = {random.next(), random.next()};
    void* at = world.arena().place(random, value, sizeof value, thread);
    return status(::ioctl(world.file(random), static_cast<unsigned long>(number), at));
}

int map(World& world, Random& random, std::size_t) {
    constexpr std::size_t page = 4096;
    constexpr int shared[] = {MAP_SHARED, MAP_SHARED, MAP_PRIVATE, MAP_SHARED | MAP_POPULATE,
                              MAP_SHARED | MAP_LOCKED};
    const int protection = random.one_in(3) ? static_cast<int>(random.below(8)) : PROT_READ;
    const auto bytes = static_cast<std::size_t>(random.one_in(8) ? size_of(random, 16 * page, 0)
                                                                 : page * (1 + random.below(4)));
    const off_t offset = random.one_in(8) ? static_cast<off_t>(page * size_of(random, 4, 0)) : 0;
    const Mapping made = {
        ::mmap(nullptr, bytes, protection, shared[random.below(5)], world.file(random), offset),
        bytes};
    if (made.at == MAP_FAILED) {
        return errno;
    }
    // No more than the largest ring can have been mapped.
    if (bytes > (std::size_t{1} << 28)) {
        return kWrongAnswer;
    }
    world.keep(random, made);
    return 0;
}

int unmap(World& world, Random& random, std::size_t) {
    const Mapping mapping = world.take(random);
    if (mapping.at == nullptr) {
        return 0;
    }
    // In two halves, which splits it, or at once.
    const std::size_t first = random.one_in(2) ? mapping.bytes / 2 & ~std::size_t{4095} : 0;
    int result = first != 0 ? status(::munmap(mapping.at, first)) : 0;
    if (result != 0) {
        // For want of memory it may refuse to split.
        return status(::munmap(mapping.at, mapping.bytes));
    }
    return status(::munmap(static_cast<char*>(mapping.at) + first, mapping.bytes - first));
}

int remap(World& world, Random& random, std::size_t) {
    Mapping mapping = world.take(random);
    if (mapping.at == nullptr) {
        return 0;
    }
    const std::size_t bytes = 4096 * (1 + random.below(8));
    void* moved = ::mremap(mapping.at, mapping.bytes, bytes, MREMAP_MAYMOVE);
    const int error = moved == MAP_FAILED ? errno : 0;
    if (error == 0) {
        mapping = {moved, bytes};
    }
    world.keep(random, mapping);
    return error;
}

int protect(World& world, Random& random, std::size_t) {
    const Mapping mapping = world.take(random);
    if (mapping.at == nullptr) {
        return 0;
    }
    const int protection = static_cast<int>(random.below(8));
    const int error = status(::mprotect(mapping.at, mapping.bytes, protection));
    world.keep(random, mapping);
    return error;
}

int advise(World& world, Random& random, std::size_t) {
    constexpr int advice[] = {MADV_DONTNEED, MADV_WILLNEED, MADV_DONTFORK, MADV_DOFORK,
                              MADV_FREE,     MADV_REMOVE,   MADV_COLD};
    const Mapping mapping = world.take(random);
    if (mapping.at == nullptr) {
        return 0;
    }
    const int error = status(::madvise(mapping.at, mapping.bytes, advice[random.below(7)]));
    world.keep(random, mapping);
    return error;
}

// The ring as the source, and as the forbidden destination, of another file's copies.
int through_ring(World& world, Random& random, std::size_t) {
    const Mapping mapping = world.take(random);
    if (mapping.at == nullptr) {
        return 0;
    }
    const int fd = world.file(random);
    const long result = random.one_in(2) ? ::write(fd, mapping.at, mapping.bytes & 0xffff)
                                         : ::read(fd, mapping.at, mapping.bytes & 0xffff);
    const int error = status(result);
    world.keep(random, mapping);
    return error;
}

int poll_file(World& world, Random& random, std::size_t) {
    pollfd entry = {world.file(random), static_cast<short>(random.below(64)), 0};
    return status(::poll(&entry, 1, 0));
}

int other_calls(World& world, Random& random, std::size_t) {
    const int fd = world.file(random);
    struct stat about {};
    off_t position = 0;
    switch (random.below(8)) {
        case 0:
            return status(::fstat(fd, &about));
        case 1:
            return status(::fsync(fd));
        case 2:
            return status(::ftruncate(fd, static_cast<off_t>(random.below(5000))));
        case 3:
            return status(::fcntl(fd, F_SETFL, random.one_in(2) ? O_NONBLOCK | O_ASYNC : 0));
        case 4:
            return status(::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
        case 5:
            return status(::sendfile(world.file(random), fd, &position, random.below(5000)));
        case 6:
            return status(::fallocate(fd, 0, 0, 4096));
        default:
            return status(::flock(fd, LOCK_NB | static_cast<int>(random.below(16))));
    }
}

int flip_memory(World& world, Random& random, std::size_t) {
    world.arena().flip(random);
    return 0;
}

int shrink_memory(World& world, Random& random, std::size_t) {
    world.arena().shrink(random);
    return 0;
}

int interrupt(World&, Random&, std::size_t) {
    return status(::kill(::getpid(), SIGUSR1));
}

int change_cpu(World&, Random& random, std::size_t) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(random.below(2), &cpus);
    if (random.one_in(2)) {
        CPU_SET(0, &cpus);
        CPU_SET(1, &cpus);
    }
    return status(::sched_setaffinity(0, sizeof cpus, &cpus));
}

// Runs `act` in a child that shares all open files, and waits for its end.
template <typename Act>
int in_child(Act act) {
    const pid_t child = ::fork();
    if (child < 0) {
        return errno;
    }
    if (child == 0) {
        act();
        ::_exit(0);
    }
    int ended = 0;
    while (::waitpid(child, &ended, 0) < 0 && errno == EINTR) {
    }
    return 0;
}

int fork_child(World& world, Random& random, std::size_t thread) {
    return in_child([&] {
        Random own(random.next());
        for (int i = 0; i < 20; ++i) {
            run(world, own, thread);
            set(world, own, thread);
            read_file(world, own, thread);
            map(world, own, thread);
        }
    });
}

void long_work(const std::string& node, const kmodbench_problem& problem, Random& random,
               const Arena& arena) {
    const int fd = ::open(("/dev/" + node).c_str(), O_RDWR | O_CLOEXEC);
    kmodbench_problem wanted = problem;
    kmodbench_counts counts{};
    counts.size = sizeof counts;
    kmodbench_ring_setup setup{};
    setup.size = sizeof setup;
    setup.capacity = 4;
    kmodbench_run once{};
    once.size = sizeof once;
    once.repetitions = 1;
    ::ioctl(fd, KMODBENCH_SET, &wanted);
    ::ioctl(fd, KMODBENCH_RING, &setup);
    ::lseek(fd, static_cast<off_t>(spread(random, 200)), SEEK_END);
    ::lseek(fd, static_cast<off_t>(random.below(300)) - 150, SEEK_CUR);
    switch (random.below(4)) {
        case 0:
            ::ioctl(fd, KMODBENCH_COUNT, &counts);
            break;
        case 1:
            (void)!::pread(fd, arena.large(), Arena::kLarge, static_cast<off_t>(problem.n));
            (void)!::read(fd, arena.large(), static_cast<std::size_t>(problem.n) * 8);
            break;
        default:
            ::ioctl(fd, KMODBENCH_RUN, &once);
    }
    ::close(fd);
}

// Work of up to seconds in a child that is killed within it, or not.
int heavy(World& world, Random& random, std::size_t) {
    constexpr int patience_ms[] = {1, 5, 20, 100, 1500};
    const Device& device = world.device();
    return in_child([&] {
        const int ms = patience_ms[random.below(5)];
        const itimerval limit = {{0, 0}, {ms / 1000, ms % 1000 * 1000}};
        std::signal(SIGALRM, SIG_DFL);
        ::setitimer(ITIMER_REAL, &limit, nullptr);
        long_work(device.node, valid_problem(random, device, device.heavy), random, world.arena());
    });
}

// Problems at which other algorithms take over, all of it counted as one call.
int deep(World& world, Random& random, std::size_t thread) {
    const Device& device = world.device();
    const kmodbench_problem problem = valid_problem(random, device, device.deep);
    kmodbench_run once{};
    once.size = sizeof once;
    once.repetitions = 1;
    const int fd = world.file(random);
    const int error =
        status(::ioctl(fd, KMODBENCH_SET, world.arena().whole(&problem, sizeof problem, thread)));
    if (error != 0) {
        return error;
    }
    switch (random.below(4)) {
        case 0:
            return count(world, random, thread);
        case 1:
            return status(
                ::pread(fd, world.arena().large(), problem.n * 8, static_cast<off_t>(problem.n)));
        default:
            return status(
                ::ioctl(fd, KMODBENCH_RUN, world.arena().whole(&once, sizeof once, thread)));
    }
}

constexpr Errors kNone = {};
constexpr Errors kFaults = {ENOMEM, EFAULT, EINTR, EAGAIN, ENFILE, EMFILE};
constexpr Errors kTransfer = {EBADF,  EFAULT, EINVAL,  E2BIG, EOVERFLOW,
                              ENOMEM, ESPIPE, ENODATA, EAGAIN};
constexpr Errors kCommand = {EBADF,     EFAULT, EINVAL, ENOTTY, E2BIG,
                             EOVERFLOW, ENOMEM, EBUSY,  ENODATA};
constexpr Errors kDeep = {EBADF,  EFAULT, EINVAL,  ENOTTY, E2BIG, EOVERFLOW,
                          ENOMEM, EBUSY,  ENODATA, ESPIPE, EAGAIN};
constexpr Errors kMapping = {EBADF, EINVAL, ENXIO, EACCES, ENOMEM, EOVERFLOW, EAGAIN, EPERM};
constexpr Errors kMapped = {EINVAL, EACCES, ENOMEM, EFAULT, EBUSY, EIO, EBADF, EPERM};
constexpr Errors kOther = {EBADF,  EINVAL, ESPIPE, ENODEV,    EOPNOTSUPP, EAGAIN, ENOTTY,
                           EFAULT, EPERM,  E2BIG,  EOVERFLOW, ENODATA,    ENOLCK};

// Sorted by name. Weights: what is quick and ours is called most. Instructions of an emulated
// debug kernel, in thousands: 10 for a call that is refused at once, 30 to 100 for a command,
// 200 for a run, 900 to open, 2000 to map, 7000 to change the arena, 30000 for heavy.
constexpr Operation kOperations[] = {
    {"advise", 30, advise, kMapped, kFaults},
    {"any_command",
     2500,
     any_command,
     {EBADF, EFAULT, EINVAL, ENOTTY, E2BIG, EOVERFLOW, ENOMEM, EBUSY, ENODATA, EPERM, EOPNOTSUPP,
      EACCES},
     kFaults},
    {"at_position", 3000, at_position, kTransfer, kFaults},
    {"change_cpu", 10, change_cpu, {EINVAL}, kFaults},
    {"close", 30, close_file, kNone, kNone},
    {"count", 250, count, kCommand, kFaults},
    {"deep", 40, deep, kDeep, kFaults},
    {"duplicate", 60, duplicate, {EBADF, EMFILE}, kFaults},
    {"flip_memory", 5, flip_memory, kNone, kNone},
    {"fork", 1, fork_child, kNone, kFaults},
    {"heavy", 4, heavy, kNone, kFaults},
    {"info", 1500, info, kCommand, kFaults},
    {"interrupt", 20, interrupt, kNone, kFaults},
    {"last", 1500, last, kCommand, kFaults},
    {"map", 50, map, kMapping, kFaults},
    {"open", 40, open_file, {EMFILE}, kFaults},
    {"other_calls", 500, other_calls, kOther, kFaults},
    {"poll", 1500, poll_file, {EINTR}, kFaults},
    {"protect", 25, protect, kMapped, kFaults},
    {"read", 2000, read_file, kTransfer, kFaults},
    {"remap", 20, remap, kMapped, kFaults},
    {"ring", 60, ring, kCommand, kFaults},
    {"run", 1500, run, kCommand, kFaults},
    {"seek", 3000, seek, {EBADF, EINVAL, ESPIPE, EOVERFLOW}, kFaults},
    {"set", 2000, set, kCommand, kFaults},
    {"shrink_memory", 80, shrink_memory, kNone, kNone},
    {"through_ring", 1000, through_ring, kTransfer, kFaults},
    {"unmap", 40, unmap, {EINVAL, ENOMEM}, kFaults},
    {"variant", 1500, variant, kCommand, kFaults},
    {"vectors", 500, vectors, kTransfer, kFaults},
    {"work", 500, work, kCommand, kFaults},
    {"write", 2500, write_file, kTransfer, kFaults},
};

}  // namespace

static_assert(std::size(kOperations) <= kMaxOperations);

std::span<const Operation> operations() {
    return kOperations;
}

}  // namespace kmb::fuzz
