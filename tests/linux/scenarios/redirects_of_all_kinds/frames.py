# SPDX-License-Identifier: Apache-2.0
n = 10
for net in (16, 17, 18, 19, 20, 21, 22):
    for port in (0, 1, 2):
        for sub in (10, 11):
            n += 1
            src = f"10.0.{port}.{n}"
            send(f"eth{port}", udp(src, f"172.{net}.{sub}.2", ttl=3))
            if net == 16: send(f"eth{port}", udp(src, f"172.{net}.{sub}.2", ttl=3))
n = 10
for net in ("192.168.0", "10.0.9", "10.0.0", "172.16.0"):
    for opt in (b"", record_route(2), ROUTER_ALERT, NOP * 4, timestamp(0, 1)):
        for dst in ("172.16.1.1", "172.17.1.1"):
            n += 1
            send("eth0", udp(f"{net}.{n}", dst, options=opt))
for n, packet in enumerate((icmp("10.0.2.70", "172.22.0.1", 3, 1, data=28), icmp("10.0.2.71", "172.22.0.1", 5, 1, data=28), icmp("10.0.2.72", "172.22.0.1", 0), icmp("10.0.2.73", "172.22.0.1", 99),
          udp("10.0.2.74", "172.22.0.1", id=5, offset=80), udp("10.0.2.75", "172.22.0.1", id=5, mf=True), udp("10.0.2.76", "172.22.0.1", ttl=1), udp("10.0.2.77", "172.22.0.1", ttl=2),
          udp("10.0.2.78", "172.22.0.1", tos=0x1e), udp("10.0.2.78", "172.22.0.1", df=True), udp("10.0.2.79", "172.22.5.1", df=True, data=900), udp("10.0.2.80", "172.22.5.1", data=900),
          udp("10.0.2.81", "10.0.2.3"), udp("10.0.2.255", "10.0.2.3"), udp("10.0.2.82", "10.0.2.255"), tcp("10.0.2.83", "172.22.5.1"))):
    send("eth2", packet)
send("eth2", udp("10.0.2.90", "172.22.0.1"), dst=BROADCAST)
send("eth2", udp("10.0.2.91", "172.22.0.1"), src=host(2, 9))
