#include "bench/plan.h"

#include <algorithm>
#include <numeric>

#include "bench/random.h"

namespace kmb::bench {

namespace {

// Ten rounds then see three seconds, the least that covered (docs/cores-adaptive.md).
constexpr std::int64_t kApart = 300'000'000;

}  // namespace

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
    return quick ? Limits{.rounds = 20,
                          .min_samples = 10,
                          .max_samples = 400,
                          .budget = 50 * million,
                          .warmup = 3,
                          .warmup_limit = 5 * million,
                          .width = 0.02,
                          .apart = kApart}
                 : Limits{.rounds = 60,
                          .min_samples = 20,
                          .max_samples = 4000,
                          .budget = 500 * million,
                          .warmup = 5,
                          .warmup_limit = 10 * million,
                          .width = 0.01,
                          .apart = kApart};
}

namespace {

// 41 samples in each of ten rounds carry an interval of the quantile 0.99; more of them in
// a round say little that another round would not say better.
constexpr std::uint64_t kMostInARound = 41;
constexpr std::uint64_t kLeftForMore = 4;  // the first look may cost that part of the budget

Portion adaptive_portion(const Limits& limits, std::uint64_t affordable) {
    const auto first = std::max<std::uint64_t>(limits.first_look, 1);
    const auto least = std::max<std::uint64_t>((limits.min_samples + first - 1) / first, 1);
    const auto wanted = std::min(
        {kMostInARound, affordable / kLeftForMore / first, limits.max_samples / 2 / first});
    const auto samples = std::max(least, wanted) | 1U;
    const auto most = std::min(affordable, limits.max_samples) / samples;
    return {std::clamp(most, first, std::max(first, limits.rounds)), samples};
}

}  // namespace

Portion portion(const Limits& limits, std::int64_t cost) {
    const auto affordable =
        static_cast<std::uint64_t>(limits.budget / std::max<std::int64_t>(cost, 1));
    if (limits.width > 0) {
        return adaptive_portion(limits, affordable);
    }
    const auto samples = std::clamp(affordable, limits.min_samples,
                                    std::max(limits.min_samples, limits.max_samples));
    const auto rounds = std::max<std::uint64_t>(limits.rounds, 1);
    return {rounds, std::max<std::uint64_t>((samples + rounds - 1) / rounds, 1)};
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
