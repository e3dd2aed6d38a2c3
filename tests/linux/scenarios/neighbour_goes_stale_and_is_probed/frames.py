# SPDX-License-Identifier: Apache-2.0
def ask(last, at):
    send_arp("eth1", who_has("10.0.1.1", f"10.0.1.{last}", host(1, last)), src=host(1, last), at=at)
ask(8, 0.010)
ask(9, 0.011)
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=1), at=0.100)   # stale to delay
send("eth0", udp("10.0.0.2", "10.0.1.8", sport=1), at=0.500)
send("eth0", udp("10.0.0.2", "10.0.1.8", sport=2), at=4.0)
send_arp("eth1", is_at("10.0.1.8", host(1, 8), "10.0.1.1", router(1)), src=host(1, 8), dst=router(1), at=5.9)  # answers the probe
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=2), at=6.7)     # still used while probed
send("eth0", udp("10.0.0.2", "10.0.1.8", sport=3), at=8.0)     # reachable
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=3), at=9.7)     # failed: asked anew, by broadcast
send_arp("eth1", is_at("10.0.1.9", host(1, 9), "10.0.1.1", router(1)), src=host(1, 9), dst=router(1), at=9.9)
