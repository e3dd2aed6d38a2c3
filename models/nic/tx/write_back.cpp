// SPDX-License-Identifier: Apache-2.0
// Telling software which descriptors are done (82599 data sheet 7.2.3.5): by DD in the descriptors, or by the head.
#include <algorithm>

#include "models/nic/tx/transmitter.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
constexpr std::uint64_t kHeadAddressMask = ~std::uint64_t{3};
}  // namespace

/// 7.2.3.5.1: with WTHRESH 0 a descriptor with RS is written back at once, else when so many have come together or the
/// queue has nothing more to send.
void Transmitter::descriptor_done(const Segment& segment) {
    Queue& queue = *segment.queue;
    const std::uint32_t head = queue.ring.next_index(segment.index);
    parts_.registers.set(r::of_tx_queue(r::TDH(0), queue.number), head);
    if (segment.rs) queue.finished.push_back(segment.index);
    if (queue.finished.empty()) return;
    const std::uint64_t threshold = r::TXDCTL_WTHRESH.get(get(queue, r::TXDCTL(0)));
    if (queue.finished.size() >= threshold || head == get(queue, r::TDT(0))) flush(queue);
}

void Transmitter::flush(Queue& queue) {
    const std::uint64_t low = get(queue, r::TDWBAL(0));
    if (r::TDWBAL_HEAD_WB_EN.test(low)) {
        const std::uint64_t address = (low | get(queue, r::TDWBAH(0)) << 32) & kHeadAddressMask;
        write_backs_.push_back({&queue, queue.generation, address, 0, queue.ring.next_index(queue.finished.back())});
    } else {
        // Neighbours go in one write.
        for (std::size_t n = 0; n < queue.finished.size();) {
            unsigned count = 1;
            while (n + count < queue.finished.size() && queue.finished[n + count] == queue.finished[n] + count &&
                   count < DescriptorRing::kCached)
                ++count;
            write_backs_.push_back({&queue, queue.generation, queue.ring.address(queue.finished[n]), count, 0});
            n += count;
        }
    }
    queue.finished.clear();
    write_back_.notify();
}

void Transmitter::write_refused(unsigned queue, unsigned generation) {
    if (queues_[queue].generation == generation) ring_error(queues_[queue]);
}

Process Transmitter::write_backs() {
    std::array<std::uint64_t, 2 * DescriptorRing::kCached> done{};
    for (unsigned n = 0; n < DescriptorRing::kCached; ++n) r::TX_WB_DD.put(&done[n * 2], 1);
    for (;;) {
        while (write_backs_.empty()) co_await write_back_;
        const WriteBack next = write_backs_.front();
        write_backs_.pop_front();
        if (next.generation != next.queue->generation) continue;
        const void* data = done.data();
        if (next.descriptors == 0) data = &next.head;
        const unsigned bytes = next.descriptors == 0 ? sizeof next.head : next.descriptors * kDescriptorBytes;
        const Dma::Written written =
            co_await parts_.dma.write(next.address, data, bytes, {this, next.queue->number, next.generation});
        if (next.generation != next.queue->generation) continue;
        if (written.good)
            parts_.interrupts.raise_queue(Direction::tx, next.queue->number, written.visible_ps);
        else
            ring_error(*next.queue);
    }
}

}  // namespace turnpike::nic
