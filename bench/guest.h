// A run inside a throw-away guest: starts it, takes its results as they come, ends it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bench/sink.h"

namespace kmb::bench {

struct GuestSettings {
    std::string scripts;                                     // folder of vm.sh and kernel.sh
    std::string target;                                      // "vm" or "sim"
    std::vector<std::string> vm_flags;                       // further flags of vm.sh, as they are
    std::string kernel;                                      // image to boot
    std::string program;                                     // this program, to be copied in
    std::vector<std::string> arguments;                      // of the program inside
    std::vector<std::pair<std::string, std::string>> files;  // (here, inside)
};

// How a guest ended. Results are in the sink already.
struct GuestEnd {
    bool finished = false;     // the program inside ended by itself ...
    int exit_code = 0;         // ... with this
    bool interrupted = false;  // because `stop` said so
    std::string why;           // what vm.sh says went wrong, one or more lines
};

// The kernel that guests boot.
struct GuestKernel {
    std::string boot;     // image to boot
    std::string release;  // as uname -r says inside
    std::string kdir;     // its headers
};

// Asks scripts/kernel.sh; may fetch it. Throws std::runtime_error.
GuestKernel guest_kernel(const std::string& scripts);

// Runs to the end, or until `stop` answers true. No temporary file, and no guest that
// outlives this process.
GuestEnd run_guest(const GuestSettings& settings, Sink& sink, const std::function<bool()>& stop);

}  // namespace kmb::bench
