# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for dst in (router(1), host(0, 3), "00:00:00:00:00:00", "02:00:00:00:00:02"):
    send("eth0", udp(A, B), dst=dst)
    send("eth0", echo(A, "10.0.0.1"), dst=dst)
    send_arp("eth0", who_has("10.0.0.1", A, host(0, 2)), dst=dst)
send("eth0", udp(A, B))
