# SPDX-License-Identifier: Apache-2.0
for third in range(1, 11):
    send("eth0", udp("10.0.0.2", f"172.16.{third}.9"))
