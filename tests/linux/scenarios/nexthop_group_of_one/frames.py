# SPDX-License-Identifier: Apache-2.0
for step in range(1, 6):
    for second in range(16, 19):
        for flow in range(4):
            send("eth0", udp("10.0.0.2", f"172.{second}.{flow}.9"), at=0.010 + 0.1 * step + 0.001 * (4 * (second - 16) + flow))
