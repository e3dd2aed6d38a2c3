# SPDX-License-Identifier: Apache-2.0
for at, data in ((0.010, b"too early"), (2.500, b"to the member"), (5.500, b"too late")):
    send("eth0", udp("10.0.0.2", "239.1.1.1", 4000, 7, data), at=at, dst=multicast("239.1.1.1"))
