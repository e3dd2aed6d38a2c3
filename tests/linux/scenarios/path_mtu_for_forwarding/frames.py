# SPDX-License-Identifier: Apache-2.0
def quote(src, dst, proto=ICMP, bytes_=1500, **h):
    return ip(src, dst, bytes([0, 0, 0, 0, 0, 1, 0, 1]), proto, total=bytes_, **h)
def needed(mtu, about, sender="10.0.1.9", src="10.0.1.1", **k):
    send("eth1", icmp(sender, "10.0.1.1", 3, 4, struct.pack(">HH", 0, mtu), data=quote(src, about, **k)))
def through(dst):
    for size in (500, 850, 950, 1400):
        for df in (False, True):
            send("eth0", udp("10.0.0.2", dst, data=size, df=df))
    send("eth0", fragments(udp("10.0.0.2", dst, data=1800), 1400))
for net in (16, 17, 18): through(f"172.{net}.0.1")
for net in (16, 17, 18):
    needed(800, f"172.{net}.0.1")
    through(f"172.{net}.0.1"); through(f"172.{net}.0.2")
send("eth1", echo("172.16.0.1", "10.0.1.1"), at=.5)
for net in (16, 17, 18): through(f"172.{net}.0.1")
send("eth1", echo("172.16.0.1", "10.0.1.1"), at=.7)
for net in (16, 17, 18): through(f"172.{net}.0.1")
needed(800, "172.16.0.1")
for net in (16, 17, 18): through(f"172.{net}.0.1")
