# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for words in (0, 1, 4, 6, 15):
    send("eth0", udp(A, B, data=4, header=words))
    send("eth0", echo(A, "10.0.0.1", data=4, header=words))
send("eth0", ip(A, B, 0, header=15, total=60))  # the frame ends before the header does
send("eth0", udp(A, B, options=NOP * 40))       # the longest header there is
