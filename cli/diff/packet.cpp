// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/packet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace turnpike::diff {
namespace {

struct FieldShape {
    std::size_t bytes;
    std::string_view name;
};
constexpr std::array kEthernetFields{FieldShape{6, "eth.dst"}, FieldShape{6, "eth.src"}, FieldShape{2, "eth.type"}};
// RFC 791 3.1
constexpr std::array kIpFields{FieldShape{1, "ip.version_ihl"}, FieldShape{1, "ip.tos"},  FieldShape{2, "ip.len"},
                               FieldShape{2, "ip.id"},          FieldShape{2, "ip.frag"}, FieldShape{1, "ip.ttl"},
                               FieldShape{1, "ip.proto"},       FieldShape{2, "ip.csum"}, FieldShape{4, "ip.src"},
                               FieldShape{4, "ip.dst"}};
constexpr std::array kTcpFields{
    FieldShape{2, "tcp.srcport"}, FieldShape{2, "tcp.dstport"}, FieldShape{4, "tcp.seq"},
    FieldShape{4, "tcp.ack"},     FieldShape{1, "tcp.hdr_len"}, FieldShape{1, "tcp.flags"},
    FieldShape{2, "tcp.window"},  FieldShape{2, "tcp.csum"},    FieldShape{2, "tcp.urgent"}};
constexpr std::array kUdpFields{FieldShape{2, "udp.srcport"}, FieldShape{2, "udp.dstport"}, FieldShape{2, "udp.len"},
                                FieldShape{2, "udp.csum"}};
// RFC 791 again, of the packet that an ICMP error quotes
constexpr std::array kQuoteFields{FieldShape{1, "quote.version_ihl"}, FieldShape{1, "quote.tos"},
                                  FieldShape{2, "quote.len"},         FieldShape{2, "quote.id"},
                                  FieldShape{2, "quote.frag"},        FieldShape{1, "quote.ttl"},
                                  FieldShape{1, "quote.proto"},       FieldShape{2, "quote.csum"},
                                  FieldShape{4, "quote.src"},         FieldShape{4, "quote.dst"}};
constexpr std::array kIcmpFields{FieldShape{1, "icmp.type"}, FieldShape{1, "icmp.code"}, FieldShape{2, "icmp.csum"},
                                 FieldShape{2, "icmp.id"}, FieldShape{2, "icmp.seq"}};
// RFC 826, Ethernet and IPv4
constexpr std::array kArpFields{
    FieldShape{2, "arp.hw_type"},    FieldShape{2, "arp.proto_type"}, FieldShape{1, "arp.hw_size"},
    FieldShape{1, "arp.proto_size"}, FieldShape{2, "arp.opcode"},     FieldShape{6, "arp.src_hw"},
    FieldShape{4, "arp.src_proto"},  FieldShape{6, "arp.dst_hw"},     FieldShape{4, "arp.dst_proto"}};

/// Adds fields one behind the other, as far as the frame goes.
class Layout {
  public:
    explicit Layout(std::size_t frame_bytes) : end_(frame_bytes) {}
    void add(std::size_t bytes, std::string_view name) {
        const std::size_t fits = std::min(bytes, end_ - at_);
        if (fits > 0) fields_.push_back({at_, fits, name});
        at_ += fits;
    }
    void add(std::span<const FieldShape> shapes) {
        for (const FieldShape& shape : shapes) add(shape.bytes, shape.name);
    }
    void add_up_to(std::size_t offset, std::string_view name) {
        if (offset > at_) add(offset - at_, name);
    }
    std::size_t at() const { return at_; }
    std::vector<Field> take() { return std::move(fields_); }

  private:
    std::size_t end_;
    std::size_t at_ = 0;
    std::vector<Field> fields_;
};

void add_transport(Layout& layout, Bytes frame, const Ipv4View& ip) {
    const bool has_header = (be16(frame, kEthernetHeader + 6) & 0x1FFF) == 0;
    if (has_header && ip.protocol == kTcp) {
        layout.add(kTcpFields);
        const std::size_t offset_byte = ip.payload() + 12;
        if (offset_byte < ip.packet_end) layout.add_up_to(ip.payload() + (frame[offset_byte] >> 4) * 4U, "tcp.options");
    } else if (has_header && ip.protocol == kUdp) {
        layout.add(kUdpFields);
    } else if (has_header && ip.protocol == kIcmp) {
        layout.add(kIcmpFields);
        if (const auto quote = icmp_quote(frame)) {
            layout.add(kQuoteFields);
            layout.add_up_to(quote->transport(), "quote.options");
            layout.add_up_to(ip.packet_end, "quote.payload");
        }
    }
    layout.add_up_to(ip.packet_end, "payload");
    layout.add_up_to(frame.size(), "padding");
}

std::string dotted(Bytes frame, std::size_t at) {
    return fmt::format("{}.{}.{}.{}", frame[at], frame[at + 1], frame[at + 2], frame[at + 3]);
}

std::string transport_key(Bytes frame, const Ipv4View& ip) {
    const std::size_t at = ip.payload();
    if (ip.fragment) return fmt::format("fragment {}", be16(frame, kEthernetHeader + 4));
    if (ip.protocol == kIcmp && at + 8 <= ip.packet_end) {
        const std::uint8_t type = frame[at];
        return icmp_has_id(type) ? fmt::format("icmp type {} id {}", type, be16(frame, at + 4))
                                 : fmt::format("icmp type {}", type);
    }
    if ((ip.protocol == kTcp || ip.protocol == kUdp) && at + 4 <= ip.packet_end) {
        return fmt::format("{} {} > {}", ip.protocol == kTcp ? "tcp" : "udp", be16(frame, at), be16(frame, at + 2));
    }
    return fmt::format("protocol {}", ip.protocol);
}

}  // namespace

std::uint16_t ether_type(Bytes frame) { return frame.size() < kEthernetHeader ? 0 : be16(frame, 12); }

std::optional<Ipv4View> ipv4_view(Bytes frame) {
    if (ether_type(frame) != kEtherIpv4 || frame.size() < kEthernetHeader + 20) return std::nullopt;
    if (frame[kEthernetHeader] >> 4 != 4) return std::nullopt;
    const std::size_t header_bytes = (frame[kEthernetHeader] & 0x0F) * 4U;
    const std::size_t total_bytes = be16(frame, kEthernetHeader + 2);
    if (header_bytes < 20 || total_bytes < header_bytes || kEthernetHeader + total_bytes > frame.size()) {
        return std::nullopt;
    }
    return Ipv4View{header_bytes, kEthernetHeader + total_bytes, frame[kEthernetHeader + 9],
                    (be16(frame, kEthernetHeader + 6) & 0x3FFF) != 0};
}

bool icmp_has_id(std::uint8_t type) { return type == 0 || type == 8 || (type >= 13 && type <= 18); }

std::optional<std::size_t> transport_id_at(Bytes frame, const Ipv4View& ip) {
    const std::size_t at = ip.payload();
    if (later_fragment(frame)) return std::nullopt;
    if ((ip.protocol == kTcp || ip.protocol == kUdp) && at + 2 <= ip.packet_end) return at;
    if (ip.protocol == kIcmp && at + 6 <= ip.packet_end && icmp_has_id(frame[at])) return at + 4;
    return std::nullopt;
}

std::optional<Quote> icmp_quote(Bytes frame) {
    constexpr std::array<std::uint8_t, 5> kErrors{3, 4, 5, 11, 12};
    const auto ip = ipv4_view(frame);
    if (!ip || ip->fragment || ip->protocol != kIcmp || ip->payload() + 8 + 20 > ip->packet_end) return std::nullopt;
    if (std::find(kErrors.begin(), kErrors.end(), frame[ip->payload()]) == kErrors.end()) return std::nullopt;
    const std::size_t at = ip->payload() + 8;
    const std::size_t header_bytes = (frame[at] & 0x0F) * 4U;
    if (header_bytes < 20 || at + header_bytes > ip->packet_end) return std::nullopt;
    return Quote{at, header_bytes, frame[at + 9]};
}

std::vector<Field> decode_fields(Bytes frame) {
    Layout layout(frame.size());
    layout.add(kEthernetFields);
    if (const auto ip = ipv4_view(frame)) {
        layout.add(kIpFields);
        layout.add_up_to(ip->payload(), "ip.options");
        add_transport(layout, frame, *ip);
    } else if (ether_type(frame) == kEtherArp) {
        layout.add(kArpFields);
        layout.add_up_to(frame.size(), "padding");
    } else {
        layout.add_up_to(frame.size(), "data");
    }
    return layout.take();
}

std::string_view field_at(std::span<const Field> fields, std::size_t offset) {
    for (const Field& field : fields) {
        if (offset >= field.offset && offset < field.offset + field.bytes) return field.name;
    }
    return "length";
}

std::string address_pair(Bytes frame) {
    return fmt::format("{} > {}", dotted(frame, kIpSource), dotted(frame, kIpDestination));
}

std::string flow_key(Bytes frame) {
    const auto ip = ipv4_view(frame);
    if (!ip) return fmt::format("type {:#06x}", ether_type(frame));
    return fmt::format("{} {}", address_pair(frame), transport_key(frame, *ip));
}

std::string describe(Bytes frame) {
    const auto ip = ipv4_view(frame);
    if (!ip) return fmt::format("{}, {} bytes", flow_key(frame), frame.size());
    return fmt::format("{}, ttl {}, tos {:#04x}, ip id {}, {} bytes", flow_key(frame), frame[kEthernetHeader + 8],
                       frame[kEthernetHeader + 1], be16(frame, kEthernetHeader + 4), frame.size());
}

}  // namespace turnpike::diff
