#include "call.h"

#include "operations.h"

namespace kmb::fuzz {
namespace {

std::uint16_t pick_operation(std::uint64_t word) {
    static const std::uint64_t total = [] {
        std::uint64_t sum = 0;
        for (const Operation& operation : operations()) {
            sum += operation.weight;
        }
        return sum;
    }();
    std::uint64_t left = word % total;
    std::uint16_t row = 0;
    for (const Operation& operation : operations()) {
        if (left < operation.weight) {
            break;
        }
        left -= operation.weight;
        ++row;
    }
    return row;
}

}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

Case make_case(std::uint64_t seed, std::uint64_t number, std::size_t devices) {
    Random random(Random(seed).next() ^ Random(~number).next());
    Case made;
    made.device = random.below(devices);
    // Half of the cases are of one thread: only those do the same each time.
    made.threads = random.below(2) == 0 ? 1 : 2 + random.below(kMaxThreads - 1);
    made.calls.resize(kCaseCalls);
    for (Call& call : made.calls) {
        call.operation = pick_operation(random.next());
        call.thread = static_cast<std::uint8_t>(random.below(made.threads));
        if (random.below(50) == 0) {
            call.fail = static_cast<std::uint8_t>(1 + random.below(8));
        }
        call.word = random.next();
    }
    return made;
}

}  // namespace kmb::fuzz
