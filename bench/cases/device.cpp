// Any char device, with nothing changed in its module: read, write and ioctl as the caller
// sees them, with what they return. Made from the command line (`run --device`), not one of
// the list of cases. No clock of the kernel takes part: `total` is there only where the
// device returns its own time (returns=ns), and switches and faults are those of the
// calling thread around the call. With the probe in the module (probe=yes) its sample of the
// call, by KMODBENCH_LAST, says all that samples of our own modules say.
#include "bench/device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "bench/case.h"
#include "bench/clock.h"
#include "bench/foreign_device.h"
#include "bench/ko_file.h"
#include "bench/random.h"

namespace kmb::bench {
namespace {

constexpr std::size_t kMaxPoints = 10'000;
constexpr std::int64_t kMaxSize = std::int64_t{1} << 30;

// What a call's return value is.
enum class Returns {
    bytes,  // how many were moved; what was read is the result
    ns,     // the time that the device took, by its own clock
    value,  // the result itself
};

constexpr std::pair<const char*, Returns> kReturns[] = {
    {"bytes", Returns::bytes},
    {"ns", Returns::ns},
    {"value", Returns::value},
};

struct Arguments {
    int fd;
    std::uint8_t* buffer;
    std::int64_t n, size, nr, arg;
};

struct Key {
    const char* name;                     // empty ends the list
    std::optional<std::int64_t> initial;  // none: not a coordinate unless it is given
};

struct Operation {
    const char* name;
    bool seeks;    // goes to n by lseek() before the clock starts
    bool fetches;  // the buffer holds a result afterwards
    Returns returns;
    Key keys[4];
    std::int64_t (*call)(const Arguments&);
};

constexpr Operation kOperations[] = {
    {"ioctl",
     false,
     true,
     Returns::value,
     {{"nr", {}}, {"size", 0}, {"arg", 0}, {"", {}}},
     [](const Arguments& a) -> std::int64_t {
         return a.size == 0 ? ::ioctl(a.fd, static_cast<unsigned long>(a.nr), a.arg)
                            : ::ioctl(a.fd, static_cast<unsigned long>(a.nr), a.buffer);
     }},
    {"pread",
     false,
     true,
     Returns::bytes,
     {{"size", 4096}, {"n", 0}, {"", {}}, {"", {}}},
     [](const Arguments& a) -> std::int64_t {
         return ::pread(a.fd, a.buffer, static_cast<std::size_t>(a.size), a.n);
     }},
    {"pwrite",
     false,
     false,
     Returns::bytes,
     {{"size", 1}, {"n", 0}, {"", {}}, {"", {}}},
     [](const Arguments& a) -> std::int64_t {
         return ::pwrite(a.fd, a.buffer, static_cast<std::size_t>(a.size), a.n);
     }},
    {"read",
     true,
     true,
     Returns::bytes,
     {{"size", 4096}, {"n", {}}, {"", {}}, {"", {}}},
     [](const Arguments& a) -> std::int64_t {
         return ::read(a.fd, a.buffer, static_cast<std::size_t>(a.size));
     }},
    {"write",
     true,
     false,
     Returns::bytes,
     {{"size", 1}, {"n", {}}, {"", {}}, {"", {}}},
     [](const Arguments& a) -> std::int64_t {
         return ::write(a.fd, a.buffer, static_cast<std::size_t>(a.size));
     }},
};

// Numbers that the kernel answers itself for every file: the driver never sees them, and
// what would be measured is something else.
constexpr std::pair<std::uint64_t, const char*> kTakenByTheKernel[] = {
    {FICLONE, "FICLONE"},
    {FICLONERANGE, "FICLONERANGE"},
    {FIDEDUPERANGE, "FIDEDUPERANGE"},
    {FIFREEZE, "FIFREEZE"},
    {FIGETBSZ, "FIGETBSZ"},
    {FIOASYNC, "FIOASYNC"},
    {FIOCLEX, "FIOCLEX"},
    {FIONBIO, "FIONBIO"},
    {FIONCLEX, "FIONCLEX"},
    {FIOQSIZE, "FIOQSIZE"},
    {FITHAW, "FITHAW"},
    {FS_IOC_FIEMAP, "FS_IOC_FIEMAP"},
};

// One point with all that its call needs.
struct Planned {
    const Operation* operation = nullptr;
    Returns returns = Returns::bytes;
    bool probe = false;  // the module answers KMODBENCH_LAST
    std::map<std::string, std::int64_t> values;
    std::optional<std::string> expected;

    [[nodiscard]] std::int64_t value(const char* key) const {
        const auto found = values.find(key);
        return found == values.end() ? 0 : found->second;
    }
    // Something to compare with what is expected.
    [[nodiscard]] bool has_result() const {
        return returns == Returns::value || (returns == Returns::bytes && operation->fetches);
    }
};

struct Usage {
    long nvcsw = 0, nivcsw = 0, faults = 0;
    static Usage now() {
        rusage usage{};
        ::getrusage(RUSAGE_THREAD, &usage);
        return {usage.ru_nvcsw, usage.ru_nivcsw, usage.ru_minflt + usage.ru_majflt};
    }
};

class Foreign final : public Workload {
  public:
    Foreign(const std::string& node, const Planned& plan, bool same)
        : node_(node),
          plan_(plan),
          device_(node, O_RDWR),
          buffer_(static_cast<std::size_t>(plan.value("size"))),
          arguments_{device_.fd(),       buffer_.data(),   plan.value("n"),
                     plan.value("size"), plan.value("nr"), plan.value("arg")},
          same_(same) {}

    [[nodiscard]] std::vector<std::string> extra_columns() const override {
        return {"user_start", "returned"};
    }

    // Random bytes: input for a write, and for a read what must not pass for its result.
    void prepare(std::uint64_t seed, std::uint64_t rep) override {
        Random random(seed ^ (rep * 0x9e3779b97f4a7c15ULL));
        for (std::size_t i = 0; i < buffer_.size(); i += 8) {
            const std::uint64_t word = random.next();
            std::memcpy(&buffer_[i], &word, std::min<std::size_t>(8, buffer_.size() - i));
        }
        if (plan_.operation->call == kOperations[0].call && !buffer_.empty()) {
            std::memset(buffer_.data(), 0, buffer_.size());
            std::memcpy(buffer_.data(), &arguments_.arg,
                        std::min(sizeof arguments_.arg, buffer_.size()));
        }
        if (plan_.operation->seeks && plan_.values.contains("n")) {
            seek();
        }
    }

    void run(Sample& sample) override {
        const Usage before = Usage::now();
        const int cpu = ::sched_getcpu();
        const auto begin = now_ns();
        returned_ = plan_.operation->call(arguments_);
        const auto end = now_ns();
        const int error = errno;
        sample.cpu = cpu;
        sample.cpu_end = ::sched_getcpu();
        const Usage after = Usage::now();
        if (returned_ < 0) {
            throw std::system_error(error, std::generic_category(),
                                    fmt::format("{}: {}()", node_, plan_.operation->name));
        }
        elapsed_ = end - begin;
        sample.user = elapsed_;
        sample.total = plan_.returns == Returns::ns ? returned_ : kAbsent;
        sample.nvcsw = after.nvcsw - before.nvcsw;
        sample.nivcsw = after.nivcsw - before.nivcsw;
        sample.faults = after.faults - before.faults;
        sample.extra.assign({begin, returned_});
        if (plan_.probe) {
            take_sample(sample, begin, end);
        }
    }

    void verify() override {
        if (plan_.returns == Returns::bytes && returned_ > arguments_.size) {
            wrong(
                fmt::format("{} bytes asked for, {} returned; if that is a time say "
                            "'{}:returns=ns', if it is the result returns=value",
                            arguments_.size, returned_, plan_.operation->name));
        }
        if (plan_.returns == Returns::ns && (returned_ < 1 || returned_ > elapsed_)) {
            wrong(
                fmt::format("returned {}, which is no time in ns: the caller waited {}; say "
                            "returns=bytes or returns=value",
                            returned_, elapsed_));
        }
        if (!plan_.has_result() || !(same_ || plan_.expected)) {
            return;
        }
        const std::string got = result();
        if (!plan_.expected) {
            plan_.expected = got;
        }
        if (got != *plan_.expected) {
            wrong(fmt::format("gave '{}' and must give '{}'{}", shown(got), shown(*plan_.expected),
                              same_ ? ", as it did before" : ""));
        }
    }

  private:
    // What the probe in the module saw of the call from `begin` to `end`.
    void take_sample(Sample& sample, std::int64_t begin, std::int64_t end) const {
        const kmodbench_sample last = device_.last();
        if (last.start_ns < begin || last.total_ns < 0 || last.total_ns > end - last.start_ns) {
            wrong(
                fmt::format("the probe's sample began at {} and took {} ns, the call {} and {}: "
                            "does this call begin and end the probe?",
                            last.start_ns, last.total_ns, begin, end - begin));
        }
        fill(sample, last);
    }

    void seek() {
        const auto at = ::lseek(device_.fd(), arguments_.n, SEEK_SET);
        if (at < 0) {
            throw std::system_error(
                errno, std::generic_category(),
                fmt::format("{}: lseek() to {} (where the device has no position, use p{} or no n)",
                            node_, arguments_.n, plan_.operation->name));
        }
        if (at != arguments_.n) {
            wrong(fmt::format("lseek() to {} went to {}: end the sweep there", arguments_.n, at));
        }
    }

    // What was read, without the line end or NUL bytes behind a text; else the number.
    [[nodiscard]] std::string result() const {
        if (plan_.returns == Returns::value) {
            return std::to_string(returned_);
        }
        std::string text(buffer_.begin(), buffer_.begin() + returned_);
        const auto last = text.find_last_not_of(std::string("\n\0", 2));
        return text.substr(0, last == std::string::npos ? 0 : last + 1);
    }

    static std::string shown(const std::string& bytes) {
        std::string text;
        for (const char c : bytes.substr(0, 60)) {
            text += c >= ' ' && c <= '~' ? c : '.';
        }
        return bytes.size() > 60 ? text + ".." : text;
    }

    [[noreturn]] void wrong(const std::string& what) const {
        throw WrongResult(fmt::format("{}: {}(): {}", node_, plan_.operation->name, what));
    }

    std::string node_;
    Planned plan_;
    Device device_;
    std::vector<std::uint8_t> buffer_;
    Arguments arguments_;
    bool same_;
    std::int64_t returned_ = 0;
    std::int64_t elapsed_ = 0;
};

// "write:size=1,returns=ns" -> the row with its values.
Planned parse_operation(const std::string& text) {
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto refuse = [&text](const std::string& why) {
        throw std::invalid_argument(fmt::format("--op '{}': {}", text, why));
    };
    Planned plan;
    std::string names;
    for (const auto& row : kOperations) {
        names += fmt::format(" {}", row.name);
        if (name == row.name) {
            plan.operation = &row;
        }
    }
    if (plan.operation == nullptr) {
        refuse("no such operation; there are" + names);
    }
    plan.returns = plan.operation->returns;
    std::string known = "returns probe";
    for (const auto& key : plan.operation->keys) {
        known += *key.name != '\0' ? fmt::format(" {}", key.name) : "";
        if (key.initial) {
            plan.values[key.name] = *key.initial;
        }
    }
    std::istringstream items(colon == std::string::npos ? "" : text.substr(colon + 1));
    for (std::string item; std::getline(items, item, ',');) {
        const auto equals = item.find('=');
        const auto key = item.substr(0, equals);
        const auto value = equals == std::string::npos ? "" : item.substr(equals + 1);
        if (key == "probe") {
            if (value != "yes" && value != "no") {
                refuse("probe is yes or no");
            }
            plan.probe = value == "yes";
        } else if (key == "returns") {
            const auto* row =
                std::find_if(std::begin(kReturns), std::end(kReturns),
                             [&value](const auto& one) { return value == one.first; });
            if (row == std::end(kReturns)) {
                refuse("returns is bytes, ns or value");
            }
            plan.returns = row->second;
        } else if (std::none_of(
                       std::begin(plan.operation->keys), std::end(plan.operation->keys),
                       [&key](const Key& one) { return !key.empty() && key == one.name; })) {
            refuse(fmt::format("'{}' means nothing to {}; it knows {}", item, name, known));
        } else {
            plan.values[key] = parse_integer(value);
        }
    }
    return plan;
}

bool knows(const Operation& operation, const std::string& key) {
    return std::any_of(std::begin(operation.keys), std::end(operation.keys),
                       [&key](const Key& one) { return key == one.name; });
}

void check_values(const Planned& plan, const std::string& point) {
    const auto refuse = [&point](const std::string& why) {
        throw std::invalid_argument(fmt::format("{}: {}", point, why));
    };
    if (plan.value("size") < 0 || plan.value("size") > kMaxSize) {
        refuse(fmt::format("size is 0 to {}", kMaxSize));
    }
    if (!knows(*plan.operation, "nr")) {
        return;
    }
    if (!plan.values.contains("nr")) {
        refuse("an ioctl needs its number: --op ioctl:nr=0x4b01 or --sweep nr=..");
    }
    for (const auto& [number, name] : kTakenByTheKernel) {
        if (static_cast<std::uint64_t>(plan.value("nr")) == number) {
            refuse(
                fmt::format("the kernel answers number {:#x} itself ({}), the driver never sees "
                            "it; number commands with _IO(), _IOR(), _IOW() or _IOWR()",
                            number, name));
        }
    }
}

// Lines "N TEXT" of a file, by N.
std::map<std::int64_t, std::string> read_expected(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::invalid_argument(path + ": --expect: no such file; or 'same'");
    }
    std::map<std::int64_t, std::string> lines;
    for (std::string line; std::getline(file, line);) {
        const auto space = line.find_first_of(" \t");
        if (space == std::string::npos) {
            throw std::invalid_argument(fmt::format(
                "{}: '{}': a line is the value of n, a space, and the result", path, line));
        }
        lines[parse_integer(line.substr(0, space))] = line.substr(space + 1);
    }
    return lines;
}

class DeviceCase final : public Case {
  public:
    explicit DeviceCase(const ForeignDevice& device)
        : node_(device.node), same_(device.expect == "same") {
        if (!device.ko.empty()) {
            module_ = read_ko(device.ko).name;
        }
        name_ = module_.empty() ? std::filesystem::path(device.node).filename().string() : module_;
        std::vector<SweepValues> sweeps;
        for (const auto& text : device.sweeps) {
            sweeps.push_back(parse_sweep(text));
        }
        std::vector<Planned> operations;
        for (const auto& text : device.operations) {
            operations.push_back(parse_operation(text));
        }
        for (const auto& sweep : sweeps) {
            if (std::none_of(operations.begin(), operations.end(), [&sweep](const Planned& plan) {
                    return knows(*plan.operation, sweep.key);
                })) {
                throw std::invalid_argument(fmt::format(
                    "--sweep {}=..: none of the operations knows '{}'", sweep.key, sweep.key));
            }
        }
        if (!device.expect.empty() && !same_) {
            expected_ = read_expected(device.expect);
        }
        for (const auto& operation : operations) {
            cross(operation, {}, sweeps, 0);
        }
    }

    // The stem of the sample file must not be that of another case.
    [[nodiscard]] std::string_view name() const override { return "device"; }
    [[nodiscard]] std::string_view description() const override { return "a char device as it is"; }
    [[nodiscard]] std::string_view module() const override { return module_; }
    [[nodiscard]] std::vector<Point> points(Sweep) const override { return points_; }
    [[nodiscard]] std::unique_ptr<Workload> open(const Point& point) const override {
        return std::make_unique<Foreign>(node_, plans_.at(point.name()), same_);
    }

  private:
    // All combinations of the sweeps that the operation knows.
    void cross(const Planned& plan, const std::vector<std::string>& swept,
               const std::vector<SweepValues>& sweeps, std::size_t next) {
        if (next == sweeps.size()) {
            add(plan, swept);
            return;
        }
        const auto& sweep = sweeps[next];
        if (!knows(*plan.operation, sweep.key)) {
            cross(plan, swept, sweeps, next + 1);
            return;
        }
        auto keys = swept;
        keys.push_back(sweep.key);
        for (const auto value : sweep.values) {
            Planned one = plan;
            one.values[sweep.key] = value;
            cross(one, keys, sweeps, next + 1);
        }
    }

    // Fixed coordinates first, swept ones behind them: the last is what figures sweep.
    void add(Planned plan, const std::vector<std::string>& swept) {
        Point point{name_, plan.operation->name, {}};
        const auto coordinate = [&](const std::string& key) {
            const auto value = plan.value(key.c_str());
            // A number of a command is a name, not a size.
            point.coordinates.push_back(
                {key, key == "nr" ? fmt::format("{:#x}", value) : std::to_string(value)});
        };
        for (const auto& key : plan.operation->keys) {
            if (plan.values.contains(key.name) &&
                std::find(swept.begin(), swept.end(), key.name) == swept.end()) {
                coordinate(key.name);
            }
        }
        std::for_each(swept.begin(), swept.end(), coordinate);
        const auto name = point.name();
        check_values(plan, name);
        if (!expected_.empty() && plan.has_result()) {
            const auto line = expected_.find(plan.value("n"));
            if (line == expected_.end()) {
                throw std::invalid_argument(
                    fmt::format("{}: --expect has no line for n={}", name, plan.value("n")));
            }
            plan.expected = line->second;
        }
        if (!plans_.emplace(name, plan).second) {
            throw std::invalid_argument(name + ": asked for twice");
        }
        points_.push_back(std::move(point));
        if (points_.size() > kMaxPoints) {
            throw std::invalid_argument(fmt::format("more than {} points; sweep less", kMaxPoints));
        }
    }

    std::string node_;
    std::string module_;
    std::string name_;
    bool same_;
    std::map<std::int64_t, std::string> expected_;
    std::map<std::string, Planned> plans_;
    std::vector<Point> points_;
};

}  // namespace

std::unique_ptr<Case> make_device_case(const ForeignDevice& device) {
    if (device.operations.empty()) {
        throw std::invalid_argument(
            "--device: say what to call: --op read, write, pread, pwrite or ioctl:nr=NUMBER");
    }
    return std::make_unique<DeviceCase>(device);
}

}  // namespace kmb::bench
