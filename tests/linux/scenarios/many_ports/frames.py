# SPDX-License-Identifier: Apache-2.0
for come in range(4):
    for go in range(4):
        if come != go:
            send(f"eth{come}", udp(f"10.0.{come}.2", f"10.0.{go}.3", sport=come, dport=go))
