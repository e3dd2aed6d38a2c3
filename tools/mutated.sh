#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tools/mutated.sh [options of bench_mutated]: mutated frames through the modelled machine, with the routers and frames of
# all shipped scenarios, those of the comparison with Linux among them (docs/fuzzing.md).
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release --target bench_mutated
made=build/release/mutated
mkdir -p "$made"
for scenario in tests/linux/scenarios/*/; do
  python3 tests/linux/suite/make.py "$scenario" "$made/$(basename "$scenario")" >/dev/null
done
exec build/release/bench_mutated --scenarios scenarios --scenarios bench/mutated/routers --scenarios tests/data/oracle \
  --scenarios "$made" "$@"
