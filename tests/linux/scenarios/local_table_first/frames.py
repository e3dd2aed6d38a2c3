# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", echo(A, "10.0.0.1"))
send("eth0", echo(A, "10.0.1.1"))
send("eth0", udp(A, "192.0.2.1"))
