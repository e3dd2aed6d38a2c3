#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the sums of a run balance? check_stats.py SCENARIO OUT

Counts the frames of the captures itself and holds stats.json against them: each received frame has one fate, each sent
frame a cause, the stages add up to the busy core, at most 5 % of it under no stage's name.
"""
import json
import os
import sys

from captures import read_pcap
from scenario_facts import Facts

MOST_UNNAMED = 0.05
KINDS = ("min", "median", "p99", "max")


def check_port(port, stats, directory, out):
    errors = []
    arrived = len(read_pcap(os.path.join(directory, port.rx))) if port.rx else 0
    sent = len(read_pcap(os.path.join(out, port.tx)))
    for name, counted, told in (
        ("frames received", arrived, stats["rx_frames"]),
        ("frames sent", sent, stats["tx_frames"]),
        ("fates", arrived, sum(stats["fates"].values())),
    ):
        if counted != told:
            errors.append(f"{port.name}: {counted} {name} counted, {told} told")
    return errors, arrived, sent


def check_core(core):
    errors = []
    cycles = {stage["name"]: stage["cycles"] for stage in core["stages"]}
    if sum(cycles.values()) != core["busy_cycles"]:
        errors.append(f"stages add up to {sum(cycles.values())} cycles, the core was busy for {core['busy_cycles']}")
    unnamed = cycles.get("other", 0) / max(1, core["busy_cycles"])
    if unnamed > MOST_UNNAMED:
        errors.append(f"{unnamed:.1%} of the busy cycles belong to no stage")
    return errors


def check_latency(latency, forwarded):
    errors = []
    for name, figures in [("total", latency["total"]), *latency["segments"].items()]:
        values = [figures[kind] for kind in KINDS]
        if figures["count"] != forwarded or values != sorted(values):
            errors.append(f"latency {name}: {figures}")
    if latency["total"]["min"] <= 0:
        errors.append("a frame left before it arrived")
    return errors


def main():
    directory, out = sys.argv[1:]
    facts = Facts(directory)
    with open(os.path.join(out, "stats.json"), encoding="utf-8") as file:
        stats = json.load(file)
    errors, arrived, sent = [], 0, 0
    for port in facts.ports:
        found, came, left = check_port(port, stats["ports"][port.name], directory, out)
        errors, arrived, sent = errors + found, arrived + came, sent + left
    balance = stats["balance"]
    forwarded = stats["frames_by_fate"].get("forwarded", 0)
    if arrived != sum(stats["frames_by_fate"].values()):
        errors.append(f"{arrived} frames received, {sum(stats['frames_by_fate'].values())} fates")
    if sent != balance["sent_forwarded"] + balance["sent_generated"] or forwarded != balance["sent_forwarded"]:
        errors.append(f"{sent} frames sent, causes: {balance}")
    if stats["frames_by_fate"].get("lost", 0) or not balance["balanced"]:
        errors.append(f"not balanced: {balance}")
    for core in (stats["core"], *stats["cores"]):
        errors += check_core(core)
    for key in ("busy_cycles", "instructions", "interrupts"):
        total = sum(core[key] for core in stats["cores"])
        if total != stats["core"][key]:
            errors.append(f"{key} of all cores add up to {total}, told are {stats['core'][key]}")
    errors += check_latency(stats["latency"], forwarded)
    print(f"{arrived} frames received, {forwarded} forwarded, {sent} sent; {stats['core']['busy_cycles']} busy cycles")
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
