#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Configures and builds a preset: tools/build.sh [release|debug|asan] [targets…]
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
shift || true
cmake --preset "$preset"
if [ $# -gt 0 ]; then
    cmake --build --preset "$preset" --target "$@"
else
    cmake --build --preset "$preset"
fi
