#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what tools/packages.txt names and this Debian machine lacks: tools/install.sh [build|test]; the source packages
# for "test" are left to fetch_sources.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-test}
case $purpose in
    build) wanted='^build ' ;;
    test) wanted='^(build|test) ' ;;
    *) echo "usage: $0 [build|test]" >&2; exit 2 ;;
esac

missing=()
while read -r _ package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done < <(grep -E "$wanted" tools/packages.txt)
fetch_sources() { [ "$purpose" = build ] || tools/fetch_sources.sh; }
[ ${#missing[@]} -gt 0 ] || { fetch_sources; exit 0; }

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "$0: root or sudo is needed to install: ${missing[*]}" >&2; exit 2; }
    as_root=(sudo)
fi
echo "installing: ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
fetch_sources
