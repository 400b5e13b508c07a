#include "analysis/stats/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "analysis/stats/dependence.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/random.h"

namespace kmb::analysis {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFew = 256;  // four indices below that take half of 64 bits

// Calls make()(random, first, last) for every block of replicates, on some threads with a
// function of its own each.
template <typename Make>
void for_blocks(const BootstrapOptions& options, Make make) {
    const std::size_t blocks =
        (options.replicates + BootstrapOptions::kBlock - 1) / BootstrapOptions::kBlock;
    const auto work = [&](std::size_t start, std::size_t step) {
        auto run = make();
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

using Place = std::uint32_t;
using Two = double __attribute__((vector_size(16)));

// A value's deviation from the mean and its square: both are added up by one instruction.
std::vector<Two> moments_of(std::span<const double> x, double centre) {
    std::vector<Two> moments;
    moments.reserve(x.size());
    for (const double v : x) {
        const double d = v - centre;
        moments.push_back(Two{d, d * d});
    }
    return moments;
}

// Sums over one resample, kEach indices of one random number. Calls seen(place) for each
// value that is drawn.
template <Place kEach, typename Seen>
Two draw(Random& random, const std::vector<Two>& moments, Place n, Seen seen) {
    Two sums[kEach] = {};
    const auto add = [&](std::uint64_t& bits, Two& sum) {
        const Place place = Random::take_index(bits, n);
        seen(place);
        sum += moments[place];
    };
    Place i = 0;
    for (; i + kEach <= n; i += kEach) {
        std::uint64_t bits = random();
        for (Two& sum : sums) {
            add(bits, sum);
        }
    }
    if (i < n) {
        for (std::uint64_t bits = random(); i < n; ++i) {
            add(bits, sums[0]);
        }
    }
    return std::accumulate(std::begin(sums) + 1, std::end(sums), sums[0]);
}

double sd_of(const Two& sums, double n) {
    if (n < 2) {
        return kNaN;
    }
    const double rest = sums[1] - sums[0] * sums[0] / n;
    // Of a resample of one value only rounding is left.
    const bool none = rest <= n * std::numeric_limits<double>::epsilon() * sums[1];
    return none ? 0 : std::sqrt(rest / (n - 1));
}

// Smallest i of [0, size) with is_enough(i), which the last one is and all after the first.
template <typename Enough>
std::size_t first_enough(std::size_t size, Enough is_enough) {
    std::size_t at = 0;
    while (size > 1) {
        const std::size_t half = size / 2;
        at += is_enough(at + half - 1) ? 0 : half;
        size -= half;
    }
    return at;
}

// Which values of a sorted sample lie nearest to a centre between two of them. The k + 1
// nearest stand side by side, so that the first of their places says it all; it depends on
// both values in the middle only, few pairs of which ever come up.
class Nearest {
  public:
    explicit Nearest(const std::vector<double>& x)
        : x_(x), known_(x.size() <= kMostKept ? x.size() * kMostApart : 0) {}

    // For each k, with the places `low` <= `high` in the middle; those between are no values.
    const std::vector<Place>& first_places(std::size_t low, std::size_t high, double centre) {
        const std::size_t apart = high - low;
        const bool kept = apart < kMostApart && !known_.empty();
        std::vector<Place>& places = kept ? known_[low * kMostApart + apart] : other_;
        if (!kept || places.empty()) {
            fill(places, low, high, centre);
        }
        return places;
    }

  private:
    static constexpr std::size_t kMostApart = 16;
    static constexpr std::size_t kMostKept = 512;

    void fill(std::vector<Place>& places, std::size_t low, std::size_t high, double centre) const {
        constexpr double kNone = std::numeric_limits<double>::infinity();
        std::size_t left = low + 1;  // first place that is taken
        std::size_t right = std::max(low + 1, high);
        places.resize(x_.size() - (right - left));
        for (Place& place : places) {
            const double to_left = left > 0 ? centre - x_[left - 1] : kNone;
            const double to_right = right < x_.size() ? x_[right] - centre : kNone;
            to_left <= to_right ? --left : ++right;
            place = static_cast<Place>(left);
        }
    }

    const std::vector<double>& x_;
    std::vector<std::vector<Place>> known_;
    std::vector<Place> other_;
};

struct Middle {
    double median;
    double mad;
};

// Median and median absolute deviation from it of a resample, from how many of it stand
// before each place: below[0] = 0, .., below[n] = n.
Middle middle(const std::vector<Place>& below, const std::vector<double>& x, Nearest& nearest) {
    const std::size_t n = x.size();
    const std::size_t low_rank = (n + 1) / 2;
    const std::size_t high_rank = n / 2 + 1;
    const std::size_t low =
        first_enough(n, [&](std::size_t i) { return below[i + 1] >= low_rank; });
    std::size_t high = low;
    while (below[high + 1] < high_rank) {
        ++high;
    }
    const double centre = low == high ? x[low] : x[low] + (x[high] - x[low]) / 2;
    const std::vector<Place>& first = nearest.first_places(low, high, centre);
    // Places from first[k] to end(k) are the k + 1 nearest, and those between both middle ones.
    const std::size_t between = n - first.size();
    const auto end = [&](std::size_t k) { return first[k] + k + 1 + between; };
    const auto taken = [&](std::size_t k) { return below[end(k)] - below[first[k]]; };
    const auto deviation = [&](std::size_t k) {
        const bool on_left = first[k] < (k == 0 ? low + 1 : first[k - 1]);
        return on_left ? centre - x[first[k]] : x[end(k) - 1] - centre;
    };
    std::size_t k = first_enough(first.size(), [&](std::size_t i) { return taken(i) >= low_rank; });
    const double lower = deviation(k);
    while (taken(k) < high_rank) {
        ++k;
    }
    return {centre, lower + (deviation(k) - lower) / 2};
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
    const std::vector<Two> moments = moments_of(x, centre);
    const auto n = static_cast<Place>(x.size());
    const bool few = n <= kFew;
    for_blocks(options, [&] {
        return [&, below = std::vector<Place>(joint ? x.size() + 1 : 0), nearest = Nearest(x)](
                   Random& random, std::size_t first, std::size_t last) mutable {
            for (std::size_t r = first; r < last; ++r) {
                std::fill(below.begin(), below.end(), Place{0});
                const auto resample = [&](auto seen) {
                    return few ? draw<4>(random, moments, n, seen)
                               : draw<2>(random, moments, n, seen);
                };
                const Two sums =
                    joint ? resample([&](Place at) { ++below[at + 1]; }) : resample([](Place) {});
                result.mean[r] = centre + sums[0] / n;
                result.sd[r] = sd_of(sums, n);
                if (joint) {
                    std::partial_sum(below.begin(), below.end(), below.begin());
                    const Middle mid = middle(below, x, nearest);
                    result.median[r] = mid.median;
                    result.mad[r] = mid.mad;
                }
            }
        };
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
    const auto run = [&](Random& random, std::size_t first, std::size_t last) {
        for (std::size_t r = first; r < last; ++r) {
            double sum = 0;
            for (std::size_t taken = 0; taken < n; taken += block) {
                const std::size_t start = random.below(static_cast<std::uint32_t>(n));
                sum += prefix[start + std::min(block, n - taken)] - prefix[start];
            }
            means[r] = centre + sum / static_cast<double>(n);
        }
    };
    for_blocks(options, [&] { return run; });
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
