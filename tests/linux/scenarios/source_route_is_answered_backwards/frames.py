# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", echo("192.0.2.77", R, options=source_route([A], pointer=8)))
send("eth0", echo("192.0.2.77", R, options=source_route(["192.0.2.9", A], pointer=12)))
send("eth0", echo("192.0.2.77", R, options=source_route([A], strict=True, pointer=8)))
