# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for proto in (0, 3, 8, 41, 89, 132, 200, 253, 254, 255):
    send("eth0", ip(A, R, 20, proto))
send("eth0", ip(A, "10.0.1.1", 0, 99))
send("eth0", ip(A, "10.0.0.255", 20, 99), dst=BROADCAST)
