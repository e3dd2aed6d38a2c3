# SPDX-License-Identifier: Apache-2.0
for last in range(64):
    send("eth0", udp(f"10.0.0.{2 + last % 8}", f"172.16.{last // 8}.{last}", sport=5000 + last))
for last in range(0, 64, 9):
    send("eth0", udp(f"10.0.0.{2 + last % 8}", f"172.16.{last // 8}.{last}", sport=6000 + last))  # the pair's port again
