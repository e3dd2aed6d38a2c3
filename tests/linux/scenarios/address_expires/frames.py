# SPDX-License-Identifier: Apache-2.0
for at in (0.5, 1.5, 4.0):
    for number, to in enumerate(("10.8.0.1", "10.8.0.2", "172.16.0.9", "10.9.0.1", "10.9.0.2")):
        send("eth0", echo("10.0.0.2", to, seq=number), at=at + 0.001 * number)
