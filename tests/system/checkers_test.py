#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checkers themselves: a right output passes, each kind of wrong one fails."""
import contextlib
import io
import os
import struct
import sys
import tempfile
import unittest

import check_forwarding
from check_forwarding import checksum
from scenario_facts import mac_bytes

TOML = """
[[port]]
name = "eth0"
mac = "02:00:00:00:00:01"
rx = "in/eth0.pcap"
[[port]]
name = "eth1"
mac = "02:00:00:00:01:01"
"""
ROUTER = """
ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ip addr add 10.0.1.1/24 dev eth1
ip neigh add 10.0.1.2 lladdr 02:00:00:0b:01:02 dev eth1 nud permanent
ip route add 172.16.0.0/16 via 10.0.1.2
sysctl -w net.ipv4.ip_forward=1
"""
TO_ROUTER = mac_bytes("02:00:00:00:00:01") + mac_bytes("02:00:00:0a:00:02")
TO_HOST = mac_bytes("02:00:00:0b:01:02") + mac_bytes("02:00:00:00:01:01")


def udp(macs, ttl, ip_id, port=1000, destination=(10, 0, 1, 2), payload=b"hello"):
    segment = struct.pack("!HHHH", port, 53, 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), ip_id, 0, ttl, 17, 0) + bytes([10, 0, 0, 2, *destination])
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return macs + b"\x08\x00" + header + segment


def write_pcap(path, frames):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for index, frame in enumerate(frames):
            file.write(struct.pack("<IIII", 0, index, len(frame), len(frame)) + frame)


class CheckForwarding(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.directory = self.folder.name
        for name, text in (("scenario.toml", TOML), ("router.sh", ROUTER)):
            with open(os.path.join(self.directory, name), "w", encoding="utf-8") as file:
                file.write(text)
        arriving = [udp(TO_ROUTER, 64, 1), udp(TO_ROUTER, 64, 2), udp(TO_ROUTER, 1, 3), udp(TO_ROUTER, 9, 4, 7, (172, 16, 5, 5))]
        write_pcap(os.path.join(self.directory, "in/eth0.pcap"), arriving)
        self.right = [udp(TO_HOST, 63, 1), udp(TO_HOST, 63, 2), udp(TO_HOST, 8, 4, 7, (172, 16, 5, 5))]

    def status(self, sent, *options):
        out = os.path.join(self.directory, "out")
        write_pcap(os.path.join(out, "eth0.pcap"), [])
        write_pcap(os.path.join(out, "eth1.pcap"), sent)
        sys.argv = ["check_forwarding.py", self.directory, out, *options]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return check_forwarding.main()

    def test_the_right_output_passes(self):
        self.assertEqual(self.status(self.right), 0)

    def test_zero_padding_up_to_60_bytes_passes(self):
        self.assertEqual(self.status([frame.ljust(60, b"\0") for frame in self.right]), 0)

    def test_any_changed_byte_fails(self):
        for at in range(len(self.right[1])):
            broken = bytearray(self.right[1])
            broken[at] ^= 1
            self.assertEqual(self.status([self.right[0], bytes(broken), self.right[2]]), 1, f"byte {at}")

    def test_a_missing_frame_fails_unless_drops_are_allowed(self):
        self.assertEqual(self.status(self.right[1:]), 1)
        self.assertEqual(self.status(self.right[1:], "--drops"), 0)

    def test_a_frame_sent_twice_fails(self):
        self.assertEqual(self.status(self.right + self.right[:1]), 1)
        self.assertEqual(self.status(self.right + self.right[:1], "--drops"), 1)

    def test_a_frame_that_had_to_die_fails(self):
        self.assertEqual(self.status(self.right + [udp(TO_HOST, 0, 3)]), 1)

    def test_order_inside_a_flow_counts(self):
        self.assertEqual(self.status([self.right[1], self.right[0], self.right[2]]), 1)

    def test_order_across_flows_does_not_count(self):
        self.assertEqual(self.status([self.right[2], self.right[0], self.right[1]]), 0)

    def test_the_checksum_is_that_of_rfc_1071(self):
        self.assertEqual(checksum(bytes.fromhex("0001f203f4f5f6f7")), 0x220D)  # RFC 1071 section 3: sum ddf2


if __name__ == "__main__":
    unittest.main()
