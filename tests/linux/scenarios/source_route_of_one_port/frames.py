# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", udp(A, R, options=source_route([B])))
send("eth1", udp(B, "10.0.1.1", options=source_route([A])))
