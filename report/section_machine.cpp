// Where the run was measured, on what, and with which settings.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "report/number.h"
#include "report/sections.h"

namespace kmb::report {
namespace {

Table two_columns(const Context& context) {
    Table table;
    table.columns = {{context.words.say("table.item"), false},
                     {context.words.say("table.value"), false}};
    return table;
}

void row(const Context& context, Table& table, std::string_view key, const Inline& value) {
    table.rows.push_back({Cell{context.words.say(key), {}}, Cell{value, {}}});
}

// Only when it is known: most runs have no guest.
void row_if(const Context& context, Table& table, std::string_view key, const Fact& fact) {
    if (fact && !fact->empty()) {
        row(context, table, key, text(*fact));
    }
}

// "8,321,499,136 bytes" as GiB; anything else as it stands.
Fact memory(const Fact& bytes) {
    if (!bytes) {
        return bytes;
    }
    double value = 0;
    const auto [stop, error] = std::from_chars(bytes->data(), bytes->data() + bytes->size(), value);
    if (error != std::errc{} || stop != bytes->data() + bytes->size()) {
        return bytes;
    }
    const double mebi = value / (1024.0 * 1024);
    return mebi < 1024 ? grouped(mebi, 0) + " MiB" : grouped(mebi / 1024, 1) + " GiB";
}

Inline named(const Facts& facts) {
    Inline line;
    for (const auto& [name, value] : facts) {
        append(line, text(line.empty() ? "" : "; "));
        append(line, text(name.empty() ? value : name + ": " + value));
    }
    return line;
}

void add_target(const Context& context, Table& table) {
    const Manifest& manifest = context.input.manifest;
    Inline target = code(context.input.run.target);
    if (manifest.reason) {
        append(target, text(" (" + *manifest.reason + ")"));
    }
    row(context, table, "machine.target", target);
    row_if(context, table, "machine.accelerator", manifest.accelerator);
    row_if(context, table, "machine.guest-cpu", manifest.guest_cpu_model);
    row_if(context, table, "machine.qemu", manifest.qemu);
}

void add_kernel(const Context& context, Table& table) {
    const Manifest& manifest = context.input.manifest;
    row(context, table, "machine.hostname", context.fact(manifest.machine.hostname));
    row(context, table, "machine.cpu", context.fact(manifest.machine.cpu_model));
    row(context, table, "machine.cpus", context.fact(manifest.machine.cpus));
    row(context, table, "machine.memory", context.fact(memory(manifest.machine.memory_bytes)));
    row(context, table, "machine.kernel", context.fact(manifest.kernel_release));
    row_if(context, table, "machine.kernel-version", manifest.kernel_version);
    if (manifest.kernel_command_line) {
        row(context, table, "machine.command-line", code(*manifest.kernel_command_line));
    }
    const Inline compiler = named(manifest.compiler);
    row(context, table, "machine.compiler",
        compiler.empty() ? context.words.say("unknown") : compiler);
    const Inline clock =
        manifest.clock_source ? text(*manifest.clock_source) : context.words.say("unknown");
    row(context, table, "machine.clock",
        context.words.say("machine.clock-and-step",
                          {{"source", clock},
                           {"step", text(significant(context.input.run.clock_step, 4))},
                           {"unit", context.unit()}}));
    row(context, table, "machine.pinned", context.fact(manifest.pinned_cpu));
    row(context, table, "machine.seed", context.fact(manifest.seed));
    row(context, table, "machine.program", context.fact(manifest.program));
    row(context, table, "machine.started", context.fact(manifest.started));
    row(context, table, "machine.finished", context.fact(manifest.finished));
    for (const std::string& time : manifest.resumed) {
        row(context, table, "machine.resumed", text(time));
    }
}

// What tells this build of the module from others: not every module has a srcversion.
Inline identity(const Context& context, const Module& module) {
    if (module.srcversion) {
        return code(*module.srcversion);
    }
    if (!module.build_id) {
        return context.words.say("unknown");
    }
    return context.words.say("machine.build-id", {{"id", code(*module.build_id)}});
}

void add_modules(const Context& context) {
    const Manifest& manifest = context.input.manifest;
    if (manifest.modules.empty()) {
        return;
    }
    Table table;
    table.caption = context.words.say("machine.modules");
    table.columns = {{context.words.say("machine.module"), false},
                     {text("srcversion"), false},
                     {context.words.say("machine.parameters"), false}};
    for (const Module& module : manifest.modules) {
        table.rows.push_back({Cell{code(module.name.value_or("?")), {}},
                              Cell{identity(context, module), {}},
                              Cell{module.parameters ? text(*module.parameters) : text("-"), {}}});
    }
    context.add({table});
}

void add_settings(const Context& context) {
    const Manifest& manifest = context.input.manifest;
    if (manifest.settings.empty()) {
        return;
    }
    Table table;
    table.caption = context.words.say("machine.settings");
    table.columns = {{context.words.say("machine.setting"), false},
                     {context.words.say("machine.found"), false},
                     {context.words.say("machine.set"), false},
                     {context.words.say("machine.restored"), false}};
    const auto cell = [&](const Fact& fact) {
        const bool empty = fact && fact->empty();
        return Cell{empty ? context.words.say("empty") : text(fact.value_or("-")), {}};
    };
    for (const Setting& setting : manifest.settings) {
        table.rows.push_back({Cell{code(setting.name.value_or("?")), {}}, cell(setting.found),
                              cell(setting.set), cell(setting.restored)});
    }
    context.add({table});
}

// As lscpu prints: a colon, then the values in one column.
void add_facts(const Context& context, std::string_view key, const Facts& facts) {
    if (facts.empty()) {
        return;
    }
    std::size_t width = 0;
    for (const auto& [name, value] : facts) {
        width = std::max(width, name.size());
    }
    std::string lines;
    for (const auto& [name, value] : facts) {
        lines += fmt::format("{:<{}} {}\n", clean(name) + ":", width + 1, clean(value));
    }
    context.add({Folded{context.words.say(key), {Block{CodeBlock{lines, {}}}}}});
}

}  // namespace

void add_machine(const Context& context) {
    const Manifest& manifest = context.input.manifest;
    context.heading(2, "head.machine");
    if (!manifest.present) {
        context.notice(manifest.trouble.empty() ? "machine.no-manifest" : "machine.bad-manifest",
                       {{"cause", text(manifest.trouble)}});
    }
    Table table = two_columns(context);
    add_target(context, table);
    add_kernel(context, table);
    if (manifest.host) {
        row(context, table, "machine.host-cpu", context.fact(manifest.host->cpu_model));
        row(context, table, "machine.host-name", context.fact(manifest.host->hostname));
    }
    context.add({table});
    add_modules(context);
    add_settings(context);
    add_facts(context, "machine.mitigations", manifest.mitigations);
    add_facts(context, "machine.lscpu", manifest.machine.lscpu);
    if (manifest.host) {
        add_facts(context, "machine.host-lscpu", manifest.host->lscpu);
    }
    add_facts(context, "machine.unknown", manifest.unknown);
}

}  // namespace kmb::report
