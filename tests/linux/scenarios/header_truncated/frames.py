# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

whole = udp(A, B)
for length in (0, 1, 8, 19, 20, 21, 27):
    send("eth0", whole[:length])
send("eth0", whole)
