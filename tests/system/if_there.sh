#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test that needs a file which is not part of the project: if_there.sh PATH COMMAND… (exit 77: skipped)
[ -e "$1" ] || { echo "skipped: $1 is not here"; exit 77; }
shift
exec "$@"
