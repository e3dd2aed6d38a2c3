#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the table of docs/nic.md to the tests: every feature has its row, every test exists. features_test.py TREE"""
import pathlib
import re
import sys

# What the device is to have, in the order of the table.
FEATURES = """
configuration space; capabilities; bus mastering; software reset; link reset; function-level reset; EEPROM auto-read and EERD; DMA initialisation; link restart;
receive addresses; multicast hash table; unicast hash table; VLAN filter table; semaphores; MDIO; unknown registers; reset values; access rules
rx queues 64 to 127; rx queue enable; rx ring wrap; buffer sizes; legacy rx descriptors; advanced rx descriptors; header split; DROP_EN; several buffers; VLAN strip; packet types;
IPv6 extension headers; fragment checksum; payload before DD; checksum verdicts; jumbo frames; CRC strip; bad CRC; short frames; long frames; packet buffer overflow; bus errors
RSS; MRQC modes; 5-tuple filters; EtherType filters; SYN filter; flow director perfect match; flow director signatures; drop queue; order of filters
tx queues 0 to 127; round robin; legacy tx descriptors; context descriptors; RS and DD; WTHRESH; PTHRESH and HTHRESH; head write-back; checksum insertion; TCP segmentation;
UDP segmentation; VLAN insertion; padding; software's FCS; rate limiter; transmit enable; bad tx descriptors
EICR; EICS, EIMS, EIMC; EIAC; EIAM; IVAR; IVAR_MISC; EITR; EITR at 100 Mbit/s; INTx; MSI; MSI-X; link-change cause; timer cause; low latency interrupts; LLI credits
pause frames received; pause frames sent; XOFF refresh; MAC control frames
statistics by size; octets; statistics of errors; broadcast and multicast; MPC; QPRDC; statistics by queue; flow control statistics; flow director statistics; line rate
"""
ROW = re.compile(r"^\| (?P<feature>[^|]+) \| (?P<section>[^|]+) \| (?P<tests>[^|]+) \|$")


def tests_of(tree: pathlib.Path) -> set:
    names = set()
    for path in (tree / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", path.read_text()):
            names.add(f"{suite}.{name}")
    return names


def main() -> int:
    tree = pathlib.Path(sys.argv[1])
    tests = tests_of(tree)
    missing = [name.strip() for name in re.split(r"[;\n]", FEATURES) if name.strip()]
    faults = 0
    for number, line in enumerate((tree / "docs/nic.md").read_text().splitlines(), 1):
        row = ROW.match(line)
        if not row or row["feature"] in ("feature", "---"):
            continue
        if row["feature"] not in missing:
            print(f"docs/nic.md:{number}: found feature '{row['feature']}', expected one of the list in features_test.py, once")
            faults += 1
        else:
            missing.remove(row["feature"])
        for test in re.findall(r"`([^`]+)`", row["tests"]) or ["none"]:
            if test not in tests:
                print(f"docs/nic.md:{number}: there is no test {test}")
                faults += 1
    for name in missing:
        print(f"docs/nic.md: feature '{name}' has no row")
    return 1 if faults or missing else 0


if __name__ == "__main__":
    sys.exit(main())
