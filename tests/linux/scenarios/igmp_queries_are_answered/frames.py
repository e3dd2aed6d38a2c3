# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.1"))
A, ALL, G = "10.0.0.2", "224.0.0.1", "239.1.1.1"
def query(code, group="0.0.0.0", more=b"", at=None, to=None, **fields):
    send("eth0", igmp(A, to or ALL, 0x11, code, group=group, more=more, options=ROUTER_ALERT, ttl=1, **fields), dst=multicast(to or ALL), at=at)
V3 = bytes([2, 125, 0, 0])
query(10, more=V3, at=4)                                   # general, within 1 s
query(10, G, V3, at=6, to=G)                               # of one group
query(10, "239.1.1.77", V3, at=8)                          # of a group that the router is not in
query(10, more=V3, at=9, csum=1)                           # broken
query(10, more=bytes([2, 125, 0, 1]), at=10)               # names a source that is not there
query(10, G, at=12, to=G)                                  # version 2
query(10, at=14)
send("eth0", igmp("10.0.0.3", G, 0x16, group=G, ttl=1), dst=multicast(G), at=16)
query(0, at=18)                                            # version 1: within 10 s
