// The kernel's messages from the moment on at which this was made.
#pragma once

#include <string>

namespace kmb::fuzz {

class KernelLog {
  public:
    KernelLog();
    ~KernelLog();
    KernelLog(const KernelLog&) = delete;
    KernelLog& operator=(const KernelLog&) = delete;

    // The first complaint since the last time, empty where there is none.
    std::string complaint();

  private:
    int fd_;
};

}  // namespace kmb::fuzz
