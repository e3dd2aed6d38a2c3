// SPDX-License-Identifier: Apache-2.0
// The SoC: wiring of core, memory, interrupt controllers, peripherals, NICs, wires and accelerators. One per process.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <systemc>
#include <vector>

#include "models/accel/checksum_accelerator.h"
#include "models/accel/lpm_accelerator.h"
#include "models/accel/waveform.h"
#include "models/cpu/shared_memory.h"
#include "models/fabric/dram.h"
#include "models/fabric/fabric.h"
#include "models/irq/apic_bus.h"
#include "models/irq/ioapic.h"
#include "models/irq/local_apic.h"
#include "models/link/capture_sink.h"
#include "models/link/capture_source.h"
#include "models/link/schedule.h"
#include "models/link/wire.h"
#include "models/nic/nic.h"
#include "models/periph/mailbox.h"
#include "models/periph/uart.h"
#include "models/soc/core_thread.h"
#include "models/soc/elf_image.h"
#include "models/soc/flight_recorder.h"
#include "models/soc/pci_host.h"
#include "regs/counters.h"
#include "regs/params.h"

namespace turnpike {

struct PortSetup {
    std::string name;
    std::array<std::uint8_t, 6> mac{};
    std::uint64_t rate_mbps = 0;
    std::uint64_t propagation_ps = 0;  ///< of the wire to the port, with PHY and FEC
    std::vector<TimedFrame> frames;    ///< that will arrive; their ids number them over all ports
};

/// A configuration message as it goes through the mailbox.
struct SocMessage {
    std::uint32_t type = 0;
    std::vector<std::uint8_t> bytes;
};

/// The firmware did not come up: it died, did not become ready in time, or refused a message.
class FirmwareError : public std::runtime_error {
  public:
    explicit FirmwareError(const std::string& what, std::optional<std::size_t> refused = {}, int error = 0)
        : std::runtime_error(what), message(refused), error_number(error) {}
    std::optional<std::size_t> message;  ///< index of the refused message
    int error_number;                    ///< errno it answered, positive
};

class Soc : public sc_core::sc_module {
  public:
    Soc(const sc_core::sc_module_name& name, const regs::MachineParams& machine, const regs::CpuProfile& profile,
        std::vector<PortSetup> ports, const ElfImage& firmware, const std::optional<WaveWindow>& wave = {});
    ~Soc() override;

    /// Lets the firmware boot, gives it `messages`, and returns when it is READY: simulated time is then before time
    /// zero. Throws FirmwareError.
    void boot(const std::vector<SocMessage>& messages);
    /// Time zero: captures and all times of the run count from here.
    std::uint64_t zero_ps() const { return zero_ps_; }
    /// Lets the frames come in from time zero on and records what leaves: `outputs[port]` is the capture to write,
    /// whose times count from `epoch_ns`. Once, after boot. Throws CaptureError.
    void start_traffic(const std::vector<std::filesystem::path>& outputs, std::uint64_t epoch_ns);
    /// During the run, between two calls of `run_to`: messages that the firmware obeys between two packets. One that it
    /// refuses ends `run_to` early; see `refusal`.
    void send(const std::vector<SocMessage>& messages) { post(messages); }
    struct Refusal {
        std::size_t message;  ///< its number among all that were given, those of `boot` included
        int error;            ///< errno that the firmware answered, positive
    };
    /// The first message that the firmware refused.
    std::optional<Refusal> refusal() const { return refusal_; }
    std::size_t unanswered() const { return mailbox_->pending(); }
    /// Runs to `ps` after time zero. Throws LockstepMismatch. False when the machine stopped before (see `exit_status`,
    /// `diagnosis`).
    bool run_to(std::uint64_t ps);
    /// Closes the account of the frames and the captures. Once, after the last `run_to`. Throws CaptureError.
    void finish();

    std::optional<unsigned> exit_status() const { return exit_status_; }  ///< what the firmware wrote to the mailbox
    bool core_dead() const;
    /// The core that has died; where none has, the first.
    const cpu::Core& dead_core() const;
    cpu::Memory memory();

    const cpu::Core& core(std::size_t number = 0) const { return cores_[number]->core(); }
    std::size_t cores() const { return cores_.size(); }
    /// "the core", or "core 2" where there are several.
    std::string core_name(std::size_t number) const;
    /// Lines that the core took over from others that had modified them.
    std::uint64_t transfers(std::size_t core) const {
        return shared_ ? shared_->transfers(static_cast<unsigned>(core)) : 0;
    }
    // For a debugger: the cores to attach to, and physical memory and devices' registers without side effects. False:
    // nothing answers there.
    unsigned debug_cores() const { return static_cast<unsigned>(cores_.size()); }
    cpu::Core& debug_core(unsigned number) { return cores_[number]->core(); }
    bool debug_read(std::uint64_t physical, void* data, unsigned bytes);
    bool debug_write(std::uint64_t physical, const void* data, unsigned bytes);
    /// The core waits for its start-up message.
    bool debug_core_off(unsigned number) const { return cores_[number]->off(); }
    /// Called when a device has written memory, with its name.
    using DeviceWrite = std::function<void(const std::string& device, std::uint64_t address, std::uint64_t bytes)>;
    void set_debug_device_write(DeviceWrite observer) { debug_device_write_ = std::move(observer); }
    const FlightRecorder& recorder() const { return recorder_; }
    const std::string& console() const { return console_; }
    std::size_t ports() const { return nics_.size(); }
    const Nic& nic(std::size_t port) const { return *nics_[port]; }
    const CaptureSink& sink(std::size_t port) const { return *sinks_[port]; }
    const LpmAccelerator* lpm() const { return lpm_.get(); }
    const ChecksumAccelerator* checksum() const { return checksum_.get(); }
    const Fabric& fabric() const { return *fabric_; }
    /// The firmware's counters; nothing where its image has no such table.
    std::optional<regs::CounterTable> counters() const;

  private:
    void build_memory_and_core(const regs::MachineParams& machine, const regs::CpuProfile& profile);
    void build_core(unsigned number, const regs::MachineParams& machine, const regs::CpuProfile& profile);
    void build_peripherals(const regs::MachineParams& machine);
    void build_accelerators(const regs::MachineParams& machine, const std::optional<WaveWindow>& wave);
    void build_port(std::size_t index, PortSetup port, const regs::MachineParams& machine);
    void attach_pci(std::size_t index, Nic& nic, const Path& pcie);
    void expect_frames(const std::vector<PortSetup>& ports);
    void load(const ElfImage& firmware);
    void observe(const ElfImage& firmware);
    void observe(CoreThread& thread, const ElfImage& firmware);
    void post(const std::vector<SocMessage>& messages);
    void on_ready();
    void simulate(std::uint64_t ps);
    std::string death() const;
    unsigned debug_register(std::uint64_t address, unsigned char* data);

    std::unique_ptr<Dram> dram_;
    std::unique_ptr<Fabric> fabric_;
    std::vector<std::unique_ptr<LocalApic>> local_apics_;
    std::unique_ptr<ApicBus> apics_;
    std::unique_ptr<IoApic> ioapic_;
    std::unique_ptr<Uart> uart_;
    std::unique_ptr<Mailbox> mailbox_;
    std::unique_ptr<cpu::SharedMemory> shared_;  ///< with several cores
    std::unique_ptr<CoreGroup> group_;
    std::vector<std::unique_ptr<CoreThread>> cores_;
    std::unique_ptr<LpmAccelerator> lpm_;
    std::unique_ptr<ChecksumAccelerator> checksum_;
    std::unique_ptr<PciHost> pci_;
    std::vector<std::unique_ptr<Nic>> nics_;
    std::vector<std::unique_ptr<WordWindow>> msix_windows_;
    std::vector<std::unique_ptr<Wire>> wires_;  ///< two a port: into the SoC, out of it
    std::vector<std::unique_ptr<CaptureSource>> sources_;
    std::vector<std::unique_ptr<CaptureSink>> sinks_;
    std::vector<std::unique_ptr<sc_core::sc_signal<bool>>> irq_lines_;

    DeviceWrite debug_device_write_;
    FlightRecorder recorder_;
    std::string console_;
    std::uint64_t counters_address_ = 0;
    bool has_counters_ = false;
    bool ready_ = false;
    std::uint64_t zero_ps_ = 0;
    std::uint64_t boot_limit_ps_ = 0;
    std::shared_ptr<std::uint64_t> wave_zero_ps_;  ///< from where the times of waveforms count
    std::optional<unsigned> exit_status_;
    std::size_t posted_ = 0;
    std::optional<Refusal> refusal_;
};

}  // namespace turnpike
