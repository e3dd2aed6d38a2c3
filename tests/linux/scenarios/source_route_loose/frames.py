# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", udp(A, R, options=source_route([B])))
send("eth0", udp(A, R, options=source_route([B, "192.0.2.9"])))
send("eth0", udp(A, R, options=NOP + source_route(["10.0.1.3", "192.0.2.9"])))
send("eth0", udp(A, B, options=source_route(["192.0.2.9"])))  # not yet this router's turn
send("eth0", echo(A, R, options=source_route([B], pointer=8)))  # the route has come to its end here
send("eth0", udp(A, R, options=source_route(["172.16.0.1"])))  # nowhere to go
send("eth0", udp(A, R, options=source_route(["10.0.1.1", B])))  # two addresses of this router
