# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

whole = udp(A, B, data=2900)
for piece in fragments(whole, 1480):
    send("eth0", piece)
for piece in fragments(udp(A, B, data=2900), 1480, 2000):
    send("eth0", piece)
send("eth0", ip(A, B, 1000, 253, mf=True, offset=8000))
send("eth0", ip(A, B, 1000, 253, offset=64000))
send("eth0", ip(A, B, 1001, 253, mf=True, offset=8000))  # not a multiple of 8 at its end
