# SPDX-License-Identifier: Apache-2.0
for last in range(96):
    send("eth0", udp(f"10.0.{0}.{2 + last}", f"172.16.3.{200 - last}", sport=5000 + last))
