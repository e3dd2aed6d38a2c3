# SPDX-License-Identifier: Apache-2.0
for last in range(32):
    send("eth0", udp(f"10.0.0.{2 + last % 8}", f"172.16.{last}.{last}", sport=5000 + last))
