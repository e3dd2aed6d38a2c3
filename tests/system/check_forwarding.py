#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent router of a few lines, to check what a run sent: check_forwarding.py SCENARIO OUT [--drops]

Works out from in/*.pcap and router.sh which frames must leave which port and with which bytes (TTL less one, header
checksum summed anew, MACs rewritten, all else untouched) and compares with OUT/*.pcap: no frame more, none less, in
order inside each flow. With --drops frames may be missing (an overloaded router), nothing else.
"""
import collections
import ipaddress
import os
import struct
import sys

from captures import read_pcap
from scenario_facts import Facts

ETHERNET = 14
# RFC 1122 3.2.1.3; Linux forwards 240/4 but for the limited broadcast.
UNFORWARDABLE = [ipaddress.ip_network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255")]


def checksum(header):
    """RFC 1071, over 16-bit words in network order."""
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(frame):
    """(header bytes, the packet without padding) when the frame carries a sound IPv4 packet, else None."""
    if len(frame) < ETHERNET + 20 or frame[12:14] != b"\x08\x00":
        return None
    header = (frame[ETHERNET] & 15) * 4
    total = struct.unpack_from("!H", frame, ETHERNET + 2)[0]
    if frame[ETHERNET] >> 4 != 4 or header < 20 or total < header or ETHERNET + total > len(frame):
        return None
    packet = frame[ETHERNET : ETHERNET + total]
    return (header, packet) if checksum(packet[:header]) == 0 else None


def address(packet, at):
    return ipaddress.ip_address(packet[at : at + 4])


def flow(packet):
    header, protocol = (packet[0] & 15) * 4, packet[9]
    if struct.unpack_from("!H", packet, 6)[0] & 0x3FFF:
        return packet[12:20], protocol, "fragment", packet[4:6]
    if protocol in (6, 17):
        return packet[12:20], protocol, packet[header : header + 4]
    if protocol == 1:
        return packet[12:20], protocol, packet[header], packet[header + 4 : header + 6]
    return packet[12:20], protocol


def forward(facts, port, frame):
    """(egress port's name, the frame that must leave it without padding), or None for a frame that goes nowhere."""
    sound = ip_packet(frame)
    if frame[:6] != port.mac or not sound:
        return None
    header, packet = sound
    source, destination = address(packet, 12), address(packet, 16)
    if packet[8] <= 1 or destination in facts.local:
        return None
    if any(destination in network or source in network for network in UNFORWARDABLE):
        return None
    found = facts.route(destination)
    if not found or found not in {(hop, device) for device, hop in facts.neighbours}:
        return None
    hop, device = found
    egress = next(each for each in facts.ports if each.name == device)
    if len(packet) > egress.mtu:
        raise SystemExit(f"{port.name}: a packet of {len(packet)} bytes for {device}: fragmentation is not checked here")
    start = packet[:8] + bytes([packet[8] - 1]) + packet[9:10]
    summed = checksum(start + b"\0\0" + packet[12:header])
    macs = facts.neighbours[device, hop] + egress.mac
    return device, macs + b"\x08\x00" + start + struct.pack("!H", summed) + packet[12:]


def expected_output(facts, directory):
    arrivals = []
    for index, port in enumerate(facts.ports):
        if port.rx:
            arrivals += [(time, index, frame) for time, frame in read_pcap(os.path.join(directory, port.rx))]
    arrivals.sort(key=lambda arrival: arrival[:2])
    output = {port.name: [] for port in facts.ports}
    for _, index, frame in arrivals:
        sent = forward(facts, facts.ports[index], frame)
        if sent:
            output[sent[0]].append(sent[1])
    return output, len(arrivals)


def without_padding(frame):
    """The frame as its IP packet ends, when what follows is zeros up to 60 bytes."""
    sound = ip_packet(frame)
    end = ETHERNET + len(sound[1]) if sound else len(frame)
    return frame[:end] if len(frame) <= 60 and not any(frame[end:]) else frame


def by_flow(frames):
    flows = collections.defaultdict(list)
    for frame in frames:
        flows[flow(frame[ETHERNET:])].append(frame)
    return flows


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(any(frame == other for other in rest) for frame in part)


def check_port(name, expected, sent, drops):
    """Errors of one port, as texts."""
    errors = []
    for index, frame in enumerate(sent):
        if not ip_packet(frame):
            errors.append(f"{name} frame {index}: not a sound IPv4 packet: {frame[:40].hex()}")
    sent = [without_padding(frame) for frame in sent]
    missing = collections.Counter(expected) - collections.Counter(sent)
    extra = collections.Counter(sent) - collections.Counter(expected)
    for frame in list(extra)[:3]:
        errors.append(f"{name} sent what it should not: {frame[:60].hex()}")
    if not drops:
        errors += [f"{name} did not send: {frame[:60].hex()}" for frame in list(missing)[:3]]
    if errors:
        return errors
    wanted = by_flow(expected)
    for key, frames in by_flow(sent).items():
        if not is_subsequence(frames, wanted[key]):
            errors.append(f"{name}: out of order in the flow {key}")
    return errors


def main():
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    directory, out = arguments
    drops = "--drops" in sys.argv
    facts = Facts(directory)
    expected, arrived = expected_output(facts, directory)
    errors = []
    for port in facts.ports:
        sent = [frame for _, frame in read_pcap(os.path.join(out, port.tx))]
        errors += check_port(port.name, expected[port.name], sent, drops)
        print(f"{port.name}: {len(sent)} frames sent, {len(expected[port.name])} expected")
    if not any(expected.values()):
        errors.append("no frame of this scenario can be forwarded: nothing was checked")
    print(f"{arrived} frames arrived")
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
