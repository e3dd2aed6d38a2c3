// SPDX-License-Identifier: Apache-2.0
#include "models/core/register_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "models/core/diagnosis.h"

namespace turnpike {

RegisterFile::RegisterFile(std::string name, unsigned bytes, std::span<const regs::Register> list)
    : name_(std::move(name)), bytes_(bytes), shift_(static_cast<unsigned>(std::countr_zero(bytes))) {
    for (const regs::Register& info : list) {
        for (std::uint32_t n = 0; n < info.count; ++n) {
            const std::size_t word = (info.offset + std::uint64_t{info.stride} * n) / bytes_;
            if (index_.size() <= word) index_.resize(word + 1, kNone);
            assert(index_[word] == kNone && "two registers at one offset");
            index_[word] = static_cast<std::uint16_t>(slots_.size());
            slots_.push_back({&info, {}, {}});
        }
    }
    values_.resize(slots_.size());
    reset();
}

void RegisterFile::reset() {
    for (std::size_t i = 0; i < slots_.size(); ++i) values_[i] = slots_[i].info->reset;
}

void RegisterFile::on_read(std::uint64_t offset, std::function<std::uint64_t(std::uint64_t)> handler) {
    slots_[slot(offset)].read = std::move(handler);
}

void RegisterFile::on_write(std::uint64_t offset, std::function<void(std::uint64_t, std::uint64_t)> handler) {
    slots_[slot(offset)].write = std::move(handler);
}

bool RegisterFile::report_unknown(std::uint64_t offset, bool write) {
    const std::uint64_t key = offset * 2 + (write ? 1 : 0);
    if (std::find(reported_.begin(), reported_.end(), key) != reported_.end()) return false;
    reported_.push_back(key);
    diagnose(fmt::format("{}: {} an unknown register at offset {:#x}; {}", name_, write ? "write to" : "read of",
                         offset, write ? "ignored" : "reads 0"));
    return true;
}

std::uint64_t RegisterFile::read(std::uint64_t offset) {
    const std::uint16_t found = find(offset);
    if (found == kNone) {
        report_unknown(offset, false);
        return 0;
    }
    Slot& reg = slots_[found];
    if (reg.info->access == regs::Access::WO) return 0;
    const std::uint64_t stored = values_[found];
    const std::uint64_t seen = reg.read ? reg.read(stored) : stored;
    if (reg.info->access == regs::Access::RC) values_[found] = 0;
    return seen;
}

void RegisterFile::write(std::uint64_t offset, std::uint64_t value) {
    const std::uint16_t found = find(offset);
    if (found == kNone) {
        report_unknown(offset, true);
        return;
    }
    Slot& reg = slots_[found];
    const std::uint64_t before = values_[found];
    const std::uint64_t mask = reg.info->write_mask;
    switch (reg.info->access) {
        case regs::Access::RW:
            values_[found] = (before & ~mask) | (value & mask);
            break;
        case regs::Access::RC:
        case regs::Access::W1C:
            values_[found] = before & ~(value & mask);
            break;
        case regs::Access::W1S:
            values_[found] = before | (value & mask);
            break;
        case regs::Access::RO:
        case regs::Access::WO:
            break;
    }
    if (reg.write) reg.write(before, value);
}

void RegisterFile::transport(tlm::tlm_generic_payload& payload) {
    if (payload.get_data_length() != bytes_ || payload.get_address() % bytes_ != 0 ||
        payload.get_streaming_width() < bytes_) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return;
    }
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if (payload.is_read()) {
        const std::uint64_t value = read(payload.get_address());
        std::memcpy(payload.get_data_ptr(), &value, bytes_);
    } else if (payload.is_write()) {
        std::uint64_t value = 0;
        std::memcpy(&value, payload.get_data_ptr(), bytes_);
        write(payload.get_address(), value);
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

unsigned RegisterFile::transport_dbg(tlm::tlm_generic_payload& payload) const {
    const std::uint16_t found = find(payload.get_address());
    if (!payload.is_read() || found == kNone || payload.get_data_length() < bytes_) return 0;
    std::memcpy(payload.get_data_ptr(), &values_[found], bytes_);
    return bytes_;
}

}  // namespace turnpike
