#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Checks (or with --fix makes) the format of every tracked C and C++ file.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(--dry-run --Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -z -- '*.h' '*.c' '*.cpp' | xargs -0 -r clang-format "${mode[@]}"
