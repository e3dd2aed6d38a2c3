// SPDX-License-Identifier: Apache-2.0
#include "bench/mutated/traffic.h"

#include <algorithm>

namespace turnpike::mutated {

namespace fs = std::filesystem;

namespace {

/// Enough to have every kind of a long capture; a whole one would only take memory in each worker.
constexpr std::size_t kMostOfOne = 2000;

std::vector<fs::path> sorted(const fs::path& folder) {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<Bytes> frames_of(const fs::path& folder) {
    std::vector<Bytes> frames;
    if (!fs::is_directory(folder / "in")) return frames;
    for (const fs::path& file : sorted(folder / "in")) {
        CaptureOptions options;
        options.allow_snapped = true;
        for (CapturedFrame& frame : read_capture(file, options).frames)
            if (!frame.bytes.empty() && frames.size() < kMostOfOne) frames.push_back(std::move(frame.bytes));
    }
    return frames;
}

/// ns to the next frame of all ports together. A core keeps up with one every 2 us or so; bursts fill the rings, pauses
/// let timers run.
std::uint64_t gap_ns(Random& random) {
    constexpr std::uint64_t kUsual = 5000, kPause = 1'000'000, kRetry = 1'100'000'000, kReassembly = 31'000'000'000;
    if (random.one_in(20'000)) return kReassembly;
    if (random.one_in(2'000)) return kRetry;
    if (random.one_in(500)) return kPause;
    return random.one_in(8) ? 0 : random.below(kUsual);
}

class Maker {
  public:
    Maker(const std::vector<Router>& routers, const Router& router, const std::vector<Mac>& ports, Random& random)
        : routers_(routers), router_(router), ports_(ports), random_(random), captures_(ports.size()) {}

    /// One frame, or the pieces of one, or one several times.
    void add() {
        const std::size_t port = random_.below(ports_.size());
        Bytes frame = pick();
        if (!random_.one_in(16)) mutate(frame, pick(), random_);
        if (!random_.one_in(8)) mend_ip(frame);
        if (!random_.one_in(4)) mend_transport(frame);
        if (!random_.one_in(8)) std::copy_n(address(port), std::min(frame.size(), sizeof(Mac)), frame.begin());
        if (random_.one_in(12)) {
            for (Bytes& piece : fragments(frame, random_)) send(port, std::move(piece));
        } else {
            if (random_.one_in(32)) send(port, frame);
            send(port, std::move(frame));
        }
    }
    std::uint64_t made() const { return made_; }
    std::vector<Capture> take() { return std::move(captures_); }

  private:
    const Bytes& pick() {
        const Router* from = &router_;
        while (from->frames.empty() || (from == &router_ && random_.one_in(4)))
            from = &routers_[random_.below(routers_.size())];
        return from->frames[random_.below(from->frames.size())];
    }
    const std::uint8_t* address(std::size_t port) {
        static constexpr Mac kAll = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, kGroup = {1, 0, 0x5E, 0, 0, 1};
        if (!random_.one_in(8)) return ports_[port].data();
        return random_.one_in(2) ? kAll.data() : kGroup.data();
    }
    void send(std::size_t port, Bytes frame) {
        time_ns_ += gap_ns(random_);
        const auto bytes = static_cast<std::uint32_t>(frame.size());
        captures_[port].frames.push_back({time_ns_, bytes, std::move(frame)});
        ++made_;
    }

    const std::vector<Router>& routers_;
    const Router& router_;
    const std::vector<Mac>& ports_;
    Random& random_;
    std::vector<Capture> captures_;
    std::uint64_t time_ns_ = 10'000;
    std::uint64_t made_ = 0;
};

}  // namespace

std::vector<Router> find_routers(const std::vector<fs::path>& folders) {
    std::vector<Router> routers;
    for (const fs::path& folder : folders)
        for (const fs::path& scenario : sorted(folder))
            if (fs::exists(scenario / "scenario.toml")) routers.push_back({scenario, frames_of(scenario)});
    return routers;
}

std::vector<Capture> make_traffic(const std::vector<Router>& routers, const Router& router,
                                  const std::vector<Mac>& ports, std::uint64_t frames, Random& random) {
    Maker maker(routers, router, ports, random);
    while (maker.made() < frames) maker.add();
    return maker.take();
}

}  // namespace turnpike::mutated
