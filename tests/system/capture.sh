#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A capture becomes a scenario, runs, and what left is checked: capture.sh TURNPIKE CAPTURE WORK
set -euo pipefail
here=$(dirname "$0")
turnpike=$1 capture=$2 work=$3
"$turnpike" import "$capture" --out "$work" --force
"$turnpike" run "$work" --quiet --set accel.lpm.mode=rtl --set accel.checksum.mode=rtl
python3 "$here/check_forwarding.py" "$work" "$work/out"
python3 "$here/check_stats.py" "$work" "$work/out"
