// SPDX-License-Identifier: Apache-2.0
// Twin and RTL side by side: every answer and every clock is compared, and the first difference ends the run.
#pragma once
#include <deque>
#include <stdexcept>
#include <string>

#include "models/accel/checksum_engine.h"
#include "models/accel/lpm_engine.h"

namespace sc_core {
class sc_report;
}

namespace turnpike {

/// Twin and RTL differ: our own mistake, never the guest's.
///
/// Thrown in the process that made the request. SystemC turns what a process throws into an sc_report, so around
/// sc_start it is caught so:
///     try { sc_core::sc_start(); } catch (const sc_core::sc_report& report) { rethrow_lockstep(report); throw; }
class LockstepMismatch : public std::runtime_error {
  public:
    static constexpr const char* kPrefix = "lockstep mismatch: ";
    using std::runtime_error::runtime_error;
    /// The block's clock edge, as the text has it.
    std::uint64_t clock() const;
};

/// Throws LockstepMismatch if that is what `report` was made of; otherwise returns.
void rethrow_lockstep(const sc_core::sc_report& report);

/// The last 16 requests of one engine, for the message.
class RequestHistory {
  public:
    struct Request {
        const char* kind;
        std::uint64_t what;    ///< address or offset
        std::uint64_t cycle;   ///< of the request
        std::uint64_t result;  ///< or the value written
        std::uint64_t done;    ///< clock of the answer
    };
    void add(const Request& request);
    std::string text() const;

  private:
    static constexpr std::size_t kKept = 16;
    std::deque<Request> requests_;
};

/// Compares what the two engines say about one request.
class LockstepComparison {
  public:
    explicit LockstepComparison(std::string name) : name_(std::move(name)) {}
    void operator()(const RequestHistory::Request& twin, const RequestHistory::Request& rtl);
    [[noreturn]] void fail(const std::string& what, std::uint64_t clock) const;

  private:
    std::string name_;
    RequestHistory twin_;
    RequestHistory rtl_;
};

class LockstepLpm final : public LpmEngine {
  public:
    LockstepLpm(std::unique_ptr<LpmEngine> twin, std::unique_ptr<LpmEngine> rtl);
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void update(const LpmUpdate& record, std::uint64_t cycle) override;
    void moved(const LpmMoved& moved, std::uint64_t cycle) override;
    bool ready(std::uint64_t cycle) override;
    Ticket issue(std::uint32_t address, std::uint64_t cycle) override;
    void hold(bool held, std::uint64_t cycle) override;
    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override;

  private:
    struct Issued {
        Ticket ticket;
        std::uint32_t address;
        std::uint64_t cycle;
    };
    std::unique_ptr<LpmEngine> twin_;
    std::unique_ptr<LpmEngine> rtl_;
    LockstepComparison compare_{"lpm"};
    std::deque<Issued> issued_;
};

class LockstepChecksum final : public ChecksumEngine {
  public:
    LockstepChecksum(std::unique_ptr<ChecksumEngine> twin, std::unique_ptr<ChecksumEngine> rtl);
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<ChecksumCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void beat(const ChecksumBeat& beat, std::uint64_t cycle) override;
    std::optional<ChecksumSum> sum(std::uint64_t cycle) override;

  private:
    std::unique_ptr<ChecksumEngine> twin_;
    std::unique_ptr<ChecksumEngine> rtl_;
    LockstepComparison compare_{"checksum"};
    std::deque<std::uint64_t> last_beats_;  ///< edges at which sums ended, not yet answered
};

}  // namespace turnpike
