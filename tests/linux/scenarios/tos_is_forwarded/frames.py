# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for tos in list(range(0, 0x20)) + [0x48, 0xb8, 0xc0, 0xe0, 0xfc, 0xff]:
    send("eth0", udp(A, B, tos=tos))
