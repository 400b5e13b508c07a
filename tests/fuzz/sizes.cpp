#include "sizes.h"

#include <algorithm>
#include <array>
#include <string>

namespace kmb::fuzz {
namespace {

// No variant takes a larger problem and works on it.
constexpr std::uint64_t kMostOfAll = (std::uint64_t{64} << 20) + 8;

std::uint32_t pick_type(Random& random, const kmodbench_variant& variant) {
    if (variant.types == 0) {
        return 0;
    }
    std::uint32_t type = 0;
    do {
        type = static_cast<std::uint32_t>(random.below(32));
    } while ((variant.types & (1U << type)) == 0);
    return type;
}

void plant(Random& random, const kmodbench_variant& variant, kmodbench_problem& problem) {
    if (std::string(variant.name) != "fixed" || random.one_in(8)) {
        problem.argument[0] = spread(random, 1000);
        problem.argument[1] = random.one_in(2) ? spread(random, 1'000'000) : 1 + random.below(8);
    }
    if (random.one_in(3)) {
        problem.argument[2] = 1 + random.below(random.one_in(8) ? KMODBENCH_TRUTH_CAUSES : 0x3f);
        problem.argument[3] = random.one_in(2) ? 1'000'000 : spread(random, 1'000'000);
    }
}

// Records with a key at any place in them, and the other order.
void lay_out(Random& random, kmodbench_problem& problem) {
    const std::uint64_t key = problem.type < 2 ? 4 : 8;
    problem.argument[KMODBENCH_SORT_ORDER] = random.below(2);
    if (random.one_in(2)) {
        const std::uint64_t record =
            random.one_in(2) ? 8 << random.below(4) : key + spread(random, 90);
        problem.argument[KMODBENCH_SORT_RECORD] = record;
        problem.argument[KMODBENCH_SORT_OFFSET] = random.below(record - key + 1);
    }
}

}  // namespace

std::uint64_t spread(Random& random, std::uint64_t largest) {
    unsigned bits = 0;
    while (bits < 64 && largest >> bits != 0) {
        ++bits;
    }
    const std::uint64_t wide = random.below(bits + 1);
    return wide == 0 ? 0 : std::min(random.next() >> (64 - wide), largest);
}

std::uint64_t size_of(Random& random, std::uint64_t usual, std::uint64_t largest) {
    if (!random.one_in(4)) {
        return spread(random, usual);
    }
    std::uint64_t size = 0;
    switch (random.below(4)) {
        case 0:
            size = 0 - random.below(5000);
            break;
        case 1:
            size = random.next();
            break;
        default:
            size = (std::uint64_t{1} << random.below(64)) + random.below(3) - 1;
    }
    return size > usual && size <= largest ? largest + 1 + size % 3 : size;
}

kmodbench_problem valid_problem(Random& random, const Device& device, std::uint64_t largest) {
    kmodbench_problem problem{};
    problem.size = sizeof problem;
    problem.variant = static_cast<std::uint32_t>(random.below(device.variants.size()));
    const kmodbench_variant& variant = device.variants[problem.variant];
    problem.n = std::min<std::uint64_t>(spread(random, largest), variant.max_n);
    problem.seed = random.one_in(2) ? 0 : random.next();
    problem.type = pick_type(random, variant);
    problem.pattern =
        static_cast<std::uint32_t>(random.one_in(2) ? 0 : random.below(device.patterns));
    problem.batch =
        static_cast<std::uint32_t>(problem.n <= 512 && random.one_in(4) ? spread(random, 16) : 1);
    problem.flags = static_cast<std::uint32_t>(random.one_in(4) ? random.below(4) : 0);
    if (device.node == "calib") {
        plant(random, variant, problem);
    } else if (device.node == "sort" && random.one_in(2)) {
        lay_out(random, problem);
    }
    return problem;
}

kmodbench_problem problem_for(Random& random, const Device& device) {
    kmodbench_problem problem = valid_problem(random, device, device.usual);
    if (!random.one_in(3)) {
        return problem;
    }
    switch (random.below(5)) {
        case 0:
            // Beyond what any device takes: it may go to another one than it was made for.
            problem.n = size_of(random, device.usual, kMostOfAll);
            break;
        case 1:
            problem.batch = static_cast<std::uint32_t>(
                size_of(random, problem.n <= 512 ? 16 : 1, KMODBENCH_BATCH_MAX));
            break;
        case 2:
            problem.argument[random.below(4)] = size_of(random, 100, 100'000'000);
            break;
        case 3:
            problem.type = static_cast<std::uint32_t>(size_of(random, 32, 32));
            problem.pattern = static_cast<std::uint32_t>(size_of(random, 32, 32));
            break;
        default:
            // Not n nor batch: any change of theirs is legal and slow.
            spoil(random, &problem, offsetof(kmodbench_problem, n));
            spoil(random, &problem.seed,
                  offsetof(kmodbench_problem, batch) - offsetof(kmodbench_problem, seed));
            problem.flags ^= static_cast<std::uint32_t>(spread(random, ~0U));
    }
    return problem;
}

void spoil(Random& random, void* bytes, std::size_t count) {
    auto* at = static_cast<unsigned char*>(bytes);
    for (std::uint64_t i = random.below(3); i > 0; --i) {
        at[random.below(count)] = static_cast<unsigned char>(
            random.one_in(2) ? 1U << random.below(8) : random.below(256));
    }
}

}  // namespace kmb::fuzz
