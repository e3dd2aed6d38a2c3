# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for dst in ("01:00:5e:00:00:01", "01:00:5e:7f:ff:fa", "01:80:c2:00:00:00", "33:33:00:00:00:01"):
    send("eth0", udp(A, B), dst=dst)
    send("eth0", udp(A, "10.0.0.1"), dst=dst)
    send("eth0", tcp(A, "10.0.0.1"), dst=dst)
    send("eth0", echo(A, "10.0.0.1"), dst=dst)
