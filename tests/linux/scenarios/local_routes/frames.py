# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", echo(A, "192.0.2.1"))
send("eth0", echo(A, "192.0.2.200"))
send("eth0", udp(A, "192.0.2.7"))
send("eth0", echo(A, "192.0.3.1"))
send_arp("eth0", who_has("192.0.2.7", A, host(0, 2)))
