# SPDX-License-Identifier: Apache-2.0
for step in range(6):
    for second in (16, 17):
        send("eth0", udp("10.0.0.2", f"172.{second}.0.9", sport=1000 + step), at=0.010 + 0.1 * step + 0.001 * second)
    send("eth0", udp("10.0.0.2", "172.17.1.9", sport=1000 + step), at=0.030 + 0.1 * step)
