# SPDX-License-Identifier: Apache-2.0
for second in range(16, 24):
    for third in range(2):
        send("eth0", udp("10.0.0.2", f"172.{second}.{third}.9"))
