#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Records what this machine's kernel sends and counts (root): record.sh TURNPIKE [SCENARIO …]
# Without names all scenarios of tests/linux/scenarios are recorded, four at a time; that takes about two minutes. Each
# gets expect/: ethN.pcap, counters.json, and trace.txt for people. Then suite/kernel says which kernel that was.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
turnpike=$(realpath "$1")
shift
[ $# -ne 0 ] || set -- $(cd "$here/scenarios" && ls)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

record() {
  local name=$1 scenario=$here/scenarios/$1 run=$work/$1
  python3 "$here/suite/make.py" "$scenario" "$run"
  "$turnpike" diff "$run" --record --out "$run/expect"
  rm -rf "$scenario/expect"
  cp -r "$run/expect" "$scenario/expect"
  python3 "$here/suite/trace.py" "$run/in" "$run/expect" > "$scenario/expect/trace.txt"
}
export -f record
export here turnpike work
printf '%s\n' "$@" | xargs -P 4 -I '{}' bash -euo pipefail -c 'record {}'
uname -r | cut -d. -f1-2 > "$here/suite/kernel"
