# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", udp(A, R, options=source_route([B])))
send("eth0", udp(A, R, options=source_route([B], strict=True)))
send("eth0", udp(A, B, options=source_route(["192.0.2.9"])))
send("eth0", echo(A, R, options=source_route([B], pointer=8)))
send("eth0", echo(A, R))
