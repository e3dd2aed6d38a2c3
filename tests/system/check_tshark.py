#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wireshark's opinion on what a run sent: check_tshark.py SCENARIO OUT

Every frame that left has a right IP header checksum and its port's source MAC, and the packets that
left are those that arrived for the router with a TTL that is one more. Exit status 77: tshark is not installed.
"""
import collections
import os
import shutil
import subprocess
import sys

from scenario_facts import Facts

SKIPPED = 77
GOOD = "1"  # ip.checksum.status
IDENTITY = ["ip.src", "ip.dst", "ip.id", "ip.frag_offset", "ip.flags.mf", "ip.proto", "ip.len", "ip.dsfield"]


def fields(capture, names, display_filter="frame"):
    """One tuple a frame: the outermost occurrence of each field."""
    command = ["tshark", "-n", "-r", capture, "-o", "ip.check_checksum:TRUE", "-o", "ip.defragment:FALSE"]
    command += ["-Y", display_filter, "-T", "fields", "-E", "occurrence=f", "-E", "separator=/t"]
    for name in names:
        command += ["-e", name]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [tuple(line.split("\t")) for line in lines]


def mac_text(mac):
    return ":".join(f"{byte:02x}" for byte in mac)


def check_port(port, capture):
    errors = []
    for source, status, *_ in fields(capture, ["eth.src", "ip.checksum.status"]):
        if source != mac_text(port.mac) or status != GOOD:
            errors.append(f"{port.name}: source {source}, IP checksum status {status}")
    return errors


def main():
    if not shutil.which("tshark"):
        print("skipped: tshark is not installed")
        return SKIPPED
    directory, out = sys.argv[1:]
    facts = Facts(directory)
    errors, sent, arrived = [], collections.Counter(), collections.Counter()
    for port in facts.ports:
        capture = os.path.join(out, port.tx)
        errors += check_port(port, capture)
        sent.update((*identity, int(ttl) + 1) for *identity, ttl in fields(capture, IDENTITY + ["ip.ttl"]))
        if port.rx:
            mine = f"eth.dst == {mac_text(port.mac)} && ip.ttl > 1 && ip.checksum.status == 1"
            rows = fields(os.path.join(directory, port.rx), IDENTITY + ["ip.ttl"], mine)
            arrived.update((*identity, int(ttl)) for *identity, ttl in rows)
    errors += [f"left, but did not arrive so: {packet}" for packet in list(sent - arrived)[:3]]
    errors += [f"arrived for the router, but did not leave: {packet}" for packet in list(arrived - sent)[:3]]
    print(f"{sum(sent.values())} packets left, {sum(arrived.values())} arrived for the router")
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors or not sent else 0


if __name__ == "__main__":
    sys.exit(main())
