#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Compares Turnpike with this machine's kernel in all scenarios, or those named (root): live.sh TURNPIKE [SCENARIO …]
# The last line says how many are equal. With the long timers it takes several minutes.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
turnpike=$(realpath "$1")
shift
[ $# -ne 0 ] || set -- $(cd "$here/scenarios" && ls)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
equal=0
for name in "$@"; do
  python3 "$here/suite/make.py" "$here/scenarios/$name" "$work/$name"
  "$turnpike" diff "$work/$name" --counters strict && equal=$((equal + 1))
done
echo "$equal of $# scenarios equal"
[ $equal -eq $# ]
