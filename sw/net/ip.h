// SPDX-License-Identifier: Apache-2.0
// The packet path's functions, in the order in which a packet meets them; each has a file named after its stage.
#pragma once
#include "sw/kernel/counters.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/ip_options.h"
#include "sw/net/netfilter.h"
#include "sw/net/route.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw {

using regs::Snmp;

/// What the IP layer remembers of a packet (Linux struct inet_skb_parm). Zero in a packet fresh from alloc_skb.
struct inet_skb_parm {
    ip_options opt;
    u16 flags;          ///< IPSKB_*
    u16 frag_max_size;  ///< of a reassembled packet: its longest fragment; 0: it came whole
};
/// The packet was cut here: pieces of it that come back are no others' (ip_frag_too_far).
inline constexpr u16 IPSKB_FRAG_COMPLETE = 0x8;
/// May be cut though it has DF, into pieces as long as those it came in (Linux skb->ignore_df): put together on its way
/// by conntrack.
inline constexpr u16 IPSKB_IGNORE_DF = 0x8000;
/// Fragments of it had DF: those that are made of it again get DF too.
inline constexpr u16 IPSKB_FRAG_PMTU = 0x40;
/// The packet goes back to the link it came from: ip_forward tells its sender the shorter way.
inline constexpr u16 IPSKB_DOREDIRECT = 0x20;
/// Its socket does not believe what was learnt of the path: it is cut to the device's MTU alone.
inline constexpr u16 IPSKB_DEVICE_MTU = 0x2000;
/// A multicast that came from elsewhere (ip_mr_input.cpp).
inline constexpr u16 IPSKB_FORWARDED = 0x1;
/// Its socket wants no copy of what it sends to groups (IP_MULTICAST_LOOP is off).
inline constexpr u16 IPSKB_NO_MC_LOOP = 0x200;
/// Route NAT rewrites the addresses (Linux 2.4: RTCF_SNAT, RTCF_DNAT).
inline constexpr u16 IPSKB_NAT = 0x100;
static_assert(sizeof(inet_skb_parm) <= sizeof(sk_buff::cb));

inline inet_skb_parm* IPCB(sk_buff* skb) { return reinterpret_cast<inet_skb_parm*>(skb->cb); }
/// Mark of what answers the packet (Linux IP4_REPLY_MARK).
inline u32 ip_reply_mark(const sk_buff* skb) { return sysctl(SysctlId::fwmark_reflect) != 0 ? skb->mark : 0; }
inline wire::Ipv4 ip_hdr(const sk_buff* skb) { return wire::Ipv4(skb->head + skb->network_header); }

// ip_input.cpp
STAGE void ip_rcv_finish(sk_buff* skb);
STAGE void ip_local_deliver(sk_buff* skb);
STAGE void ip_local_deliver_finish(sk_buff* skb);
/// Raw sockets: gets what is delivered here before the protocol does, and takes copies. True: somebody took one. The
/// packet stays the caller's. nullptr: there are none.
extern bool (*raw_local_deliver)(sk_buff* skb, u8 protocol);

// ip_ra.cpp
/// A raw socket that wants passing packets with a router alert (Linux struct ip_ra_chain).
struct ip_ra_chain {
    ip_ra_chain* next;
    sock* sk;
    u8 protocol;
    u32 bound_dev_if;                        ///< 0: from any device
    void (*rcv)(ip_ra_chain* ra, sk_buff*);  ///< takes the packet
};
/// 0 or -EEXIST; `ra` must outlive its registration.
int ip_ra_add(ip_ra_chain* ra);
int ip_ra_del(ip_ra_chain* ra);
/// True: sockets took the packet, which is not forwarded.
STAGE bool ip_call_ra_chain(sk_buff* skb);

// ip_forward.cpp
STAGE void ip_forward(sk_buff* skb);
STAGE void ip_forward_finish(sk_buff* skb);
// ip_tos2prio.cpp
/// skb->priority of a packet with this TOS.
u32 rt_tos2priority(u8 tos);
/// turnpike.tos_0x02_bulk: priority of the documents for TOS 0x02 or that of Linux 6.18.
void ip_tos_0x02_bulk(bool on);
// ip_redirect.cpp
/// Tells the sender of a forwarded packet that there is a shorter way, if it is time for that.
void ip_rt_send_redirect(sk_buff* skb);
// route_nat.cpp: rewrites the addresses of a packet with IPSKB_NAT. False: what should follow the header isn't there.
bool ip_do_nat(sk_buff* skb);
// ip_local_out.cpp: packets of this host.
/// The header is there but for total length and checksum; dst and priority are set. LOCAL_OUT, then the route's output;
/// routed anew when a hook changed what the route depends on (ip_route_me_harder).
STAGE void ip_local_out(sk_buff* skb);
/// Room before the transport header that a packet of this host needs: link and IP header without options.
inline constexpr u32 kLocalHeadroom = 16 + wire::kIpv4HeaderBytes;
/// Puts an IP header before the data and sends the packet (Linux ip_build_and_send_pkt). Identification: 0 with DF set,
/// else a fresh one for the destination.
void ip_build_and_send_pkt(sk_buff* skb, rtable* rt, const flowi4& flow, u8 ttl, bool dont_fragment);
/// Behind LOCAL_OUT.
STAGE void ip_queue_xmit2(sk_buff* skb);
// ip_queue_xmit.cpp
/// Sends a segment of a connected socket by the route that the socket keeps; the skb's data is at the transport header.
/// False: there is no route, and the packet is gone.
STAGE bool ip_queue_xmit(sock* sk, sk_buff* skb);
// ip_local_out.cpp
/// Identification of a packet of this host (Linux ip_select_ident without a socket's counter): 0 where it says nothing
/// (RFC 6864 4.1: DF is set, and the packet stays whole), else the next one for its addresses and protocol.
void ip_select_ident(wire::Ipv4 ip, bool ignore_df);
/// Writes a header without options; identification is ip_select_ident's, total length and checksum ip_local_out's.
void ip_fill_header(wire::Ipv4 ip, const flowi4& flow, u8 tos, u8 ttl, bool dont_fragment);
/// Chooses the route anew after the packet was changed on its way out; the source address stays. False: there is none.
bool ip_route_me_harder(sk_buff* skb);
void ip_local_out_init();

/// What a socket does about the MTU of the path (ip(7), IP_MTU_DISCOVER).
enum IpPmtudisc : u8 {
    IP_PMTUDISC_DONT,       ///< no DF
    IP_PMTUDISC_WANT,       ///< DF on what fits the path, longer packets in fragments
    IP_PMTUDISC_DO,         ///< DF on all; what does not fit is refused
    IP_PMTUDISC_PROBE,      ///< DF on all, up to the device's MTU whatever is known of the path
    IP_PMTUDISC_INTERFACE,  ///< no DF, nothing longer than the device's MTU, nothing is believed about the path
    IP_PMTUDISC_OMIT        ///< … but longer packets go in fragments
};
/// Linux ip_sk_ignore_df: what is longer is cut.
inline bool ip_ignore_df(u8 pmtudisc) { return pmtudisc < IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_OMIT; }
/// Linux ip_sk_use_pmtu, ip_sk_accept_pmtu.
inline bool ip_use_pmtu(u8 pmtudisc) { return pmtudisc < IP_PMTUDISC_PROBE; }
inline bool ip_accept_pmtu(u8 pmtudisc) { return pmtudisc < IP_PMTUDISC_INTERFACE; }
/// Linux ip_dont_fragment, of packets that fit.
inline bool ip_dont_fragment(u8 pmtudisc, const rtable* rt) {
    return pmtudisc == IP_PMTUDISC_DO || (pmtudisc == IP_PMTUDISC_WANT && !rt_mtu_locked(rt));
}

// ip_append.cpp: packets of this host from data that may be longer than a buffer.
/// How a packet of this host is to be sent (Linux struct ipcm_cookie).
struct ipcm_cookie {
    const ip_options_data* opt = nullptr;
    u32 addr = 0;  ///< with a source route: the end of the way, where the flow's destination is the first hop
    u8 tos = 0;
    u8 ttl = 0;     ///< 0: the system's
    u8 mc_ttl = 1;  ///< to groups (RFC 1112 6.1)
    u8 pmtudisc = IP_PMTUDISC_DONT;
    bool mc_loop = true;      ///< what goes to a group comes to this host's members as well
    bool icmp_reply = false;  ///< counted as an echo reply, whatever its type
    u32 mark = 0;
    u32 priority = 0;
    u16* ident = nullptr;  ///< a connected socket's own counter
};
/// Copies `bytes` bytes from `offset` on of what is being sent (Linux: getfrag).
using ip_getfrag = void (*)(const void* from, u32 offset, u8* to, u32 bytes);
/// An IP packet of `bytes` bytes behind the header; nullptr when it is too long (*error is -EMSGSIZE) or there are not
/// enough skbs (-ENOBUFS). What is longer than the MTU lies in pieces (frag_list) as ip_fragment will send them. The
/// transport header begins at transport_header.
sk_buff* ip_make_skb(rtable* rt, const flowi4& flow, const ipcm_cookie& ipc, ip_getfrag getfrag, const void* from,
                     u32 bytes, int* error);
/// The longest packet that such a socket sends in one piece.
u32 ip_append_mtu(rtable* rt, const flowi4& flow, u8 pmtudisc);
/// Largest packet for the flow: what ip_dst_mtu answers for a packet of it.
u32 ip_flow_mtu(rtable* rt, const flowi4& flow);
// ip_output.cpp
STAGE void ip_output(sk_buff* skb);
/// To many, of which this host may be one: a copy of the packet comes back.
STAGE void ip_mc_output(sk_buff* skb);
/// To a group by a route of a table.
void ip_mc_output_by_route(sk_buff* skb);
/// To a broadcast address by a route of a table: passed on, or of this host, which gets a copy.
void ip_broadcast_output(sk_buff* skb);
STAGE void ip_finish_output(sk_buff* skb);
/// 0, or -errno when the packet was dropped.
STAGE int ip_finish_output2(sk_buff* skb);
// ip_fragment.cpp: cuts the packet into pieces of at most `mtu` bytes and hands each to `output`.
using ip_output_fn = int (*)(sk_buff*);
STAGE void ip_fragment(sk_buff* skb, u32 mtu, ip_output_fn output);
/// True when the header's checksum is right; by the accelerator if that is switched on.
bool ip_checksum_ok(const u8* header, unsigned ihl);

/// Milliseconds since midnight Universal Time (Linux inet_current_timestamp; RFC 791 3.1, RFC 792): READY is midnight.
u32 inet_current_timestamp();

/// A protocol above IP (Linux 2.4 struct inet_protocol). The handler owns the skb, whose data is at the transport
/// header; the error handler looks at an ICMP message's skb, whose data is at the IP header of the packet that the
/// message is about; `info` is the message's MTU, pointer or gateway.
struct inet_protocol {
    void (*handler)(sk_buff*) = nullptr;
    void (*err_handler)(sk_buff*, u32 info) = nullptr;
    u8 protocol = 0;
    bool copy = false;                        ///< another one of the protocol stands behind it
    bool icmp_strict_tag_validation = false;  ///< checks that the quoted packet is one it has sent
    inet_protocol* next = nullptr;            ///< in its chain
};
/// `proto` must outlive its registration.
int inet_add_protocol(inet_protocol* proto);
int inet_del_protocol(inet_protocol* proto);
/// The first one for the protocol, and the one behind it; nullptr: none.
const inet_protocol* inet_protocol_of(u8 protocol);
const inet_protocol* inet_protocol_next(const inet_protocol* proto);
/// The end of a packet to this host that no socket waits for.
void inet_no_listener(sk_buff* skb);
void inet_protocols_init();

}  // namespace fw
