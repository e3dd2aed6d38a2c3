# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, "192.0.2.1"))
send("eth0", udp("10.0.0.3", "192.0.2.1"))
send("eth0", udp("172.20.0.1", "192.0.2.1"))
