# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

for kind in (0x1f, 0x5e, 0x52, 0x9e, 0xd2, 0x82, 0x88):
    send("eth0", udp(A, B, options=bytes([kind, 4, 1, 2])))
send("eth0", udp(A, B, options=bytes([0x82, 11]) + bytes(9) + NOP))  # security, RFC 1108
send("eth0", udp(A, B, options=bytes([0x88, 4, 0, 7])))               # stream id
send("eth0", udp(A, B, options=NOP * 3 + bytes([0x1f, 2]) + NOP * 3))
send("eth0", echo(A, R, options=bytes([0x1f, 4, 1, 2])))
