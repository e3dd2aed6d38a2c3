// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/prefetchers.h"

#include <algorithm>
#include <cstdlib>

namespace turnpike::cpu {

StridePrefetcher::StridePrefetcher(u64 entries, u64 distance)
    : distance_(static_cast<i64>(distance)),
      follows_(entries != 0),
      rows_(std::max<u64>(entries, 1)),
      entries_(rows_) {}

u64 StridePrefetcher::moved(u64 pc, u64 line) {
    if (!follows_) return kNoLine;
    Entry& entry = entries_[row_of(pc)];
    const i64 stride = static_cast<i64>(line - entry.line);
    entry.line = line;
    if (stride != entry.stride) {
        entry.stride = stride;
        entry.seen = 0;
        return kNoLine;
    }
    if (entry.seen < kSure && ++entry.seen < kSure) return kNoLine;
    const u64 wanted = line + static_cast<u64>(stride * distance_);
    return same_page(wanted, line) ? wanted : kNoLine;
}

StreamPrefetcher::StreamPrefetcher(u64 trackers, u64 distance, u64 degree)
    : distance_(static_cast<i64>(distance)), degree_(static_cast<i64>(degree)), trackers_(trackers) {
    wanted_.reserve(degree);
}

StreamPrefetcher::Tracker& StreamPrefetcher::tracker_of(u64 page) {
    u64& guess = guesses_[page % kGuesses];
    if (trackers_[guess].page == page) return trackers_[guess];
    u64 oldest = 0;
    for (u64 at = 0; at < trackers_.size(); ++at) {
        if (trackers_[at].page == page) return trackers_[guess = at];
        if (trackers_[at].used < trackers_[oldest].used) oldest = at;
    }
    return trackers_[guess = oldest];
}

std::span<const u64> StreamPrefetcher::touched(u64 line) {
    wanted_.clear();
    if (trackers_.empty()) return wanted_;
    const u64 page = line / kLinesOfPage;
    const i64 at = static_cast<i64>(line % kLinesOfPage);
    Tracker& tracker = tracker_of(page);
    if (tracker.page != page) tracker = {page, at, at, 0, 0, 0};
    tracker.used = ++clock_;
    const i64 step = at - tracker.last;
    if (step == 0) return wanted_;
    const i64 direction = step > 0 ? 1 : -1;
    const bool goes_on = direction == tracker.direction && std::abs(step) <= kNear;
    if (goes_on) {
        tracker.seen = static_cast<u8>(std::min<int>(tracker.seen + 1, kSure));
    } else {
        tracker.direction = direction;
        tracker.seen = std::abs(step) <= kNear ? 1 : 0;
        tracker.ahead = at;
    }
    tracker.last = at;
    if (tracker.seen >= kSure) ask(tracker, page);
    return wanted_;
}

void StreamPrefetcher::ask(Tracker& tracker, u64 page) {
    const i64 way = tracker.direction;
    // The stream may have overtaken what was asked for.
    if ((tracker.last - tracker.ahead) * way > 0) tracker.ahead = tracker.last;
    for (i64 count = 0; count < degree_; ++count) {
        const i64 next = tracker.ahead + way;
        if ((next - tracker.last) * way > distance_ || next < 0 || next >= static_cast<i64>(kLinesOfPage)) return;
        tracker.ahead = next;
        wanted_.push_back(page * kLinesOfPage + static_cast<u64>(next));
    }
}

}  // namespace turnpike::cpu
