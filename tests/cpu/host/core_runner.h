// SPDX-License-Identifier: Apache-2.0
// Runs samples on the modelled core.
#pragma once
#include "models/cpu/core.h"
#include "tests/cpu/host/sample.h"

namespace turnpike::host {

class CoreRunner : public cpu::Environment {
  public:
    /// `slow_stores`: decoded code lies in the page of the data, so that every store there takes the checked path.
    CoreRunner(const std::vector<u8>& pool, bool functional, bool slow_stores);
    Outcome run(const Sample& sample);

    bool bus_read(u64 address, void* data, unsigned bytes) override;
    bool bus_write(u64 address, const void* data, unsigned bytes) override;
    int acknowledge_interrupt() override;

    u64 instructions() const { return core_.stats().instructions; }

  private:
    template <class T>
    void put(u64 address, T value);
    template <class T>
    T at(u64 address) const;
    void gate(unsigned number, u64 target, unsigned ist);
    void set_up();
    void load(const Sample& sample);
    void read_exception(u64 number, Outcome& outcome) const;

    const std::vector<u8>& pool_;
    u64 exit_;
    std::vector<u8> memory_;
    cpu::Core core_;
};

}  // namespace turnpike::host
