#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows what went into a router and what came out: trace.py IN OUT, two folders with ethN.pcap.

A line for each frame in the order of time; what left is indented behind an arrow.
"""
import os
import struct
import sys

ICMP_NAMES = {0: "echo-reply", 3: "unreachable", 4: "source-quench", 5: "redirect", 8: "echo-request", 11: "time-exceeded",
              12: "parameter-problem", 13: "timestamp-request", 14: "timestamp-reply"}
ICMP_ERRORS = (3, 4, 5, 11, 12)


def read_pcap(path):
    """Nanosecond captures in little-endian, as this project writes them."""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        seconds, nanoseconds, length = struct.unpack_from("<III", data, at)
        yield seconds + nanoseconds / 1e9, data[at + 16:at + 16 + length]
        at += 16 + length


def dotted(data):
    return ".".join(str(byte) for byte in data)


def word(data, at):
    return struct.unpack_from(">H", data, at)[0]


def short_mac(data):
    return data.hex(":") if data[0] & 1 else data[3:].hex(":")


def describe_icmp(data):
    text = f"ICMP {data[0]}/{data[1]} {ICMP_NAMES.get(data[0], '')}"
    if data[0] not in ICMP_ERRORS:
        return text + f" id {word(data, 4)} seq {word(data, 6)} len {len(data) - 8}"
    if data[0] == 3 and data[1] == 4:
        text += f" mtu {word(data, 6)}"
    if data[0] == 5:
        text += f" to {dotted(data[4:8])}"
    if data[0] == 12:
        text += f" pointer {data[4]}"
    return text + f" {{{describe_ip(data[8:])} quoted {len(data) - 8}}}"


def describe_transport(proto, data):
    if proto == 1 and len(data) >= 8:
        return describe_icmp(data)
    if proto == 6 and len(data) >= 20:
        flags = "".join(letter for bit, letter in enumerate("FSRPAU") if data[13] >> bit & 1)
        seq, ack = struct.unpack_from(">II", data, 4)
        return f"TCP {word(data, 0)}>{word(data, 2)} [{flags}] seq {seq} ack {ack} win {word(data, 14)} len {len(data) - 4 * (data[12] >> 4)}"
    if proto == 17 and len(data) >= 8:
        return f"UDP {word(data, 0)}>{word(data, 2)} len {len(data) - 8}"
    return f"proto {proto} len {len(data)}"


def describe_ip(data):
    if len(data) < 20:
        return f"IP cut to {len(data)} bytes"
    header = 4 * (data[0] & 15)
    fragment = word(data, 6)
    text = f"{dotted(data[12:16])}>{dotted(data[16:20])} ttl {data[8]} tos {data[1]:02x} id {word(data, 4)}"
    text += " DF" if fragment & 0x4000 else ""
    text += " MF" if fragment & 0x2000 else ""
    if header > 20:
        text += f" options {data[20:header].hex()}"
    payload = data[header:word(data, 2)]
    if fragment & 0x1fff:
        return text + f" offset {8 * (fragment & 0x1fff)} proto {data[9]} len {len(payload)}"
    return text + " " + describe_transport(data[9], payload)


def describe_arp(data):
    sender, target = dotted(data[14:18]), dotted(data[24:28])
    if word(data, 6) == 1:
        return f"ARP who-has {target} tell {sender} ({data[8:14].hex(':')})"
    return f"ARP {word(data, 6)} {sender} is-at {data[8:14].hex(':')} (to {target} {data[18:24].hex(':')})"


def describe(frame):
    if len(frame) < 14:
        return f"{len(frame)} bytes"
    text = f"{short_mac(frame[6:12])}>{short_mac(frame[:6])} "
    kind = word(frame, 12)
    if kind == 0x0800:
        return text + "IP " + describe_ip(frame[14:])
    if kind == 0x0806 and len(frame) >= 42:
        return text + describe_arp(frame[14:])
    return text + f"type {kind:04x} len {len(frame) - 14}"


def frames_of(folder, mark):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".pcap"):
            for time, frame in read_pcap(os.path.join(folder, name)):
                yield time, f"{mark}{name.removesuffix('.pcap')} {describe(frame)}"


def main():
    arrived, left = sys.argv[1:]
    # sorted() is stable: what left at the very time of an arrival is its answer
    for time, text in sorted([*frames_of(arrived, ""), *frames_of(left, "    -> ")], key=lambda each: each[0]):
        print(text if text.startswith(" ") else f"{time:.3f} {text}")


if __name__ == "__main__":
    main()
