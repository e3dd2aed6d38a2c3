#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Coverage of rtl/, file by file: coverage.py MERGED EXCEPTIONS [RTL_FOLDER]

MERGED is what `verilator_coverage --write` made of the benches' counters. A point is a bit that has to change or a line
(or branch) that has to be run; one is reached if it was in any instance of its module, of any shape. EXCEPTIONS has
lines `file toggle signal[high:low] reason` and `file line number reason`. Exit status 1 if a point is not reached
and not listed, is listed and reached, or does not exist, or if more than 2 % are listed; 2 if a file cannot be read.
"""
import collections
import os
import re
import sys

MOST_EXCEPTIONS = 0.02  # of all points


def read_points(path, folder):
    """{(file, kind, name): times reached}; name is the bit, or the line with its column and branch."""
    points = collections.Counter()
    for line in open(path, encoding="utf-8"):
        if not line.startswith("C "):
            continue
        keys, count = line[3:].rsplit("' ", 1)
        field = dict(item.split("\x02", 1) for item in keys.split("\x01") if item)
        file = os.path.relpath(field["f"], folder)
        if file.startswith(".."):
            continue  # a generated package
        if field["page"].startswith("v_toggle"):
            points[file, "toggle", field["o"]] += int(count)
        else:
            points[file, "line", f"{field['l']}:{field['n']}:{field['o']}"] += int(count)
    return points


def bits_of(signal):
    """The bits of `name[high:low]`, `name[bit]` or `name`; so for each index."""
    ranges = re.match(r"^([^\[]*)((?:\[\d+(?::\d+)?\])*)(.*)$", signal)
    if not ranges or ranges[3]:
        return [signal]
    names = [ranges[1]]
    for high, low in re.findall(r"\[(\d+)(?::(\d+))?\]", ranges[2]):
        bits = range(int(low or high), int(high) + 1)
        names = [f"{name}[{bit}]" for name in names for bit in bits]
    return names


def read_exceptions(path, points):
    """The points listed, and complaints about lines that cannot be."""
    listed, complaints = set(), []
    for number, text in enumerate(open(path, encoding="utf-8"), 1):
        words = text.split(None, 3)
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 4 or words[1] not in ("toggle", "line"):
            complaints.append(f"{path}:{number}: found '{text.strip()}', expected FILE toggle|line POINT REASON")
            continue
        file, kind, signal = words[:3]
        if kind == "line":
            named = [p for p in points if p[0] == file and p[1] == kind and p[2].split(":")[0] == signal and not points[p]]
            named = named or [(file, kind, signal)]
        else:
            named = [(file, kind, bit) for bit in bits_of(signal)]
        for point in named:
            if point not in points:
                complaints.append(f"{path}:{number}: {file} has no point {point[2]}")
            elif points[point]:
                complaints.append(f"{path}:{number}: {file} {point[2]} is listed, and reached")
            elif point in listed:
                complaints.append(f"{path}:{number}: {file} {point[2]} is listed twice")
            listed.add(point)
    return listed & set(points), complaints


def share(reached, total):
    return "     -" if total == 0 else f"{100 * reached / total:5.1f} %"


def main():
    folder = sys.argv[3] if len(sys.argv) > 3 else os.path.join(os.path.dirname(__file__), "..", "rtl")
    try:
        points = read_points(sys.argv[1], os.path.abspath(folder))
        listed, complaints = read_exceptions(sys.argv[2], points)
    except (OSError, IndexError) as error:
        print(f"coverage.py: {error}\n{__doc__}", file=sys.stderr)
        return 2
    if not points:
        print(f"{sys.argv[1]}: no points of {folder}", file=sys.stderr)
        return 2

    print(f"{'file':34} {'lines':>6} {'reached':>8} {'bits':>6} {'reached':>8} {'excepted':>8}")
    for file in sorted({point[0] for point in points}) + [None]:
        of = [point for point in points if file in (point[0], None)]
        row = []
        for kind in ("line", "toggle"):
            there = [point for point in of if point[1] == kind]
            expected = [point for point in there if point not in listed]
            row += [len(there), share(sum(points[point] > 0 for point in expected), len(expected))]
        excepted = len(listed.intersection(of))
        print(f"{file or 'all':34} {row[0]:6} {row[1]:>8} {row[2]:6} {row[3]:>8} {excepted:8}")

    missed = sorted(point for point in points if not points[point] and point not in listed)
    complaints += [f"rtl/{file}: {kind} {name} is not reached, and not listed" for file, kind, name in missed]
    if len(listed) > MOST_EXCEPTIONS * len(points):
        complaints.append(f"{len(listed)} exceptions are more than {MOST_EXCEPTIONS:.0%} of {len(points)} points")
    print("\n".join(complaints))
    print(f"{len(points)} points, {len(listed)} excepted ({len(listed) / len(points):.2%}), {len(missed)} missed")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
