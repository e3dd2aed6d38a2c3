#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over the sources changed since a revision, or over all: tools/tidy.sh [REVISION|all]   (default: HEAD~1)
# Needs the packages clang-tidy and a built preset (build/release/compile_commands.json).
set -euo pipefail
cd "$(dirname "$0")/.."

since=${1:-HEAD~1}
database=build/release/compile_commands.json
[ -f "$database" ] || { echo "$0: $database is not there: run tools/build.sh first" >&2; exit 2; }
if [ "$since" = all ]; then
    files=$(git ls-files -- '*.cpp')
else
    files=$(git diff --name-only --diff-filter=d "$since" -- '*.cpp')
fi
# Only what the build compiles: others have no flags.
for file in $files; do
    if grep -q "\"$PWD/$file\"" "$database"; then echo "$file"; fi
done | xargs -r -n 4 -P "$(nproc)" clang-tidy -p build/release --quiet
