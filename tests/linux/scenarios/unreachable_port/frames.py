# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", udp(A, R, dport=33434))
send("eth0", udp(A, "10.0.1.1", dport=53))
send("eth0", udp(A, R, data=0))
send("eth0", udp(A, R, data=1400))
send("eth0", udp(A, R, csum=0))
send("eth0", udp(A, R, csum=0x1234))
send("eth0", udp(A, R, length=7))
send("eth0", udp(A, R, length=40))      # shorter than the packet: what follows is cut off
send("eth0", udp(A, R, length=49))
send("eth0", ip(A, R, bytes(7), UDP))
send("eth0", udp(A, R, tos=0x1e))
send("eth0", udp(A, R, tos=0xe3))
send("eth0", udp(A, R, ttl=1, df=True))
send("eth0", udp(A, R, dport=0, sport=0))
