// What the report says of manifest.json (docs/format-manifest.md). Everything is
// optional: a manifest may be missing, cut, or of another version.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kmb::report {

using Fact = std::optional<std::string>;
using Facts = std::vector<std::pair<std::string, std::string>>;  // name, value

struct Machine {
    Fact hostname;
    Fact cpu_model;
    Fact cpus;
    Fact memory_bytes;
    Facts lscpu;
};

struct Module {
    Fact name;
    Fact srcversion;
    Fact build_id;
    Fact parameters;
};

struct Setting {
    Fact name;
    Fact found;
    Fact set;
    Fact restored;
};

struct Failure {
    Fact point;
    Fact message;
};

struct Manifest {
    bool present = false;
    std::string trouble;  // why a file that is there could not be read
    Fact program;         // version and commit
    Fact started;
    Fact finished;
    Fact command;
    Fact again;
    Fact target;
    Fact reason;
    Fact accelerator;
    Fact guest_cpu_model;
    Fact qemu;
    Fact time_unit;
    Fact clock_source;
    Fact clock_step;
    Fact seed;
    Fact sweep;
    Fact kernel_release;
    Fact kernel_version;
    Fact kernel_command_line;
    Facts mitigations;
    Facts compiler;
    Fact pinned_cpu;
    Machine machine;
    std::optional<Machine> host;
    std::vector<Module> modules;
    std::vector<Setting> settings;
    std::vector<Failure> failures;
    std::vector<std::string> resumed;
    Facts unknown;  // what could not be found out, and why
};

// Reads the text of a manifest. Never throws: text that is no JSON object gives a
// manifest with `trouble` set, a value of an unexpected kind is shown as its JSON.
Manifest parse_manifest(const std::string& content);

}  // namespace kmb::report
