// SPDX-License-Identifier: Apache-2.0
#include "models/core/register_file.h"

#include <gtest/gtest.h>

#include "models/core/diagnosis.h"
#include "regs/nic.h"

namespace turnpike {
namespace {

namespace nic = regs::nic;

RegisterFile nic_registers() { return RegisterFile("nic", nic::kRegisterBytes, nic::kRegisters); }

TEST(RegisterFile, ResetValuesAreThoseOfTheList) {
    RegisterFile file = nic_registers();
    file.write(nic::SRRCTL(0), 0xFFFFFFFF);
    file.reset();
    EXPECT_EQ(file.read(nic::SRRCTL(0)), 0x402u);
}

TEST(RegisterFile, WritesChangeOnlyTheBitsOfTheWriteMask) {
    RegisterFile file = nic_registers();
    file.write(nic::RDBAL(0), 0x12345678);
    EXPECT_EQ(file.read(nic::RDBAL(0)), 0x12345600u);
}

TEST(RegisterFile, ReadOnlyRegistersIgnoreWrites) {
    RegisterFile file = nic_registers();
    file.write(nic::RDH(0), 7);
    EXPECT_EQ(file.read(nic::RDH(0)), 0u);
}

TEST(RegisterFile, StatisticsAreClearedByARead) {
    RegisterFile file = nic_registers();
    file.add(nic::GPRC, 3);
    EXPECT_EQ(file.read(nic::GPRC), 3u);
    EXPECT_EQ(file.read(nic::GPRC), 0u);
}

TEST(RegisterFile, CausesAreClearedByAReadOrByWritingOnes) {
    RegisterFile file = nic_registers();
    file.set(nic::EICR, 0x3);
    file.write(nic::EICR, 0x1);
    EXPECT_EQ(file.read(nic::EICR), 0x2u);
    EXPECT_EQ(file.read(nic::EICR), 0u);
}

TEST(RegisterFile, MaskBitsAreSetByWritingOnes) {
    RegisterFile file = nic_registers();
    file.write(nic::EIMS, 0x1);
    file.write(nic::EIMS, 0x4);
    EXPECT_EQ(file.read(nic::EIMS), 0x5u);
}

TEST(RegisterFile, UnknownRegistersReadZeroAndAreReportedOnce) {
    RegisterFile file = nic_registers();
    unsigned reports = 0;
    set_diagnosis_handler([&](const std::string&) { ++reports; });
    EXPECT_EQ(file.read(0x7FFF0), 0u);
    EXPECT_EQ(file.read(0x7FFF0), 0u);
    file.write(0x7FFF0, 1);
    set_diagnosis_handler({});
    EXPECT_EQ(reports, 2u);
}

TEST(RegisterFile, ReactionsSeeTheValueBeforeAndTheValueWritten) {
    RegisterFile file = nic_registers();
    std::uint64_t before = 0, written = 0;
    file.on_write(nic::RDT(0), [&](std::uint64_t b, std::uint64_t w) { before = b, written = w; });
    file.write(nic::RDT(0), 5);
    file.write(nic::RDT(0), 0x10009);
    EXPECT_EQ(before, 5u);
    EXPECT_EQ(written, 0x10009u);
    EXPECT_EQ(file.get(nic::RDT(0)), 9u);
}

TEST(RegisterFile, TransactionsOfAnotherWidthAreBurstErrors) {
    RegisterFile file = nic_registers();
    std::uint64_t data = 0;
    tlm::tlm_generic_payload payload;
    payload.set_read();
    payload.set_address(nic::STATUS);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
    payload.set_data_length(8);
    payload.set_streaming_width(8);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    file.transport(payload);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    file.transport(payload);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(data, 0x00080000u);
}

}  // namespace
}  // namespace turnpike
