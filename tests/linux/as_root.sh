#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test that needs network namespaces: as_root.sh COMMAND… (exit 77: skipped)
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" -eq 0 ] || { echo "skipped: network namespaces need root"; exit 77; }
unshare --net true 2>/dev/null || { echo "skipped: this machine does not allow network namespaces"; exit 77; }
unshare --net ip link add probe0 type veth peer name probe1 2>/dev/null || { echo "skipped: no veth interfaces here"; exit 77; }
exec "$@"
