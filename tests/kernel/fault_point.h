// Faults that the kernel makes happen on purpose (CONFIG_FAULT_INJECTION): the n-th
// allocation or user copy of the calling thread's next system call fails.
#pragma once

namespace kmb::kernel_test {

// Belongs to the thread that made it. Without the kernel's support it does nothing.
class FaultPoint {
  public:
    FaultPoint();
    ~FaultPoint();
    FaultPoint(const FaultPoint&) = delete;
    FaultPoint& operator=(const FaultPoint&) = delete;

    [[nodiscard]] bool supported() const { return fd_ >= 0; }
    // From 1; 0 is none.
    void set(unsigned point) const;
    // True where the point that was set has come and failed. Then, and else, none is set.
    [[nodiscard]] bool take() const;

  private:
    int fd_ = -1;
};

// Lets every kind of fault happen, also in calls that may sleep, and without a word.
void allow_faults();

}  // namespace kmb::kernel_test
