#include <vector>

#include "bench/case.h"

namespace kmb::bench {

#define KMB_CASE(NAME) std::unique_ptr<Case> make_##NAME();
#include "bench/cases/cases.def"
#undef KMB_CASE

std::span<const std::unique_ptr<Case>> all_cases() {
    static const std::vector<std::unique_ptr<Case>> cases = [] {
        std::vector<std::unique_ptr<Case>> made;
#define KMB_CASE(NAME) made.push_back(make_##NAME());
#include "bench/cases/cases.def"
#undef KMB_CASE
        return made;
    }();
    return cases;
}

}  // namespace kmb::bench
