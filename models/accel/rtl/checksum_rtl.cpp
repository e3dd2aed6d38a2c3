// SPDX-License-Identifier: Apache-2.0
#include "models/accel/rtl/checksum_rtl.h"

#include <Vchecksum_accelerator.h>

#include <cassert>
#include <deque>

#include "models/accel/rtl/clocked_model.h"

namespace turnpike {

struct ChecksumRtl::Impl {
    // Pipeline and RESULT: nothing moves any more this many clocks after a beat.
    static constexpr unsigned kActiveClocks = 2 * kChecksumLatency;

    void run_to(std::uint64_t cycle) {
        model.run_to(cycle, [this](const Vchecksum_accelerator& ports) {
            // The sum is on offer now, and taken at the next edge since ready_i is always set.
            if (ports.valid_o) sums.push_back({ports.sum_o, ports.check_o, ports.error_o != 0, model.next_edge()});
        });
    }

    ClockedModel<Vchecksum_accelerator> model;
    std::deque<ChecksumSum> sums;
};

ChecksumRtl::ChecksumRtl() : impl_(std::make_unique<Impl>()) { impl_->model.reset(); }
ChecksumRtl::~ChecksumRtl() { impl_->model.ports().final(); }

void ChecksumRtl::reset() {
    impl_->model.reset();
    impl_->sums.clear();
}

std::uint64_t ChecksumRtl::read(std::uint64_t offset, std::uint64_t cycle) {
    impl_->run_to(cycle);
    return impl_->model.read(offset);
}

std::optional<ChecksumCommand> ChecksumRtl::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    impl_->run_to(cycle);
    impl_->model.write(offset, value);
    impl_->model.enter(1);
    Vchecksum_accelerator& ports = impl_->model.ports();
    ports.eval();
    if (!ports.command_valid_o) return std::nullopt;
    return ChecksumCommand{ports.command_address_o, ports.command_length_o, ports.command_seed_o,
                           ports.command_udp_o != 0};
}

void ChecksumRtl::beat(const ChecksumBeat& beat, std::uint64_t cycle) {
    impl_->run_to(cycle);
    Vchecksum_accelerator& ports = impl_->model.ports();
    assert(!ports.valid_i && "two beats in one clock");
    ports.valid_i = 1;
    for (unsigned n = 0; n < beat.data.size(); ++n) {
        ports.data_i[2 * n] = static_cast<std::uint32_t>(beat.data[n]);
        ports.data_i[2 * n + 1] = static_cast<std::uint32_t>(beat.data[n] >> 32);
    }
    ports.keep_i = beat.keep;
    ports.last_i = beat.last;
    ports.error_i = beat.error;
    ports.udp_i = beat.udp;
    ports.start_i = beat.start;
    ports.seed_i = beat.seed;
    impl_->model.enter(Impl::kActiveClocks);
}

std::optional<ChecksumSum> ChecksumRtl::sum(std::uint64_t cycle) {
    impl_->run_to(cycle);
    if (impl_->sums.empty() || impl_->sums.front().cycle > cycle) return std::nullopt;
    const ChecksumSum sum = impl_->sums.front();
    impl_->sums.pop_front();
    return sum;
}

}  // namespace turnpike
