#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A byte changed on purpose must be found: changed_byte.py TURNPIKE SCENARIO OUT WORK [--set …]

Takes the frames that a run sent as the expected ones, changes one byte of one frame, and wants `turnpike diff --expect`
to say "different" and to name port, frame and field.
"""
import os
import shutil
import struct
import subprocess
import sys

TTL_AT = 14 + 8  # Ethernet header, RFC 791 3.1
FRAME = 2


def change_ttl(path):
    """Adds one to the TTL of frame FRAME."""
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        at = 24
        for _ in range(FRAME):
            at += 16 + struct.unpack_from("<I", data, at + 8)[0]
        data[at + 16 + TTL_AT] ^= 0x40
        file.seek(0)
        file.write(data)


def main():
    turnpike, scenario, out, work, *options = sys.argv[1:]
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    for name in os.listdir(out):
        if name.endswith(".pcap"):
            shutil.copy(os.path.join(out, name), work)
    command = [turnpike, "diff", scenario, "--expect", work, *options]
    same = subprocess.run(command, capture_output=True, text=True)
    change_ttl(os.path.join(work, "eth1.pcap"))
    changed = subprocess.run(command, capture_output=True, text=True)
    print(changed.stdout, changed.stderr)
    wanted = ["eth1: a frame differs in ip.ttl\n", f"expected frame {FRAME}: ", f"turnpike frame {FRAME}: ", "different\n"]
    missing = [text for text in wanted if text not in changed.stdout]
    if same.returncode != 0 or changed.returncode != 1 or missing:
        print(f"exit status {same.returncode} and {changed.returncode}, wanted 0 and 1; not said: {missing}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
