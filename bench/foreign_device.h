// A char device that knows nothing of us: what `run --device` was asked to measure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/case.h"

namespace kmb::bench {

// As given on the command line; docs/own-module.md has the grammar of each.
struct ForeignDevice {
    std::string node;                     // "/dev/fibonacci"
    std::vector<std::string> operations;  // "write:size=1,returns=ns"
    std::vector<std::string> sweeps;      // "n=0..100"
    std::string expect;                   // "", "same", or a file of results
    std::string ko;                       // module to load; empty: the device is there
    std::string ko_parameters;            // "verbose=1 size=64"
    std::string build_id;                 // of `ko` when the run began; empty where it has none
};

// The flags that ask for it.
std::vector<std::string> flags_of(const ForeignDevice& device);

// The values of "n=0..100", "size=1,64,4096", "n=10..1000:10" (steps) or
// "n=1..1000000:x10" (factors), and the key before them.
// Throws std::invalid_argument that quotes the text and says what may stand there.
struct SweepValues {
    std::string key;
    std::vector<std::int64_t> values;
};
SweepValues parse_sweep(const std::string& text);

// An integer, decimal or 0x hexadecimal. Throws as parse_sweep().
std::int64_t parse_integer(const std::string& text);

// The case "device" of this device. Defined in bench/cases/device.cpp.
// Throws std::invalid_argument for operations, sweeps or expectations that mean nothing.
std::unique_ptr<Case> make_device_case(const ForeignDevice& device);

// Names of the nodes in /dev, to tell which appear.
std::vector<std::string> device_nodes();

// Waits up to 2 s for the char device to appear; udev may take a moment. `before` is what
// device_nodes() was before the module was loaded. Throws std::runtime_error with the mend.
void wait_for_node(const ForeignDevice& device, const std::vector<std::string>& before);

}  // namespace kmb::bench
