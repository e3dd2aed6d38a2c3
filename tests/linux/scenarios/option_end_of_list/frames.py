# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, options=bytes([1, 0, 0, 0])))
send("eth0", udp(A, B, options=bytes([0, 7, 7, 7])))
send("eth0", udp(A, B, options=NOP * 2 + bytes([0, 1, 2, 3, 4, 5])))
send("eth0", udp(A, B, options=record_route(1) + bytes([0, 0x94, 4, 0, 0])))
