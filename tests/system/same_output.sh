#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two outputs of runs are bit-identical, but for host.json: same_output.sh OUT OTHER_OUT
set -euo pipefail
diff -r --exclude host.json "$1" "$2" && echo "identical: $(find "$1" -type f ! -name host.json | wc -l) files"
