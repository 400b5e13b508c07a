// Where a run takes place, and why.
#pragma once

#include <string>
#include <string_view>

namespace kmb::bench {

struct Target {
    std::string name;       // "host", "vm", "sim"
    std::string time_unit;  // "ns", "instructions"
    std::string reason;     // one line: why this one
};

// Takes "host", "vm" or "sim" as asked, or for "auto": host where modules can be loaded,
// else vm where KVM works, else sim. `scripts` holds kvm-probe.sh, whose verdict on KVM
// is asked for under its own time limit. Throws std::invalid_argument on another name.
Target choose_target(std::string_view asked, const std::string& modules,
                     const std::string& scripts);

}  // namespace kmb::bench
