#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "analysis/scaling.h"
#include "analysis/stats/distributions.h"
#include "analysis/sweep.h"

namespace kmb::analysis {
namespace {

constexpr double kLevel = 0.95;
constexpr double kMargin = 0.01;  // of a difference that is worth a word
constexpr std::array<std::string_view, 2> kVariantKeys = {"algo", "variant"};
constexpr std::string_view kEmptyWork = "nop";  // measures the measurement, and is no contender

struct Contender {
    std::string name;
    std::map<double, const Estimate*> medians;  // by size
};

struct Family {
    std::string name;
    std::string sweep;
    std::string measure;
    std::vector<Contender> contenders;  // sorted by name
};

// Point name without variant and size, and the variant; nothing where a sweep has none.
std::optional<std::pair<std::string, std::string>> split(const Sweep& sweep) {
    const SeriesResult& series = *sweep.points.front().second;
    std::string family = series.module + "/" + series.operation;
    std::string variant;
    for (const auto& [key, value] : series.coordinates) {
        if (variant.empty() && std::count(kVariantKeys.begin(), kVariantKeys.end(), key) > 0) {
            variant = value;
        } else if (key != sweep.key) {
            family += "/" + key + "=" + value;
        }
    }
    if (variant.empty() || variant == kEmptyWork) {
        return std::nullopt;
    }
    return std::pair(family, variant);
}

std::vector<Family> families(const RunResult& run) {
    std::map<std::pair<std::string, std::string>, Family> found;
    for (const Sweep& sweep : sweeps_of(run)) {
        const auto names = split(sweep);
        if (!names) {
            continue;
        }
        Family& family = found[{names->first, sweep.key}];
        family.name = names->first;
        family.sweep = sweep.key;
        family.measure = sweep.points.back().second->primary;
        Contender contender{names->second, {}};
        for (const auto& [at, series] : sweep.points) {
            const Measure* measure = find_measure(*series, family.measure);
            if (measure != nullptr && at > 0 && measure->all.median.value > 0) {
                contender.medians[at] = &measure->all.median;
            }
        }
        family.contenders.push_back(std::move(contender));
    }
    std::vector<Family> all;
    for (auto& [name, family] : found) {
        std::sort(family.contenders.begin(), family.contenders.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
        all.push_back(std::move(family));
    }
    return all;
}

// Two medians at one size. `faster`: -1 the first one, 1 the other, 0 cannot be told.
struct Meeting {
    double at;
    double ratio;  // ln of the first over the other
    int faster;
};

// Interval of a difference from those of its parts (Zou and Donner, Statistics in Medicine 27,
// 2008), widened from their level to one that holds `looks` times.
int faster(const Estimate& first, const Estimate& other, std::size_t looks) {
    if (!first.interval || !other.interval || first.interval->low <= 0 ||
        other.interval->low <= 0) {
        return 0;
    }
    const double level = 1 - (1 - kLevel) / static_cast<double>(looks);
    const double wider = z_critical(level) / z_critical(first.interval->level);
    const auto ln = [](double above, double below) { return std::log(above / below); };
    const double ratio = ln(first.value, other.value);
    const double low = ratio - wider * std::hypot(ln(first.value, first.interval->low),
                                                  ln(other.interval->high, other.value));
    const double high = ratio + wider * std::hypot(ln(first.interval->high, first.value),
                                                   ln(other.value, other.interval->low));
    return high < -kMargin ? -1 : low > kMargin ? 1 : 0;
}

std::vector<Meeting> meetings(const Contender& first, const Contender& other) {
    std::vector<Meeting> all;
    for (const auto& [at, median] : first.medians) {
        if (const auto there = other.medians.find(at); there != other.medians.end()) {
            all.push_back({at, std::log(median->value / there->second->value), 0});
        }
    }
    for (Meeting& meeting : all) {
        meeting.faster =
            faster(*first.medians.at(meeting.at), *other.medians.at(meeting.at), all.size());
    }
    return all;
}

// Where straight lines through ln ratio over ln size are 0: the middle one of an odd number of
// places between two points of opposite sign.
double zero_between(const std::vector<Meeting>& all, std::size_t left, std::size_t right) {
    std::vector<double> zeros;
    for (std::size_t i = left; i < right; ++i) {
        const double a = all[i].ratio;
        const double b = all[i + 1].ratio;
        if ((a < 0) != (b < 0)) {
            const double x = std::log(all[i].at);
            zeros.push_back(std::exp(x + a / (a - b) * (std::log(all[i + 1].at) - x)));
        }
    }
    return zeros[zeros.size() / 2];
}

// Whether some third variant is faster than this one at a size.
bool is_beaten(const Family& family, const Contender& one, double at) {
    return std::any_of(family.contenders.begin(), family.contenders.end(),
                       [&](const Contender& other) {
                           const auto there = other.medians.find(at);
                           return there != other.medians.end() && other.name != one.name &&
                                  faster(*there->second, *one.medians.at(at), 1) < 0;
                       });
}

void cross(const Family& family, const Contender& first, const Contender& other,
           std::vector<Crossover>& found) {
    const auto all = meetings(first, other);
    std::optional<std::size_t> last;  // the last size at which one of them was faster
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].faster == 0) {
            continue;
        }
        if (last && all[*last].faster != all[i].faster) {
            const bool first_below = all[i].faster > 0;
            const Contender& below = first_below ? first : other;
            const Contender& above = first_below ? other : first;
            Estimate at{zero_between(all, *last, i),
                        Interval{all[*last].at, all[i].at, kLevel, "sizes apart"}};
            found.push_back(
                {family.name, family.sweep, family.measure, below.name, above.name, std::move(at),
                 !is_beaten(family, below, all[*last].at) && !is_beaten(family, above, all[i].at)});
        }
        last = i;
    }
}

}  // namespace

std::vector<Crossover> crossovers_of(const RunResult& run) {
    std::vector<Crossover> found;
    for (const Family& family : families(run)) {
        for (std::size_t i = 0; i < family.contenders.size(); ++i) {
            for (std::size_t k = i + 1; k < family.contenders.size(); ++k) {
                cross(family, family.contenders[i], family.contenders[k], found);
            }
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Crossover& a, const Crossover& b) {
        return std::tie(a.family, a.at.value, a.below, a.above) <
               std::tie(b.family, b.at.value, b.below, b.above);
    });
    return found;
}

}  // namespace kmb::analysis
