// SPDX-License-Identifier: Apache-2.0
#include "models/accel/rtl/lpm_rtl.h"

#include <Vlpm_accelerator.h>

#include <algorithm>
#include <cassert>
#include <deque>

#include "models/accel/rtl/clocked_model.h"

namespace turnpike {

struct LpmRtl::Impl {
    // Registers, pipeline and the answer's own clock: nothing moves any more this many clocks after a request.
    static constexpr unsigned kActiveClocks = 2 * kLpmLatency;

    struct Answered {
        std::uint8_t tag;
        LpmAnswer answer;
    };

    void run_to(std::uint64_t cycle) {
        model.run_to(cycle, [this](const Vlpm_accelerator& ports) {
            // The answer is on offer now, and taken at the next edge since ready_i is always set.
            if (ports.valid_o) answers.push_back({ports.tag_o, {ports.index_o, model.next_edge()}});
        });
    }

    ClockedModel<Vlpm_accelerator> model;
    std::deque<Answered> answers;
    Ticket issued = 0;
};

LpmRtl::LpmRtl() : impl_(std::make_unique<Impl>()) { impl_->model.reset(); }
LpmRtl::~LpmRtl() { impl_->model.ports().final(); }

void LpmRtl::reset() {
    impl_->model.reset();
    impl_->answers.clear();
}

std::uint64_t LpmRtl::read(std::uint64_t offset, std::uint64_t cycle) {
    impl_->run_to(cycle);
    return impl_->model.read(offset);
}

void LpmRtl::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    impl_->run_to(cycle);
    impl_->model.write(offset, value);
    impl_->model.enter(1);
}

LpmEngine::Ticket LpmRtl::issue(std::uint32_t address, std::uint64_t cycle) {
    impl_->run_to(cycle);
    Vlpm_accelerator& ports = impl_->model.ports();
    assert(!ports.valid_i && "two lookups in one clock");
    ports.valid_i = 1;
    ports.address_i = address;
    ports.tag_i = static_cast<std::uint8_t>(impl_->issued);
    impl_->model.enter(Impl::kActiveClocks);
    return impl_->issued++;
}

std::optional<LpmAnswer> LpmRtl::answer(Ticket ticket, std::uint64_t cycle) {
    impl_->run_to(cycle);
    // The outputs are already those of edge `cycle`: what is on offer now is taken there.
    const auto found = std::find_if(impl_->answers.begin(), impl_->answers.end(), [=](const Impl::Answered& answered) {
        return answered.tag == static_cast<std::uint8_t>(ticket) && answered.answer.cycle <= cycle;
    });
    if (found == impl_->answers.end()) return std::nullopt;
    const LpmAnswer answer = found->answer;
    impl_->answers.erase(found);
    return answer;
}

}  // namespace turnpike
