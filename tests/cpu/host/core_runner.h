// SPDX-License-Identifier: Apache-2.0
// Runs samples on the modelled core.
#pragma once
#include "models/cpu/core.h"
#include "tests/cpu/host/core_layout.h"
#include "tests/cpu/host/sample.h"

namespace turnpike::host {

class CoreRunner : public cpu::Environment {
  public:
    struct Kind {
        bool user;         ///< at privilege 3 and with page tables, else at 0 and without
        bool functional;   ///< else timed
        bool slow_stores;  ///< decoded code lies in the page of the data, so that stores there take the checked path
    };
    CoreRunner(const std::vector<u8>& pool, const Kind& kind);
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
    void gate(unsigned number, u64 target, unsigned ist, unsigned level);
    void set_up();
    void descriptors();
    void page_tables();
    void load(const Sample& sample);
    Outcome run_loaded();
    void read_exception(u64 number, Outcome& outcome) const;
    u64 high() const { return kind_.user ? CORE_HIGH : 0; }

    const std::vector<u8>& pool_;
    Kind kind_;
    std::vector<u8> memory_;
    cpu::Core core_;
};

}  // namespace turnpike::host
