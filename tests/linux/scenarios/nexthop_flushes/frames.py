# SPDX-License-Identifier: Apache-2.0
for second in range(16, 22):
    send("eth0", udp("10.0.0.2", f"172.{second}.0.9"))
