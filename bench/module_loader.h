// Kernel modules for the time of a run.
#pragma once

#include <string>
#include <vector>

namespace kmb::bench {

struct LoadedModule {
    std::string name;
    std::string file;        // empty when it was loaded before we came
    std::string srcversion;  // as the kernel says, empty when it does not
};

// Loads modules and takes those that it loaded away again at the end, also when this
// process is killed: a helper process waits for our end and unloads. A module that was
// there before stays, and is used as it is.
//
// Errors (std::runtime_error) name the module, what the kernel said and the mend.
class ModuleLoader {
  public:
    // `directory` holds NAME.ko or NAME/NAME.ko.
    ModuleLoader(const std::vector<std::string>& names, const std::string& directory);
    ~ModuleLoader();
    ModuleLoader(const ModuleLoader&) = delete;
    ModuleLoader& operator=(const ModuleLoader&) = delete;

    [[nodiscard]] const std::vector<LoadedModule>& modules() const { return modules_; }

  private:
    void load(const std::string& name, const std::string& directory);
    void start_janitor();
    std::vector<LoadedModule> modules_;
    int lifeline_ = -1;  // the janitor reads names from it and acts at its end
    int janitor_ = -1;
};

// Why this process cannot load modules into the running kernel; empty when it can.
std::string why_no_modules(const std::string& directory);

}  // namespace kmb::bench
