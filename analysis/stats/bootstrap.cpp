#include "analysis/stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/random.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Calls run(random, first, last) for every block of replicates, on some threads.
template <typename Run>
void for_blocks(const BootstrapOptions& options, Run run) {
    const std::size_t blocks =
        (options.replicates + BootstrapOptions::kBlock - 1) / BootstrapOptions::kBlock;
    const auto work = [&](std::size_t start, std::size_t step) {
        for (std::size_t block = start; block < blocks; block += step) {
            Random random(options.seed, block);
            const std::size_t first = block * BootstrapOptions::kBlock;
            run(random, first, std::min(first + BootstrapOptions::kBlock, options.replicates));
        }
    };
    const std::size_t threads = std::max(options.threads, 1U);
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < threads; ++t) {
        others.emplace_back(work, t, threads);
    }
    work(0, threads);
}

// How often each place of the sorted sample is drawn.
void draw(Random& random, std::vector<std::uint32_t>& counts) {
    const auto n = static_cast<std::uint32_t>(counts.size());
    std::fill(counts.begin(), counts.end(), 0U);
    for (std::uint32_t i = 0; i + 1 < n; i += 2) {
        const std::uint64_t bits = random();
        ++counts[Random::index(static_cast<std::uint32_t>(bits), n)];
        ++counts[Random::index(static_cast<std::uint32_t>(bits >> 32), n)];
    }
    if (n % 2 == 1) {
        ++counts[random.below(n)];
    }
}

struct Moments {
    double mean;
    double sd;
};

// `deviations` are the sorted values less their mean.
Moments moments(const std::vector<std::uint32_t>& counts, const std::vector<double>& deviations) {
    double sum[4] = {0, 0, 0, 0};
    double square[4] = {0, 0, 0, 0};
    const std::size_t n = counts.size();
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (std::size_t k = 0; k < 4; ++k) {
            const double part =
                static_cast<double>(static_cast<std::int32_t>(counts[i + k])) * deviations[i + k];
            sum[k] += part;
            square[k] += part * deviations[i + k];
        }
    }
    for (; i < n; ++i) {
        const double part = counts[i] * deviations[i];
        sum[0] += part;
        square[0] += part * deviations[i];
    }
    const double s = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    const double q = (square[0] + square[1]) + (square[2] + square[3]);
    const auto count = static_cast<double>(n);
    const double rest = std::max(q - s * s / count, 0.0);
    return {s / count, n > 1 ? std::sqrt(rest / (count - 1)) : kNaN};
}

// Median and median absolute deviation from it, by walking the counts.
struct Middle {
    double median;
    double mad;
};
Middle middle(const std::vector<std::uint32_t>& counts, const std::vector<double>& x) {
    const std::size_t n = counts.size();
    const std::size_t low_rank = (n + 1) / 2;
    const std::size_t high_rank = n / 2 + 1;
    std::size_t seen = 0;
    std::size_t at = 0;
    for (; seen + counts[at] < low_rank; ++at) {
        seen += counts[at];
    }
    std::size_t next = at;
    seen += counts[at];
    while (seen < high_rank) {
        seen += counts[++next];
    }
    const double centre = at == next ? x[at] : x[at] + (x[next] - x[at]) / 2;
    // Outwards from the centre on both sides, nearest first. The gap between both middle
    // values holds no draws.
    auto left = static_cast<std::ptrdiff_t>(at);
    std::size_t right = at == next ? at + 1 : next;
    std::size_t taken = 0;
    double lower = 0;
    while (true) {
        const double to_left = left >= 0 ? centre - x[static_cast<std::size_t>(left)]
                                         : std::numeric_limits<double>::infinity();
        const double to_right =
            right < n ? x[right] - centre : std::numeric_limits<double>::infinity();
        const bool go_left = to_left <= to_right;
        const std::size_t before = taken;
        taken += counts[go_left ? static_cast<std::size_t>(left--) : right++];
        const double here = go_left ? to_left : to_right;
        if (before < low_rank && taken >= low_rank) {
            lower = here;
        }
        if (taken >= high_rank) {
            return {centre, lower + (here - lower) / 2};
        }
    }
}

std::vector<double> deviations_from(std::span<const double> x, double centre) {
    std::vector<double> d;
    d.reserve(x.size());
    for (double v : x) {
        d.push_back(v - centre);
    }
    return d;
}

Replicates run_bootstrap(const Sorted& sorted, const BootstrapOptions& options, bool joint) {
    if (sorted.empty() || sorted.size() >= std::numeric_limits<std::int32_t>::max()) {
        throw std::invalid_argument("bootstrap: no values to draw from");
    }
    const std::size_t replicates = options.replicates;
    Replicates result{std::vector<double>(replicates), std::vector<double>(replicates),
                      std::vector<double>(joint ? replicates : 0),
                      std::vector<double>(joint ? replicates : 0)};
    const double centre = mean(sorted.values());
    const std::vector<double> x(sorted.values().begin(), sorted.values().end());
    const std::vector<double> deviations = deviations_from(x, centre);
    for_blocks(options, [&](Random& random, std::size_t first, std::size_t last) {
        std::vector<std::uint32_t> counts(x.size());
        for (std::size_t r = first; r < last; ++r) {
            draw(random, counts);
            const Moments m = moments(counts, deviations);
            result.mean[r] = centre + m.mean;
            result.sd[r] = m.sd;
            if (joint) {
                const Middle mid = middle(counts, x);
                result.median[r] = mid.median;
                result.mad[r] = mid.mad;
            }
        }
    });
    return result;
}

double jackknife_acceleration(double sum2, double sum3) {
    return sum2 > 0 ? sum3 / (6 * sum2 * std::sqrt(sum2)) : kNaN;
}

}  // namespace

std::optional<Bounds> bca_levels(double share_below, double acceleration, double level) {
    const double z0 = normal_quantile(share_below);
    if (!std::isfinite(z0) || !std::isfinite(acceleration)) {
        return std::nullopt;
    }
    const auto adjust = [&](double z) {
        return normal_tails(z0 + (z0 + z) / (1 - acceleration * (z0 + z))).lower;
    };
    const double z = z_critical(level);
    return Bounds{adjust(-z), adjust(z)};
}

Replicates bootstrap_joint(const Sorted& sorted, const BootstrapOptions& options) {
    return run_bootstrap(sorted, options, true);
}

Replicates bootstrap_means(const Sorted& sorted, const BootstrapOptions& options) {
    return run_bootstrap(sorted, options, false);
}

std::vector<double> block_bootstrap_means(std::span<const double> x, std::size_t block,
                                          const BootstrapOptions& options) {
    const std::size_t n = x.size();
    if (n == 0 || block == 0 || block > n) {
        throw std::invalid_argument("block bootstrap: the block must hold 1 to n values");
    }
    const double centre = mean(x);
    // Sums of deviations from 0 to i, around the ring twice.
    std::vector<double> prefix{0};
    for (std::size_t i = 0; i < 2 * n; ++i) {
        prefix.push_back(prefix.back() + (x[i % n] - centre));
    }
    std::vector<double> means(options.replicates);
    for_blocks(options, [&](Random& random, std::size_t first, std::size_t last) {
        for (std::size_t r = first; r < last; ++r) {
            double sum = 0;
            for (std::size_t taken = 0; taken < n; taken += block) {
                const std::size_t start = random.below(static_cast<std::uint32_t>(n));
                sum += prefix[start + std::min(block, n - taken)] - prefix[start];
            }
            means[r] = centre + sum / static_cast<double>(n);
        }
    });
    return means;
}

std::size_t usual_block(std::span<const double> x) {
    const auto n = static_cast<double>(x.size());
    const double tau = geyer_time(x).monotone_tau;
    const double wanted = std::max(std::cbrt(n), std::isnan(tau) ? 1 : 2 * tau);
    return static_cast<std::size_t>(std::max(1.0, std::min(std::ceil(wanted), std::floor(n / 4))));
}

double acceleration_of_mean(std::span<const double> x) {
    const double m = mean(x);
    CompensatedSum sum2;
    CompensatedSum sum3;
    // mean(jackknife) - jackknife_i = (x_i - mean) / (n - 1): the divisor cancels.
    for (double v : x) {
        const double d = v - m;
        sum2.add(d * d);
        sum3.add(d * d * d);
    }
    return jackknife_acceleration(sum2.value(), sum3.value());
}

double acceleration_of_median(const Sorted& sorted) {
    const std::size_t n = sorted.size();
    if (n < 2) {
        return kNaN;
    }
    // Leaving out a value above, at or below the middle gives three medians at most.
    std::vector<double> left_out(n);
    const auto without = [&](std::size_t i) {
        const auto value = [&](std::size_t k) { return sorted[k < i ? k : k + 1]; };
        const std::size_t m = n - 1;
        return m % 2 == 1 ? value(m / 2) : (value(m / 2 - 1) + value(m / 2)) / 2;
    };
    for (std::size_t i = 0; i < n; ++i) {
        left_out[i] = without(i);
    }
    const double centre = mean(left_out);
    CompensatedSum sum2;
    CompensatedSum sum3;
    for (double v : left_out) {
        const double d = centre - v;
        sum2.add(d * d);
        sum3.add(d * d * d);
    }
    const bool same = left_out.front() == left_out.back();
    return same ? kNaN : jackknife_acceleration(sum2.value(), sum3.value());
}

BootstrapIntervals intervals_of_replicates(std::vector<double> replicates, double estimate,
                                           double acceleration, double level) {
    BootstrapIntervals result;
    result.estimate = estimate;
    result.acceleration = acceleration;
    result.se = sd(replicates);
    std::sort(replicates.begin(), replicates.end());
    const Sorted sorted = Sorted::adopt(std::move(replicates));
    const double tail = (1 - level) / 2;
    result.percentile = {quantile(sorted, tail), quantile(sorted, 1 - tail)};
    result.basic = {2 * estimate - result.percentile.high, 2 * estimate - result.percentile.low};
    const auto values = sorted.values();
    const auto n = static_cast<double>(values.size());
    const auto [from, to] = std::equal_range(values.begin(), values.end(), estimate);
    const double below = static_cast<double>(from - values.begin()) / n;
    const double up_to = static_cast<double>(to - values.begin()) / n;
    const auto at_levels = [&](std::optional<Bounds> levels) -> std::optional<Bounds> {
        if (!levels) {
            return std::nullopt;
        }
        return Bounds{quantile(sorted, levels->low), quantile(sorted, levels->high)};
    };
    result.bca_midp = at_levels(bca_levels((below + up_to) / 2, acceleration, level));
    result.bca_below = at_levels(bca_levels(below, acceleration, level));
    return result;
}

BootstrapIntervals bootstrap_mean(std::span<const double> x, const BootstrapOptions& options,
                                  double level) {
    const Sorted sorted(x);
    const Replicates replicates = bootstrap_means(sorted, options);
    const double estimate = mean(x);
    BootstrapIntervals result =
        intervals_of_replicates(replicates.mean, estimate, acceleration_of_mean(x), level);
    // Student's t of each resample about the sample's mean.
    std::vector<double> t;
    const double root = std::sqrt(static_cast<double>(x.size()));
    for (std::size_t r = 0; r < replicates.mean.size(); ++r) {
        if (replicates.sd[r] > 0) {
            t.push_back((replicates.mean[r] - estimate) / (replicates.sd[r] / root));
        }
    }
    const double se = sem(x);
    if (!t.empty() && se > 0) {
        const Sorted ordered(t);
        const double tail = (1 - level) / 2;
        result.studentized = {estimate - quantile(ordered, 1 - tail) * se,
                              estimate - quantile(ordered, tail) * se};
    }
    return result;
}

}  // namespace kmb::analysis
