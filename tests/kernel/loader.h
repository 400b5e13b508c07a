// Loading and unloading modules from the folder that the program was given.
#pragma once

#include <string>
#include <vector>

namespace kmb::kernel_test {

// Folder of the .ko files, empty where none was named.
std::string& module_folder();
// Names of our modules that have a .ko there, sorted.
std::vector<std::string> modules_found();
// 0 or -errno.
int load_module(const std::string& name, const std::string& parameters);
// 0 or -errno; never waits.
int unload_module(const std::string& name);

}  // namespace kmb::kernel_test
