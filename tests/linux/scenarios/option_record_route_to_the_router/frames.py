# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", echo(A, R, options=record_route(3)))
send("eth0", echo(A, "10.0.1.1", options=record_route(3)))
send("eth0", echo(A, R, options=record_route(3, ["192.0.2.1"])))
send("eth0", echo(A, R, options=record_route(1, ["192.0.2.1"])))
send("eth0", udp(A, R, options=record_route(3)))  # the error carries the route as a reply does
send("eth0", tcp(A, R, options=record_route(3)))
