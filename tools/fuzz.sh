#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tools/fuzz.sh TARGET SECONDS: looks for inputs that break TARGET (tests/fuzz/TARGET_target.cpp), starting from its seeds. What is
# learnt stays in build/fuzz/corpus/TARGET; a finding is a file in build/fuzz/findings/TARGET and exit status 1. The
# words of tests/fuzz/TARGET.dict, where there is one, help.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?target, as router_script} seconds=${2:?seconds}
[ -f "tests/fuzz/${target}_target.cpp" ] || { echo "no tests/fuzz/${target}_target.cpp" >&2; exit 2; }

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "fuzz_$target"
mkdir -p "build/fuzz/corpus/$target" "build/fuzz/findings/$target"
options=(-max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1)
[ -f "tests/fuzz/$target.dict" ] && options+=(-dict="tests/fuzz/$target.dict")
time "build/fuzz/fuzz_$target" "${options[@]}" -artifact_prefix="build/fuzz/findings/$target/" \
    "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target"
