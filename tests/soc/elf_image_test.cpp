// SPDX-License-Identifier: Apache-2.0
#include "models/soc/elf_image.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

namespace turnpike {
namespace {

/// A file with one loadable segment of 16 bytes at 1 MiB, changed by `edit`.
class Elf {
  public:
    explicit Elf(const std::function<void(Elf64_Ehdr&, Elf64_Phdr&)>& edit = {}) {
        Elf64_Ehdr header{};
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_EXEC;
        header.e_machine = EM_X86_64;
        header.e_entry = 0x100000;
        header.e_phoff = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = 1;
        Elf64_Phdr segment{};
        segment.p_type = PT_LOAD;
        segment.p_offset = sizeof header + sizeof segment;
        segment.p_paddr = 0x100000;
        segment.p_filesz = 16;
        segment.p_memsz = 32;
        if (edit) edit(header, segment);
        std::ofstream out(path_, std::ios::binary);
        out.write(reinterpret_cast<const char*>(&header), sizeof header);
        out.write(reinterpret_cast<const char*>(&segment), sizeof segment);
        out << "0123456789abcdef";
    }
    ~Elf() { std::filesystem::remove(path_); }
    Elf(const Elf&) = delete;
    Elf& operator=(const Elf&) = delete;

    ElfImage load() const { return ElfImage(path_, 2 << 20); }
    std::string refusal() const {
        try {
            load();
        } catch (const ElfError& error) {
            return error.what();
        }
        return "";
    }

  private:
    /// Its own for each process, since tests run side by side.
    std::string path_ = testing::TempDir() + "turnpike_elf_image_" + std::to_string(getpid()) + ".elf";
};

TEST(ElfImage, SegmentsAndEntryAreRead) {
    const ElfImage image = Elf().load();
    EXPECT_EQ(image.entry(), 0x100000u);
    ASSERT_EQ(image.segments().size(), 1u);
    EXPECT_EQ(image.segments()[0].bytes.size(), 16u);
    EXPECT_EQ(image.segments()[0].memory_bytes, 32u);
}

TEST(ElfImage, AnotherMachineIsRefusedByNumber) {
    const std::string what = Elf([](auto& header, auto&) { header.e_machine = EM_AARCH64; }).refusal();
    EXPECT_NE(what.find("found machine 183, expected 62"), std::string::npos) << what;
}

TEST(ElfImage, ASharedObjectIsRefused) {
    EXPECT_NE(Elf([](auto& header, auto&) { header.e_type = ET_DYN; }).refusal(), "");
}

TEST(ElfImage, ThirtyTwoBitsAreRefused) {
    EXPECT_NE(Elf([](auto& header, auto&) { header.e_ident[EI_CLASS] = ELFCLASS32; }).refusal(), "");
}

TEST(ElfImage, ASegmentOutsideMemoryIsRefused) {
    EXPECT_NE(Elf([](auto&, auto& segment) { segment.p_paddr = 0x1FFFF0; }).refusal(), "");
    EXPECT_NE(Elf([](auto&, auto& segment) { segment.p_paddr = ~0ULL; }).refusal(), "");
    EXPECT_NE(Elf([](auto&, auto& segment) { segment.p_memsz = ~0ULL; }).refusal(), "");
}

TEST(ElfImage, ASegmentBeyondTheFileIsRefused) {
    EXPECT_NE(Elf([](auto&, auto& segment) { segment.p_filesz = 1000, segment.p_memsz = 1000; }).refusal(), "");
    EXPECT_NE(Elf([](auto&, auto& segment) { segment.p_offset = ~0ULL; }).refusal(), "");
}

TEST(ElfImage, ProgramHeadersBeyondTheFileAreRefused) {
    EXPECT_NE(Elf([](auto& header, auto&) { header.e_phoff = ~0ULL - 8; }).refusal(), "");
}

TEST(ElfImage, ANonsenseSectionTableIsIgnored) {
    const ElfImage image =
        Elf([](auto& header, auto&) { header.e_shoff = ~0ULL - 100, header.e_shnum = 0xFFFF; }).load();
    EXPECT_TRUE(image.symbols().empty());
}

}  // namespace
}  // namespace turnpike
