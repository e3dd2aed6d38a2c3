# SPDX-License-Identifier: Apache-2.0
for last in range(2, 6):
    send("eth0", udp(f"10.0.0.{last}", "192.0.2.1"))
