# SPDX-License-Identifier: Apache-2.0
for number in range(6):
    send("eth0", udp("10.0.0.2", f"172.16.0.{number}", sport=100 + number), at=0.300 + 0.001 * number)
