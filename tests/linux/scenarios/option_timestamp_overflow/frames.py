# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for overflow in (0, 1, 14, 15):
    send("eth0", udp(A, B, options=timestamp(0, 1, bytes([0, 0, 0, 9]), overflow)))
    send("eth0", udp(A, B, options=timestamp(1, 1, bytes([192, 0, 2, 1, 0, 0, 0, 9]), overflow)))
