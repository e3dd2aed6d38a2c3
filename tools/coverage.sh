#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Line and toggle coverage of rtl/ by the benches of tb/unit, file by file. Exit status 1 where a point is not reached and
# not listed in tb/unit/coverage_exceptions.txt, or is listed and reached. Takes about 6 minutes on one core, most of it to build.
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset coverage >/dev/null
cmake --build --preset coverage --target lpm_bench checksum_bench checksum_stream_bench
counters=build/coverage/counters
rm -rf "$counters"
mkdir -p "$counters"
for bench in lpm_bench checksum_bench checksum_stream_bench; do
    TURNPIKE_COVERAGE=$PWD/$counters "build/coverage/$bench" | grep -E '^seed|^\[  PASSED|^\[  FAILED' | sort -u
done
verilator_coverage --write build/coverage/merged.dat "$counters"/*.dat
python3 tools/coverage.py build/coverage/merged.dat tb/unit/coverage_exceptions.txt
