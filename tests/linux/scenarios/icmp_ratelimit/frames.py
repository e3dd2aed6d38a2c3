# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for number in range(10):
    send("eth0", udp(A, R, sport=100 + number))
    send("eth0", echo(A, R, seq=number))
for number in range(10):
    send("eth0", udp("10.0.0.3", R, sport=200 + number))
send("eth0", udp(A, R, sport=300), at=1.5)
send("eth0", udp(A, R, sport=301))
