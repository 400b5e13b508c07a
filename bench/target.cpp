#include "bench/target.h"

#include <fmt/format.h>

#include <stdexcept>

#include "bench/module_loader.h"
#include "bench/process.h"

namespace kmb::bench {
namespace {

Target make(std::string_view name, std::string reason) {
    return {std::string(name), name == "sim" ? "instructions" : "ns", std::move(reason)};
}

}  // namespace

Target choose_target(std::string_view asked, const std::string& modules,
                     const std::string& scripts) {
    if (asked == "host" || asked == "vm" || asked == "sim") {
        return make(asked, "asked for");
    }
    if (asked != "auto") {
        throw std::invalid_argument(
            fmt::format("no target '{}'; choose host, vm, sim or auto", asked));
    }
    const auto no_host = why_no_modules(modules);
    if (no_host.empty()) {
        return make("host", "modules can be loaded into the running kernel");
    }
    const auto kvm = run_program({scripts + "/kvm-probe.sh"});
    if (kvm.exit_code == 0) {
        return make("vm", fmt::format("{}, and KVM works", no_host));
    }
    const auto line = kvm.output.substr(0, kvm.output.find('\n'));
    return make("sim",
                fmt::format("{}, and {}", no_host, line.empty() ? "KVM does not work" : line));
}

}  // namespace kmb::bench
