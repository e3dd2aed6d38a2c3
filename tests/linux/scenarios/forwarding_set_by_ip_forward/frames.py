# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B))
send("eth1", udp(B, A))
send("eth2", udp("10.0.2.2", A))
