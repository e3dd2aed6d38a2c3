# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

times = [0.010, 0.020, 0.060, 0.070, 0.160, 0.170, 0.400, 0.800, 1.700, 3.300, 6.500, 13.0, 26.0, 27.0]
for number, time in enumerate(times):
    send("eth0", udp(A, "172.16.0.1", sport=100 + number), at=time)
