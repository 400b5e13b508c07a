#include "bench/plan.h"

#include <algorithm>
#include <numeric>

#include "bench/random.h"

namespace kmb::bench {

Limits default_limits(std::string_view target, Sweep sweep) {
    const bool quick = sweep == Sweep::quick;
    constexpr std::int64_t million = 1'000'000;
    if (target == "sim") {
        return quick ? Limits{.rounds = 2,
                              .min_samples = 6,
                              .max_samples = 10,
                              .budget = 4 * million,
                              .warmup = 1,
                              .warmup_limit = 5 * million}
                     : Limits{.rounds = 3,
                              .min_samples = 6,
                              .max_samples = 60,
                              .budget = 40 * million,
                              .warmup = 2,
                              .warmup_limit = 20 * million};
    }
    return quick ? Limits{.rounds = 5,
                          .min_samples = 10,
                          .max_samples = 200,
                          .budget = 50 * million,
                          .warmup = 3,
                          .warmup_limit = 5 * million}
                 : Limits{.rounds = 10,
                          .min_samples = 20,
                          .max_samples = 1000,
                          .budget = 500 * million,
                          .warmup = 5,
                          .warmup_limit = 10 * million};
}

std::uint64_t samples_per_round(const Limits& limits, std::int64_t cost) {
    const auto affordable =
        static_cast<std::uint64_t>(limits.budget / std::max<std::int64_t>(cost, 1));
    const auto samples = std::clamp(affordable, limits.min_samples,
                                    std::max(limits.min_samples, limits.max_samples));
    const auto rounds = std::max<std::uint64_t>(limits.rounds, 1);
    return std::max<std::uint64_t>((samples + rounds - 1) / rounds, 1);
}

std::vector<Visit> interleave(std::size_t points, std::uint64_t rounds, std::uint64_t seed) {
    Random random(seed);
    std::vector<Visit> visits;
    visits.reserve(points * rounds);
    std::vector<std::size_t> order(points);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        std::iota(order.begin(), order.end(), std::size_t{0});
        random.shuffle(order);
        for (const auto point : order) {
            visits.push_back({point, round});
        }
    }
    return visits;
}

}  // namespace kmb::bench
