# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.1"))
send("eth0", echo("10.0.0.2", "10.0.0.1"), at=0.8)
for last in (1, 2, 3):
    send("eth0", udp("10.0.0.2", f"239.1.1.{last}"), dst=multicast(f"239.1.1.{last}"))
