// Kernel modules for the time of a run.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace kmb::bench {

struct LoadedModule {
    std::string name;
    std::string file;                               // empty when it was loaded before we came
    std::string srcversion;                         // as the kernel says, empty when it does not
    std::string build_id;                           // the same, hexadecimal
    std::map<std::string, std::string> parameters;  // those that it shows
};

// A module that is loaded from a file of the user's, with parameters as insmod takes them.
struct OwnModule {
    std::string name;  // empty: there is none
    std::string file;
    std::string parameters;
};

// Loads modules and takes those that it loaded away again at the end, also when this
// process is killed: a helper process waits for our end and unloads. A module that was
// there before stays, and is used as it is.
//
// One loader at a time on a machine: another one would lose its modules when the first ends,
// and two measurements disturb each other. It waits a while for the other's end, for a killed
// one's modules to go, and gives up with an error.
//
// Errors (std::runtime_error) name the module, what the kernel said and the mend.
class ModuleLoader {
  public:
    // `directory` holds NAME.ko or NAME/NAME.ko. The module of `own` comes from its file,
    // and must not be loaded yet: that would be measuring another one.
    ModuleLoader(const std::vector<std::string>& names, const std::string& directory,
                 const OwnModule& own = {});
    ~ModuleLoader();
    ModuleLoader(const ModuleLoader&) = delete;
    ModuleLoader& operator=(const ModuleLoader&) = delete;

    [[nodiscard]] const std::vector<LoadedModule>& modules() const { return modules_; }

  private:
    void load(const std::string& name, const std::string& directory, const OwnModule& own);
    void start_janitor();
    void end();
    std::vector<LoadedModule> modules_;
    int lifeline_ = -1;  // the janitor reads names from it and acts at its end
    int janitor_ = -1;
    int lock_ = -1;  // the janitor has it, too
};

// Why this process cannot load modules into the running kernel; empty when it can.
std::string why_no_modules(const std::string& directory);

}  // namespace kmb::bench
