# SPDX-License-Identifier: Apache-2.0
for step in range(2):
    for second in range(16, 19):
        send("eth0", udp("10.0.0.2", f"172.{second}.0.9"), at=0.010 + 0.1 * step + 0.001 * second)
