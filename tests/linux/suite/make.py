#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a scenario that `turnpike` can run: make.py SCENARIO OUT

OUT gets scenario.toml and router.sh of the folder SCENARIO, and in/ethN.pcap made from its frames.py (wire.py has the
words). Python's standard library is enough.
"""
import os
import shutil
import struct
import sys
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire

PCAP_NANOSECONDS, ETHERNET, SNAPLEN = 0xa1b23c4d, 1, 0xffff


def run_frames(scenario):
    """What the scenario's hosts send: (time, port, frame), in the order in which frames.py says it."""
    path = os.path.join(scenario, "frames.py")
    words = {name: value for name, value in vars(wire).items() if not name.startswith("_")}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), words)
    return wire.sent


def write_pcap(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", PCAP_NANOSECONDS, 2, 4, 0, 0, SNAPLEN, ETHERNET))
        for time, frame in frames:
            nanoseconds = round(time * 1e9)
            file.write(struct.pack("<IIII", nanoseconds // 10**9, nanoseconds % 10**9, len(frame), len(frame)) + frame)


def main():
    scenario, out = sys.argv[1:]
    frames = run_frames(scenario)
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(os.path.join(out, "in"))
    for name in ("scenario.toml", "router.sh"):
        shutil.copy(os.path.join(scenario, name), out)
    with open(os.path.join(scenario, "scenario.toml"), "rb") as file:
        ports = [port["name"] for port in tomllib.load(file)["port"]]
    unknown = {port for _, port, _ in frames} - set(ports)
    if unknown:
        sys.exit(f"{scenario}/frames.py: found port {sorted(unknown)}, expected one of {ports}")
    for port in ports:
        write_pcap(os.path.join(out, "in", port + ".pcap"), [(time, frame) for time, of, frame in frames if of == port])


if __name__ == "__main__":
    main()
