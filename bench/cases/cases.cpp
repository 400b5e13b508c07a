#include <vector>

#include "bench/case.h"

namespace kmb::bench {

std::span<const std::unique_ptr<Case>> all_cases() {
    static const std::vector<std::unique_ptr<Case>> cases;
    return cases;
}

}  // namespace kmb::bench
