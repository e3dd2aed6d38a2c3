# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", echo(A, R))
send("eth0", echo(A, "10.0.1.1"))
send("eth0", echo(A, "10.0.0.255"), dst=BROADCAST)
send("eth0", udp(A, R))
send("eth0", echo(A, "10.0.1.2"))
