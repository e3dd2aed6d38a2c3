#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints "N passed, N failed, N skipped" of a JUnit report of ctest: count_tests.py REPORT [FORMAT_STATUS]

The format check counts as one more test.
"""
import sys
import xml.etree.ElementTree as ElementTree


def main():
    passed = failed = skipped = 0
    try:
        cases = ElementTree.parse(sys.argv[1]).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError):
        cases, failed = [], 1  # the build did not get as far as the tests
    for case in cases:
        status = case.get("status")
        if status == "run":
            passed += 1
        elif status in ("notrun", "disabled"):
            skipped += 1
        else:
            failed += 1
    if len(sys.argv) > 2:
        passed, failed = (passed + 1, failed) if sys.argv[2] == "0" else (passed, failed + 1)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))


if __name__ == "__main__":
    main()
