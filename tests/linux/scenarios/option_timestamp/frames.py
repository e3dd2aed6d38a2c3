# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, options=timestamp(0, 4)))
send("eth0", udp(A, B, options=timestamp(0, 2, bytes([0, 0, 0, 9]))))
send("eth0", udp(A, B, options=timestamp(1, 2)))
send("eth0", udp(A, B, options=timestamp(3, 2, ["10.0.1.1", "192.0.2.1"])))
send("eth0", udp(A, B, options=timestamp(3, 2, ["10.0.0.1"])))
send("eth0", udp(A, B, options=timestamp(3, 2, ["192.0.2.1", "10.0.1.1"])))  # not yet this router's turn
send("eth1", udp(B, A, options=timestamp(1, 2)))
