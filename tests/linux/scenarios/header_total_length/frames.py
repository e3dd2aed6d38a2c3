# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for total in (0, 19, 20, 27, 28, 60, 67, 68, 69, 1500, 65535):
    send("eth0", udp(A, B, total=total))
    send("eth0", echo(A, "10.0.0.1", data=40, ident=total, total=total))
send("eth0", ip(A, B, options=NOP * 4, payload=20, total=20))  # shorter than its own header
