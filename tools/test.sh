#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds everything, runs all tests. Exit status: ctest's.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install.sh test
tools/build.sh release
mkdir -p build/release/reports
ctest --preset release -j "$(nproc)" --output-junit "$PWD/build/release/reports/ctest.xml" "$@"
