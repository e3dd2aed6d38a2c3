#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Compares Turnpike with the kernel's recording of a scenario: check.sh TURNPIKE SCENARIO WORK [diff's options …]
# Compares the kernel of this machine with it:            check.sh --live TURNPIKE SCENARIO WORK (exit 77: another kernel)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
live=0
[ "$1" != --live ] || { live=1; shift; }
turnpike=$1 scenario=$2 work=$3
shift 3

recorded=$(cat "$here/kernel")
if [ $live -eq 1 ] && [[ $(uname -r) != "$recorded".* ]]; then
  echo "skipped: this is kernel $(uname -r), the recordings are of $recorded"
  exit 77
fi
python3 "$here/make.py" "$scenario" "$work"
if [ $live -eq 1 ]; then
  "$turnpike" diff "$work" --record --out "$work/kernel"
  exec "$turnpike" diff "$work" --expect "$scenario/expect" --actual "$work/kernel" --counters strict
fi
exec "$turnpike" diff "$work" --expect "$scenario/expect" --counters strict "$@"
