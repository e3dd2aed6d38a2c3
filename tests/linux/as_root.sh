#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs a comparison that needs network namespaces: as_root.sh COMMAND… (exit 77: skipped)
# One that ends with 1, different, is repeated, three times at most: on a busy machine the kernel's timers and the frames
# of a comparison come late now and then, but not always alike.
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" -eq 0 ] || { echo "skipped: network namespaces need root"; exit 77; }
unshare --net true 2>/dev/null || { echo "skipped: this machine does not allow network namespaces"; exit 77; }
unshare --net ip link add probe0 type veth peer name probe1 2>/dev/null || { echo "skipped: no veth interfaces here"; exit 77; }
for attempt in 1 2 3; do
  status=0
  "$@" || status=$?
  [ $status -eq 1 ] || exit $status
  echo "attempt $attempt: different"
done
exit 1
