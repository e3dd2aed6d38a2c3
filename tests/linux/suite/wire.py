# SPDX-License-Identifier: Apache-2.0
"""What hosts put on the wires of a scenario: frames.py of each scenario says who sends what when, in these words.

The hosts stand around the router as in the kernel's samples: port N has the MAC 02:00:00:00:NN:01 (NN in hexadecimal) and
the network 10.0.N.0/24; host 10.0.N.H behind it has the MAC 02:00:00:xx:NN:HH with xx = 0a + N.

    send("eth0", udp("10.0.0.2", "10.0.1.2"))              one millisecond after the one before, the first at 10 ms
    send("eth0", echo("10.0.0.2", "10.0.0.1"), at=1.5)      at 1.5 s
    send("eth0", packet, pad=60)                            an Ethernet frame is padded only when it is asked for

Every field of a header can be given, also wrong ones; what is not given is right.
"""
import struct

BROADCAST = "ff:ff:ff:ff:ff:ff"
ETHER_IP, ETHER_ARP = 0x0800, 0x0806
ICMP, IGMP, TCP, UDP = 1, 2, 6, 17
FIRST_TIME, STEP = 0.010, 0.001  # seconds

sent = []  # (time in s, port, frame)
_next_id = [1000]


# Addresses

def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def address(text):
    return bytes(int(part) for part in text.split("."))


def host(port, number):
    """The MAC of host 10.0.port.number."""
    return f"02:00:00:{0x0a + port:02x}:{port:02x}:{number:02x}"


def router(port):
    return f"02:00:00:00:{port:02x}:01"


def multicast(group):
    """RFC 1112 6.4: the group's low 23 bits."""
    low = address(group)
    return f"01:00:5e:{low[1] & 0x7f:02x}:{low[2]:02x}:{low[3]:02x}"


# Packets

def checksum(data):
    """RFC 1071"""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def pattern(data):
    """Bytes as they are, a number as that many bytes that tell their place."""
    return data if isinstance(data, bytes) else bytes((7 * i + 1) & 0xff for i in range(data))


def ip(src, dst, payload=b"", proto=UDP, ttl=64, tos=0, id=None, df=False, mf=False, reserved=False, offset=0,
       options=b"", version=4, header=None, total=None, header_csum=None):
    """RFC 791 3.1; offset in bytes, header (its length) in 32-bit words."""
    if id is None:
        id = _next_id[0]
        _next_id[0] += 1
    payload = pattern(payload)
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4
    flags = (reserved << 15) | (df << 14) | (mf << 13) | (offset // 8)
    fields = struct.pack(">BBHHHBBH", version << 4 | (words if header is None else header), tos,
                         4 * words + len(payload) if total is None else total, id, flags, ttl, proto, 0)
    whole = fields + address(src) + address(dst) + options
    if header_csum is None:
        header_csum = checksum(whole[:4 * header] if header and header >= 5 else whole)
    return whole[:10] + struct.pack(">H", header_csum) + whole[12:] + payload


def transport_sum(src, dst, proto, segment):
    """With the pseudo header of RFC 768 and 9293."""
    return checksum(address(src) + address(dst) + struct.pack(">BBH", 0, proto, len(segment)) + segment)


def udp(src, dst, sport=1111, dport=2222, data=40, csum=None, length=None, **header):
    data = pattern(data)
    segment = struct.pack(">HHHH", sport, dport, 8 + len(data) if length is None else length, 0) + data
    if csum is None:
        csum = transport_sum(src, dst, UDP, segment) or 0xffff
    return ip(src, dst, segment[:6] + struct.pack(">H", csum) + segment[8:], UDP, **header)


def tcp(src, dst, sport=1111, dport=80, flags="S", seq=1000, ack=0, window=65535, data=0, csum=None, data_offset=5,
        tcp_options=b"", **header):
    """flags: letters of FSRPAU; tcp_options: padded by hand."""
    data = pattern(data)
    bits = sum(1 << "FSRPAU".index(letter) for letter in flags)
    words = data_offset + len(tcp_options) // 4
    segment = struct.pack(">HHIIBBHHH", sport, dport, seq, ack, words << 4, bits, window, 0, 0) + tcp_options + data
    if csum is None:
        csum = transport_sum(src, dst, TCP, segment)
    return ip(src, dst, segment[:16] + struct.pack(">H", csum) + segment[18:], TCP, **header)


def icmp(src, dst, type, code=0, rest=b"\0\0\0\0", data=b"", csum=None, **header):
    message = struct.pack(">BBH", type, code, 0) + rest + pattern(data)
    if csum is None:
        csum = checksum(message)
    return ip(src, dst, message[:2] + struct.pack(">H", csum) + message[4:], ICMP, **header)


def echo(src, dst, ident=1, seq=1, data=32, type=8, code=0, **header):
    return icmp(src, dst, type, code, struct.pack(">HH", ident, seq), data, **header)


def igmp(src, dst, type, code=0, group="0.0.0.0", more=b"", csum=None, **header):
    """RFC 2236; a query of RFC 3376 has `more`."""
    message = struct.pack(">BBH", type, code, 0) + address(group) + more
    if csum is None:
        csum = checksum(message)
    return ip(src, dst, message[:2] + struct.pack(">H", csum) + message[4:], IGMP, **header)


def fragments(packet, *ends):
    """Cuts a packet at offsets of its payload: fragments(packet, 16, 48) makes three. Options go where RFC 791 wants."""
    header_bytes = 4 * (packet[0] & 15)
    payload, options = packet[header_bytes:], packet[20:header_bytes]
    cuts = [0, *ends, len(payload)]
    before = struct.unpack(">H", packet[6:8])[0]
    pieces = []
    for start, end in zip(cuts, cuts[1:]):
        flags = before & 0xe000 | (0x2000 if end < len(payload) else 0) | (before & 0x1fff) + start // 8
        kept = options if start == 0 else copied(options)
        fields = struct.pack(">BBHHHBBH", 0x45 + len(kept) // 4, packet[1], 20 + len(kept) + end - start,
                             struct.unpack(">H", packet[4:6])[0], flags, packet[8], packet[9], 0)
        whole = fields + packet[12:20] + kept
        pieces.append(whole[:10] + struct.pack(">H", checksum(whole)) + whole[12:] + payload[start:end])
    return pieces


# Options, RFC 791 3.1

def copied(options):
    """Those that every fragment carries: the first bit of their type is set."""
    kept, at = b"", 0
    while at < len(options) and options[at] != 0:
        length = 1 if options[at] == 1 else options[at + 1]
        if options[at] & 0x80:
            kept += options[at:at + length]
        at += length
    return kept + b"\0" * (-len(kept) % 4)


def addresses(texts):
    return b"".join(address(text) for text in texts)


def record_route(slots, filled=(), pointer=None):
    data = addresses(filled) + bytes(4 * (slots - len(filled)))
    return bytes([7, 3 + len(data), 4 + 4 * len(filled) if pointer is None else pointer]) + data


def source_route(hops, strict=False, pointer=4):
    return bytes([137 if strict else 131, 3 + 4 * len(hops), pointer]) + addresses(hops)


def timestamp(flag, slots, filled=b"", overflow=0, pointer=None):
    """flag 0: times; 1: addresses and times; 3: times of the addresses in `filled`, as addresses."""
    if flag == 3:
        data, pointer = b"".join(address(hop) + bytes(4) for hop in filled), pointer or 5
    else:
        data = filled + bytes((8 if flag else 4) * slots - len(filled))
        pointer = pointer or 5 + len(filled)
    return bytes([68, 4 + len(data), pointer, overflow << 4 | flag]) + data


ROUTER_ALERT = bytes([148, 4, 0, 0])  # RFC 2113
NOP = b"\1"


# ARP, RFC 826

def arp(operation, sender_mac, sender, target, target_mac="00:00:00:00:00:00", hardware=1, protocol=ETHER_IP, sizes=(6, 4)):
    return struct.pack(">HHBBH", hardware, protocol, *sizes, operation) + mac(sender_mac) + address(sender) + \
        mac(target_mac) + address(target)


def who_has(target, sender, sender_mac, **fields):
    return arp(1, sender_mac, sender, target, **fields)


def is_at(sender, sender_mac, target, target_mac, **fields):
    return arp(2, sender_mac, sender, target, target_mac, **fields)


# Wires

def send(port, packet, at=None, src=None, dst=None, type=None, pad=0):
    """Puts a packet (or a list of them) on a port's wire; hosts are number 2 there and send to the router."""
    if isinstance(packet, list):
        for each in packet:
            send(port, each, at, src, dst, type, pad)
        return
    number = int(port.removeprefix("eth"))
    if at is None:
        at = sent[-1][0] + STEP if sent else FIRST_TIME
    frame = mac(dst or router(number)) + mac(src or host(number, 2)) + struct.pack(">H", type or ETHER_IP) + packet
    sent.append((at, port, frame.ljust(pad, b"\0")))


def send_arp(port, packet, dst=BROADCAST, **fields):
    send(port, packet, dst=dst, type=ETHER_ARP, **fields)
