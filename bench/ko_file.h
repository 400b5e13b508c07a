// What a module file says of itself, read without loading it.
#pragma once

#include <string>
#include <vector>

namespace kmb::bench {

struct KoFile {
    std::string name;                     // as it will stand in /proc/modules
    std::string release;                  // kernel that it was built for
    std::string depends;                  // modules that must be there before, by commas
    std::vector<std::string> parameters;  // their names
    std::string build_id;                 // hexadecimal, empty where it has none
};

// Throws std::runtime_error: no such file, not an x86-64 module, compressed.
KoFile read_ko(const std::string& path);

// Throws std::runtime_error where a kernel of this release and with these headers will not
// take the file, or where a parameter is none of the module's; the text has the mend.
void check_ko(const KoFile& ko, const std::string& path, const std::string& release,
              const std::string& kdir, const std::string& parameters);

}  // namespace kmb::bench
