#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds docs/journey.md to the code: each function stands in its file, each test exists. journey_test.py TREE"""
import pathlib
import re
import sys

ROW = re.compile(r"^\| (?P<document>[^|]+) \| (?P<says>[^|]+) \| `(?P<function>\w+)` \| `(?P<file>[^`]+)` \| `(?P<test>[^`]+)` \|$")


def defined(source: str, function: str) -> bool:
    """A definition: the name with its arguments, and a body behind them."""
    return re.search(rf"\b{function}\([^;{{}}]*\)[^;{{}}]*{{", source) is not None


def tests_of(tree: pathlib.Path) -> set:
    names = set()
    for path in (tree / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", path.read_text()):
            names.add(f"{suite}.{name}")
    return names


def main() -> int:
    tree = pathlib.Path(sys.argv[1])
    tests = tests_of(tree)
    rows = faults = 0
    for number, line in enumerate((tree / "docs/journey.md").read_text().splitlines(), 1):
        if not line.startswith("| ") or line.startswith("| document"):
            continue
        row = ROW.match(line)
        if not row:
            print(f"docs/journey.md:{number}: found no function, file and test, expected one of each")
            faults += 1
            continue
        rows += 1
        file = tree / row["file"]
        if not file.is_file() or not defined(file.read_text(), row["function"]):
            print(f"docs/journey.md:{number}: {row['file']} does not define {row['function']}")
            faults += 1
        if row["test"] not in tests:
            print(f"docs/journey.md:{number}: there is no test {row['test']}")
            faults += 1
    print(f"{rows} rows, {faults} faults")
    return 1 if faults or rows < 140 else 0


if __name__ == "__main__":
    sys.exit(main())
