// SPDX-License-Identifier: Apache-2.0
#include "models/nic/board/eeprom.h"

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

// Word addresses, 6.2 to 6.4 and, for the software area, Linux drivers/net/ethernet/intel/ixgbe/ixgbe_type.h.
constexpr unsigned kFirmwarePointer = 0x0F;
constexpr unsigned kModuleInitPointer = 0x2B;
constexpr unsigned kDeviceCapabilities = 0x2C;
constexpr unsigned kChecksum = 0x3F;
constexpr std::uint16_t kChecksumSum = 0xBABA;  ///< of words 0 to 0x3F, 6.3.4
/// Any SFP+ module, and pins that do not disturb each other.
constexpr std::uint16_t kCapabilities = 0x0081;

// Areas of this model's own layout behind the checksummed words.
constexpr unsigned kFirmwareAt = 0x40, kPatchAt = 0x50, kMacAt = 0x60, kModuleListAt = 0x70, kModuleDataAt = 0x7F;
constexpr unsigned kPatchPointer = 7, kPatchVersion = 7;  ///< words within the two firmware areas
constexpr std::uint16_t kVersion = 6;                     ///< above 5: a released part
constexpr unsigned kWords = 0x80;

}  // namespace

Eeprom::Eeprom(RegisterFile& registers, const std::array<std::uint8_t, 6>& mac)
    : registers_(registers), words_(kWords, 0) {
    fill(mac);
    attach();
}

void Eeprom::fill(const std::array<std::uint8_t, 6>& mac) {
    words_[kFirmwarePointer] = kFirmwareAt;
    words_[kFirmwareAt + kPatchPointer] = kPatchAt;
    words_[kPatchAt + kPatchVersion] = kVersion;
    for (unsigned i = 0; i < 3; ++i) words_[kMacAt + i] = static_cast<std::uint16_t>(mac[i * 2] | mac[i * 2 + 1] << 8);
    words_[kModuleInitPointer] = kModuleListAt;
    words_[kDeviceCapabilities] = kCapabilities;
    // Kinds of module (Linux enum ixgbe_sfp_type, 3 to 6: copper and optics on either port), each with the list of what
    // to write into the analog part: here nothing.
    for (unsigned kind = 3; kind <= 6; ++kind) {
        words_[kModuleListAt + (kind - 3) * 2] = static_cast<std::uint16_t>(kind);
        words_[kModuleListAt + (kind - 3) * 2 + 1] = kModuleDataAt;
    }
    words_[kModuleListAt + 8] = kBlank;
    words_[kModuleDataAt] = kBlank;
    std::uint16_t sum = 0;
    for (unsigned i = 0; i < kChecksum; ++i) sum = static_cast<std::uint16_t>(sum + words_[i]);
    words_[kChecksum] = static_cast<std::uint16_t>(kChecksumSum - sum);
}

void Eeprom::attach() {
    registers_.on_write(r::EERD, [this](std::uint64_t, std::uint64_t written) {
        if (!r::EERD_START.test(written)) return;
        const std::uint64_t address = r::EERD_ADDR.get(written);
        registers_.set(r::EERD, r::EERD_ADDR.of(address) | r::EERD_DONE.mask() | r::EERD_DATA.of(word(address)));
    });
    registers_.on_write(r::EEC, [this](std::uint64_t, std::uint64_t) {
        const std::uint64_t control = registers_.get(r::EEC);
        registers_.set(r::EEC, r::EEC_GRANT.set(control, r::EEC_REQUEST.get(control)));
    });
    // 8.2.3.4.13: whoever reads SMBI as 0 has taken it.
    registers_.on_read(r::SWSM, [this](std::uint64_t stored) {
        registers_.set(r::SWSM, stored | r::SWSM_SMBI.mask());
        return stored;
    });
}

}  // namespace turnpike::nic
