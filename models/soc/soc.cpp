// SPDX-License-Identifier: Apache-2.0
#include "models/soc/soc.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "models/accel/lockstep.h"
#include "regs/address_map.h"
#include "regs/nic_pci.h"

namespace turnpike {

namespace map = regs::map;

namespace {

constexpr std::uint64_t kPsPerNs = 1000;
/// Time zero is a whole microsecond, so that it is a clock edge of every clock of a whole number of MHz, and lies far
/// enough behind READY for the firmware to have seen to its last affairs.
constexpr std::uint64_t kZeroGridPs = 1'000'000;
constexpr std::uint64_t kAfterReadyPs = 10 * kZeroGridPs;
/// A firmware that is not READY after this much simulated time has failed; for each message it has …
constexpr std::uint64_t kBootLimitPs = 100'000'000'000;
/// … as much more: thousands of routes take their time.
constexpr std::uint64_t kMessageLimitPs = 200'000'000;
constexpr std::size_t kConsoleLimit = 1 << 20;

bool is_verilated(const std::string& mode) { return mode == "rtl" || mode == "lockstep"; }

Path path(std::uint64_t latency_ns, std::uint64_t bandwidth_gbps) {
    return {from_ps(latency_ns * kPsPerNs), bandwidth_gbps * 1000};
}

}  // namespace

Soc::Soc(const sc_core::sc_module_name& name, const regs::MachineParams& machine, const regs::CpuProfile& profile,
         std::vector<PortSetup> ports, const ElfImage& firmware, const std::optional<WaveWindow>& wave)
    : sc_module(name) {
    expect_frames(ports);
    build_memory_and_core(machine, profile);
    build_peripherals(machine);
    build_accelerators(machine, wave);
    for (std::size_t i = 0; i < ports.size(); ++i) build_port(i, std::move(ports[i]), machine);
    load(firmware);
    observe(firmware);
}

Soc::~Soc() = default;

void Soc::build_memory_and_core(const regs::MachineParams& machine, const regs::CpuProfile& profile) {
    dram_ = std::make_unique<Dram>("dram", machine.dram);
    fabric_ = std::make_unique<Fabric>("fabric");
    apics_ = std::make_unique<ApicBus>("apic_bus", machine.cpu.ipi_ns * kPsPerNs);
    // Alone, a core may run ahead as far as it likes: nobody else writes memory without an event.
    const bool alone = machine.cpu.cores == 1;
    group_ = std::make_unique<CoreGroup>((alone ? machine.cpu.quantum_ns : machine.cpu.window_ns) * kPsPerNs);
    if (!alone) shared_ = std::make_unique<cpu::SharedMemory>(dram_->size());
    for (unsigned number = 0; number < machine.cpu.cores; ++number) build_core(number, machine, profile);
    dram_->set_write_observer([this](std::uint64_t address, std::uint64_t bytes) {
        for (auto& core : cores_) core->core().memory_written(address, bytes);
        if (debug_device_write_) debug_device_write_(fabric_->serving(), address, bytes);
    });
    fabric_->add_target("dram", map::DRAM_BASE, dram_->size(), path(0, machine.dram.bandwidth_gbps), Service::immediate)
        .bind(dram_->socket);
}

void Soc::build_core(unsigned number, const regs::MachineParams& machine, const regs::CpuProfile& profile) {
    // The only core has no number in its name.
    const std::string suffix = machine.cpu.cores == 1 ? "" : std::to_string(number);
    local_apics_.push_back(std::make_unique<LocalApic>(("apic" + suffix).c_str(), number, machine.cpu.apic_timer_mhz));
    LocalApic& apic = *local_apics_.back();
    apics_->connect(apic);
    const std::uint64_t dram_cycles =
        Rate::megahertz(machine.cpu.freq_mhz).counts_ceil(machine.dram.latency_ns * kPsPerNs);
    const std::string name = "core" + suffix;
    cores_.push_back(std::make_unique<CoreThread>(name.c_str(), machine.cpu, profile, dram_cycles,
                                                  cpu::Memory{dram_->data(), dram_->size()}, apic, *group_,
                                                  shared_.get()));
    CoreThread& core = *cores_.back();
    core.local.bind(apic.socket);
    core.bus.bind(fabric_->add_initiator(name, path(machine.fabric.core_latency_ns, machine.fabric.core_bandwidth_gbps),
                                         Ordering::each_target));
}

void Soc::build_peripherals(const regs::MachineParams& machine) {
    const Path device = path(machine.fabric.device_latency_ns, machine.fabric.core_bandwidth_gbps);
    ioapic_ = std::make_unique<IoApic>("ioapic");
    ioapic_->connect(*apics_);
    uart_ = std::make_unique<Uart>("uart");
    uart_->set_output([this](char c) {
        if (console_.size() < kConsoleLimit) console_ += c;
    });
    mailbox_ = std::make_unique<Mailbox>("mailbox");
    mailbox_->set_cores(static_cast<unsigned>(machine.cpu.cores));
    mailbox_->set_ready_handler([this] { on_ready(); });
    mailbox_->set_exit_handler([this](unsigned status) {
        exit_status_ = status;
        sc_core::sc_stop();
    });
    fabric_->add_target("msi", map::MSI_BASE, map::MSI_BYTES, device, Service::immediate).bind(apics_->msi);
    fabric_->add_target("ioapic", map::IOAPIC_BASE, map::IOAPIC_BYTES, device, Service::immediate)
        .bind(ioapic_->socket);
    fabric_->add_target("uart", map::UART_BASE, map::UART_BYTES, device, Service::immediate).bind(uart_->socket);
    fabric_->add_target("mailbox", map::MAILBOX_BASE, map::MAILBOX_BYTES, device, Service::immediate)
        .bind(mailbox_->socket);
    pci_ = std::make_unique<PciHost>("pci_config");
    fabric_
        ->add_target("pci_config", map::PCI_CONFIG_BASE, map::PCI_CONFIG_BYTES,
                     path(machine.pcie.latency_ns, machine.pcie.bandwidth_gbps), Service::immediate)
        .bind(pci_->socket());
    irq_lines_.push_back(std::make_unique<sc_core::sc_signal<bool>>("mailbox_irq"));
    mailbox_->irq.bind(*irq_lines_.back());
    ioapic_->pins[map::MAILBOX_IRQ].bind(*irq_lines_.back());
}

void Soc::build_accelerators(const regs::MachineParams& machine, const std::optional<WaveWindow>& wave) {
    const bool both = is_verilated(machine.accel_lpm.mode) && is_verilated(machine.accel_checksum.mode);
    if (wave) wave_zero_ps_ = std::make_shared<std::uint64_t>(wave->from_power_on ? 0 : Waveform::kNotYet);
    const auto recorded = [&](const char* block, std::uint64_t mhz) -> std::optional<Waveform> {
        if (!wave) return std::nullopt;
        Waveform waveform{*wave, mhz, wave_zero_ps_};
        if (both) waveform.window.file.replace_extension(std::string(block) + wave->file.extension().string());
        return waveform;
    };
    const Path device = path(machine.fabric.device_latency_ns, machine.fabric.core_bandwidth_gbps);
    const Steps steps = machine.cpu.cores == 1 ? Steps::due : Steps::each;
    if (machine.accel_lpm.mode != "software") {
        const auto waveform = recorded("lpm", machine.accel_lpm.freq_mhz);
        lpm_ = std::make_unique<LpmAccelerator>(
            "lpm", machine.accel_lpm, make_lpm_engine(machine.accel_lpm.mode, waveform ? &*waveform : nullptr), steps);
        fabric_->add_target("lpm", map::LPM_BASE, map::LPM_BYTES, device).bind(lpm_->registers);
        fabric_->add_target("lpm_lookup", map::LPM_LOOKUP_BASE, map::LPM_LOOKUP_BYTES, device).bind(lpm_->lookup);
        lpm_->mover().dma.bind(fabric_->add_initiator("lpm_dma", device));
    }
    if (machine.accel_checksum.mode != "software") {
        const auto waveform = recorded("checksum", machine.accel_checksum.freq_mhz);
        checksum_ = std::make_unique<ChecksumAccelerator>(
            "checksum", machine.accel_checksum,
            make_checksum_engine(machine.accel_checksum.mode, waveform ? &*waveform : nullptr), steps);
        fabric_->add_target("checksum", map::CHECKSUM_BASE, map::CHECKSUM_BYTES, device).bind(checksum_->registers);
        checksum_->dma.bind(fabric_->add_initiator("checksum_dma", device));
    }
}

void Soc::build_port(std::size_t index, PortSetup port, const regs::MachineParams& machine) {
    const Path pcie = path(machine.pcie.latency_ns, machine.pcie.bandwidth_gbps);
    nics_.push_back(std::make_unique<Nic>(port.name.c_str(), static_cast<unsigned>(index), machine.nic, machine.pcie,
                                          port.mac, port.rate_mbps, recorder_));
    Nic& nic = *nics_.back();
    sinks_.push_back(std::make_unique<CaptureSink>());
    wires_.push_back(std::make_unique<Wire>((port.name + "_in").c_str(), port.rate_mbps, port.propagation_ps, nic));
    sources_.push_back(
        std::make_unique<CaptureSource>((port.name + "_source").c_str(), std::move(port.frames), *wires_.back()));
    // What leaves the port is recorded there, so that a run does not end with frames between the two.
    wires_.push_back(std::make_unique<Wire>((port.name + "_out").c_str(), port.rate_mbps, 0, *sinks_.back()));
    nic.connect(*wires_.back());
    attach_pci(index, nic, pcie);
    fabric_
        ->add_target(port.name, map::NIC_BASE + index * map::NIC_BAR_BYTES, map::NIC_BAR_BYTES, pcie,
                     Service::immediate)
        .bind(nic.bar0);
    nic.dma.bind(fabric_->add_initiator(port.name + "_dma", pcie, Ordering::all_targets, Answer::waited_for));
    irq_lines_.push_back(std::make_unique<sc_core::sc_signal<bool>>((port.name + "_irq").c_str()));
    nic.intx.bind(*irq_lines_.back());
    ioapic_->pins[map::NIC_IRQ_BASE + index].bind(*irq_lines_.back());
}

/// As a PC's firmware leaves it: base addresses given, memory and bus mastering on. The windows stay where they are.
void Soc::attach_pci(std::size_t index, Nic& nic, const Path& pcie) {
    namespace pci = regs::nic_pci;
    const std::uint64_t msix = map::NIC_MSIX_BASE + index * map::NIC_MSIX_BAR_BYTES;
    nic.config().write(pci::BAR0, static_cast<std::uint32_t>(map::NIC_BASE + index * map::NIC_BAR_BYTES));
    nic.config().write(pci::BAR4, static_cast<std::uint32_t>(msix));
    nic.config().write(pci::COMMAND, pci::COMMAND_MEMORY.of(1) | pci::COMMAND_BUS_MASTER.of(1));
    pci_->add(nic.config());
    msix_windows_.push_back(std::make_unique<WordWindow>(
        fmt::format("{}_msix", nic.basename()).c_str(),
        [&nic](std::uint64_t offset) { return nic.bar_read(4, offset); },
        [&nic](std::uint64_t offset, std::uint32_t value) { nic.bar_write(4, offset, value); }));
    fabric_->add_target(msix_windows_.back()->basename(), msix, map::NIC_MSIX_BAR_BYTES, pcie, Service::immediate)
        .bind(msix_windows_.back()->socket);
}

void Soc::load(const ElfImage& firmware) {
    for (const ElfSegment& segment : firmware.segments())
        std::memcpy(dram_->data() + segment.address, segment.bytes.data(), segment.bytes.size());
    cores_[0]->start(firmware.entry(), dram_->size());
}

void Soc::observe(const ElfImage& firmware) {
    for (auto& core : cores_) observe(*core, firmware);
    const auto pool = firmware.find("skb_pool");
    const auto slot = firmware.find("skb_slot_bytes");
    if (pool && slot) {
        std::uint64_t slot_bytes = 0;
        std::memcpy(&slot_bytes, dram_->data() + slot->address, sizeof slot_bytes);
        if (slot_bytes != 0) recorder_.tags().set_pool(pool->address, pool->bytes, slot_bytes);
    }
    if (const auto table = firmware.find("turnpike_counters"); table && table->bytes == sizeof(regs::CounterTable)) {
        counters_address_ = table->address;
        has_counters_ = true;
    }
}

void Soc::observe(CoreThread& thread, const ElfImage& firmware) {
    cpu::Core& core = thread.core();
    for (const ElfSymbol& symbol : firmware.symbols())
        if (symbol.stage) core.add_stage(symbol.address, symbol.name);
    const std::pair<const char*, Point> points[] = {{"netif_rx", Point::driver},
                                                    {"napi_gro_receive", Point::driver},
                                                    {"ip_rcv", Point::stack},
                                                    {"dev_queue_xmit", Point::queued},
                                                    {"ixgbe_xmit_frame", Point::ring}};
    for (const auto& [name, point] : points)
        if (const auto symbol = firmware.find(name))
            core.add_probe(symbol->address, [this, &thread, at = point](const cpu::Core& c) {
                recorder_.passes(at, c.reg(cpu::RDI), thread.local_ps());
            });
    if (const auto symbol = firmware.find("skb_release"))
        core.add_probe(symbol->address, [this](const cpu::Core& c) {
            recorder_.freed(c.reg(cpu::RDI), static_cast<regs::Fate>(static_cast<std::uint32_t>(c.reg(cpu::RSI))));
        });
    if (const auto symbol = firmware.find("__switch_to")) core.add_stack_switch(symbol->address);
    if (const auto symbol = firmware.find("copy_skb_header"))
        core.add_probe(symbol->address,
                       [this](const cpu::Core& c) { recorder_.inherits(c.reg(cpu::RDI), c.reg(cpu::RSI)); });
    if (const auto symbol = firmware.find("skb_set_cause"))
        core.add_probe(symbol->address,
                       [this](const cpu::Core& c) { recorder_.answers(c.reg(cpu::RDI), c.reg(cpu::RSI)); });
}

std::string Soc::core_name(std::size_t number) const {
    return cores_.size() == 1 ? "the core" : fmt::format("core {}", number);
}

bool Soc::core_dead() const {
    return std::any_of(cores_.begin(), cores_.end(), [](const auto& core) { return core->dead(); });
}

const cpu::Core& Soc::dead_core() const {
    const auto dead = std::find_if(cores_.begin(), cores_.end(), [](const auto& core) { return core->dead(); });
    return (dead != cores_.end() ? *dead : cores_.front())->core();
}

cpu::Memory Soc::memory() { return {dram_->data(), dram_->size()}; }

void Soc::post(const std::vector<SocMessage>& messages) {
    for (const SocMessage& message : messages)
        mailbox_->post(message.type, message.bytes, [this, number = posted_++](std::int64_t reply) {
            if (reply == 0 || refusal_) return;
            refusal_ = {number, static_cast<int>(-reply)};
            sc_core::sc_pause();
        });
}

void Soc::on_ready() {
    if (ready_) return;
    ready_ = true;
    zero_ps_ = (now_ps() + kAfterReadyPs + kZeroGridPs - 1) / kZeroGridPs * kZeroGridPs;
    if (wave_zero_ps_ && *wave_zero_ps_ == Waveform::kNotYet) *wave_zero_ps_ = zero_ps_;
    for (auto& core : cores_) core->begin_timed(zero_ps_);
    sc_core::sc_pause();
}

// The kernel wraps an exception of a process into a report.
void Soc::simulate(std::uint64_t ps) {
    group_->stop_at(now_ps() + ps);
    try {
        sc_core::sc_start(from_ps(ps));
    } catch (const sc_core::sc_report& report) {
        rethrow_lockstep(report);
        throw;
    }
}

std::string Soc::death() const {
    std::string stopped;
    for (std::size_t n = 0; n < cores_.size(); ++n)
        if (cores_[n]->dead())
            stopped += fmt::format("{}{} stopped: {}", stopped.empty() ? "" : "; ", core_name(n), core(n).diagnosis());
    if (!stopped.empty()) return stopped;
    if (exit_status_) return fmt::format("it ended with status {}", *exit_status_);
    return fmt::format("it was not READY after {} ms of simulated time", boot_limit_ps_ / 1'000'000'000);
}

void Soc::boot(const std::vector<SocMessage>& messages) {
    post(messages);
    boot_limit_ps_ = kBootLimitPs + messages.size() * kMessageLimitPs;
    simulate(boot_limit_ps_);
    if (refusal_)
        throw FirmwareError("the firmware refused a configuration message", refusal_->message, refusal_->error);
    if (!ready_)
        throw FirmwareError(fmt::format("the firmware did not start: {}; its console says:\n{}", death(), console_));
}

void Soc::expect_frames(const std::vector<PortSetup>& ports) {
    std::size_t count = 0;
    for (const PortSetup& port : ports) count += port.frames.size();
    std::vector<std::uint16_t> in_ports(count);
    for (std::size_t port = 0; port < ports.size(); ++port)
        for (const TimedFrame& frame : ports[port].frames) in_ports[frame.frame.id] = static_cast<std::uint16_t>(port);
    recorder_.expect(in_ports);
}

void Soc::start_traffic(const std::vector<std::filesystem::path>& outputs, std::uint64_t epoch_ns) {
    for (std::size_t port = 0; port < ports(); ++port) {
        sinks_[port]->start(outputs[port], zero_ps_, epoch_ns);
        sources_[port]->start(zero_ps_);
    }
}

void Soc::finish() {
    for (auto& core : cores_) core->account_idle();
    recorder_.finish();
    for (auto& sink : sinks_) sink->close();
}

bool Soc::run_to(std::uint64_t ps) {
    const std::uint64_t until = zero_ps_ + ps;
    if (sc_core::sc_get_status() == sc_core::SC_STOPPED) return false;
    if (until > now_ps()) simulate(until - now_ps());
    return sc_core::sc_get_status() != sc_core::SC_STOPPED;
}

std::optional<regs::CounterTable> Soc::counters() const {
    if (!has_counters_) return std::nullopt;
    regs::CounterTable table;
    std::memcpy(&table, dram_->data() + counters_address_, sizeof table);
    return table;
}

}  // namespace turnpike
