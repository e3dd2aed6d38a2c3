# SPDX-License-Identifier: Apache-2.0
def ping(seq, at):
    send("eth0", echo("172.16.0.9", "10.0.0.1", ident=5, seq=seq), at=at)
ping(1, 0.01); ping(2, 0.5); ping(3, 4.0); ping(4, 4.1); ping(5, 4.2)
send("eth0", udp("10.0.0.2", "192.0.2.1"), at=4.3)
send_arp("eth1", is_at("10.0.1.9", host(1, 9), "10.0.1.1", router(1)), dst=router(1), at=4.5, src=host(1, 9))
ping(6, 4.6); ping(7, 4.7)
