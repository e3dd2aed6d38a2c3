// SPDX-License-Identifier: Apache-2.0
#include "bench/speed/unicorn.h"

#include <unicorn/unicorn.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "regs/address_map.h"

namespace turnpike::bench {
namespace {

void check(uc_err error) {
    if (error != UC_ERR_OK) throw std::runtime_error(std::string("unicorn: ") + uc_strerror(error));
}

struct Close {
    void operator()(uc_engine* engine) const { uc_close(engine); }
};

}  // namespace

void run_on_unicorn(const ElfImage& image, std::uint64_t memory_bytes) {
    uc_engine* opened = nullptr;
    check(uc_open(UC_ARCH_X86, UC_MODE_64, &opened));
    const std::unique_ptr<uc_engine, Close> engine(opened);
    check(uc_mem_map(opened, 0, memory_bytes, UC_PROT_ALL));
    // A page in place of the UART: what is printed is lost, which costs nothing.
    check(uc_mem_map(opened, regs::map::UART_BASE, regs::map::UART_BYTES, UC_PROT_ALL));
    for (const ElfSegment& segment : image.segments())
        check(uc_mem_write(opened, segment.address, segment.bytes.data(), segment.bytes.size()));
    std::uint64_t stack = memory_bytes;
    check(uc_reg_write(opened, UC_X86_REG_RSP, &stack));
    const auto end = image.find("exit");
    if (!end) throw std::runtime_error("the program has no function exit");
    check(uc_emu_start(opened, image.entry(), end->address, 0, 0));
}

}  // namespace turnpike::bench
