// What the machine is and how it is set, as far as it can be read without changing
// anything. What cannot be found out is null, with the reason in "unknown".
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kmb::bench {

// hostname, cpu_model, cpus, lscpu, memory_bytes.
nlohmann::json describe_machine();

// release, version, command_line, mitigations.
nlohmann::json describe_kernel();

// List of {name, found}: governor, turbo, ASLR, isolation, ... each with the file it
// was read from.
nlohmann::json describe_settings();

// The kernel's clock source, "tsc" and the like.
std::string clock_source();

}  // namespace kmb::bench
