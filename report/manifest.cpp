#include "report/manifest.h"

#include <nlohmann/json.hpp>

#include "analysis/parse_json.h"

namespace kmb::report {
namespace {

using nlohmann::json;

// A member, null when it or a step on the way is not there.
const json& at(const json& object, const char* key) {
    static const json none;
    if (!object.is_object()) {
        return none;
    }
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

std::string dumped(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A value as a reader wants to see it: strings bare, lists joined by blanks.
Fact shown(const json& value) {
    if (value.is_null()) {
        return std::nullopt;
    }
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_array()) {
        std::string out;
        for (const json& entry : value) {
            out += (out.empty() ? "" : " ") + shown(entry).value_or("null");
        }
        return out.empty() ? Fact{} : Fact{out};
    }
    if (value.is_object()) {
        std::string out;
        for (const auto& [key, entry] : value.items()) {
            out += (out.empty() ? "" : ", ") + key + ": " + shown(entry).value_or("null");
        }
        return out.empty() ? Fact{} : Fact{out};
    }
    return dumped(value);
}

// The members of an object that are known; anything else is one nameless fact.
Facts facts(const json& value) {
    Facts out;
    if (!value.is_object()) {
        if (const Fact fact = shown(value)) {
            out.emplace_back("", *fact);
        }
        return out;
    }
    for (const auto& [key, entry] : value.items()) {
        if (const Fact fact = shown(entry)) {
            out.emplace_back(key, *fact);
        }
    }
    return out;
}

Machine machine(const json& value) {
    return {shown(at(value, "hostname")), shown(at(value, "cpu_model")), shown(at(value, "cpus")),
            shown(at(value, "memory_bytes")), facts(at(value, "lscpu"))};
}

void read_lists(const json& root, Manifest& manifest) {
    for (const json& entry : at(root, "modules")) {
        manifest.modules.push_back({shown(at(entry, "name")), shown(at(entry, "srcversion")),
                                    shown(at(entry, "build_id")), shown(at(entry, "parameters"))});
    }
    for (const json& entry : at(root, "settings")) {
        manifest.settings.push_back({shown(at(entry, "name")), shown(at(entry, "found")),
                                     shown(at(entry, "set")), shown(at(entry, "restored"))});
    }
    for (const json& entry : at(root, "failures")) {
        manifest.failures.push_back({shown(at(entry, "point")), shown(at(entry, "message"))});
    }
    for (const json& entry : at(root, "resumed")) {
        manifest.resumed.push_back(shown(entry).value_or("null"));
    }
}

}  // namespace

Manifest parse_manifest(const std::string& content) {
    Manifest manifest;
    json root;
    try {
        root = analysis::parse_json<json>(content, "manifest.json");
    } catch (const std::exception& error) {
        manifest.trouble = error.what();
        return manifest;
    }
    if (!root.is_object()) {
        manifest.trouble = "not a JSON object";
        return manifest;
    }
    const json& target = at(root, "target");
    const json& clock = at(root, "clock");
    const json& kernel = at(root, "kernel");
    const json& command = at(root, "command");
    manifest.present = true;
    manifest.program = shown(at(root, "kmodbench"));
    manifest.started = shown(at(root, "started"));
    manifest.finished = shown(at(root, "finished"));
    manifest.again = shown(at(command, "again"));
    manifest.command = shown(at(command, "arguments"));
    manifest.target = target.is_string() ? shown(target) : shown(at(target, "name"));
    manifest.reason = shown(at(target, "reason"));
    manifest.accelerator = shown(at(target, "accelerator"));
    manifest.guest_cpu_model = shown(at(target, "cpu_model"));
    manifest.qemu = shown(at(target, "qemu"));
    manifest.time_unit = shown(at(root, "time_unit"));
    manifest.clock_source = shown(at(clock, "source"));
    manifest.clock_step = shown(at(clock, "step"));
    manifest.seed = shown(at(root, "seed"));
    manifest.sweep = shown(at(root, "sweep"));
    manifest.kernel_release = shown(at(kernel, "release"));
    manifest.kernel_version = shown(at(kernel, "version"));
    manifest.kernel_command_line = shown(at(kernel, "command_line"));
    manifest.mitigations = facts(at(kernel, "mitigations"));
    manifest.compiler = facts(at(root, "compiler"));
    manifest.pinned_cpu = shown(at(root, "pinned_cpu"));
    manifest.machine = machine(at(root, "machine"));
    if (at(root, "host").is_object()) {
        manifest.host = machine(at(root, "host"));
    }
    manifest.unknown = facts(at(root, "unknown"));
    read_lists(root, manifest);
    return manifest;
}

}  // namespace kmb::report
