# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", udp(A, R, sport=0))
send("eth0", udp(A, "127.0.0.1"))
send("eth0", udp("10.0.0.1", R))
send("eth0", ip(A, R, b"", UDP))
send("eth0", ip(A, R, b"", TCP))
send("eth0", ip(A, R, b"", ICMP))
send("eth0", ip(A, R, b"", IGMP))
send("eth0", ip(A, R, udp(A, R), 4))    # IP in IP
send("eth0", ip(A, R, bytes(40), 41))
send("eth0", ip(A, R, bytes(12), 47))
