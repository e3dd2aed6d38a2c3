# SPDX-License-Identifier: Apache-2.0
def learn(mtu, at):
    about = ip("10.0.1.1", "172.16.0.9", bytes([0, 0, 0, 0, 0, 1, 0, 1]), ICMP, total=1500)
    send("eth1", icmp("10.0.1.9", "10.0.1.1", 3, 4, struct.pack(">HH", 0, mtu), data=about), at=at)
def ping(seq, at=None):
    send("eth1", echo("172.16.0.9", "10.0.1.1", ident=5, seq=seq, data=1300), at=at)
learn(1000, 0.01); ping(1); ping(2, 0.15)
learn(900, 0.16); ping(3); learn(800, 0.25); ping(4); ping(5, 0.35); learn(700, 0.4); ping(6); ping(7, 1.6)
