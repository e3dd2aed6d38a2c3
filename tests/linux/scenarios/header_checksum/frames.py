# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

right = udp(A, B, id=77)
value = right[10] << 8 | right[11]
for wrong in (0, 0xffff, value ^ 1, value ^ 0x8000, value ^ 0xffff):
    send("eth0", udp(A, B, id=77, header_csum=wrong))
    send("eth0", echo(A, "10.0.0.1", id=77, header_csum=wrong))
send("eth0", right)
# Identifications at which the sum before or after the TTL's decrement is near 0 and ffff.
for id in range(0x6e00, 0x7100, 0x40):
    send("eth0", udp(A, B, sport=9, dport=9, data=8, id=id))
rest = udp(A, B, sport=9, dport=9, data=8, id=0)
zero = (rest[10] << 8 | rest[11])
for id in (zero - 1, zero, zero + 1, zero - 0x100, zero - 0x101, zero + 0xff):
    send("eth0", udp(A, B, sport=9, dport=9, data=8, id=id & 0xffff))
