# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for port, to in (("eth1", "10.0.1.2"), ("eth2", "10.0.2.2"), ("eth3", "10.0.3.2")):
    for data in (40, 41, 48, 49, 97, 500, 1472):
        send("eth0", udp(A, to, data=data))
