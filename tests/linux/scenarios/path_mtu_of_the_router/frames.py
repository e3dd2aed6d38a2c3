# SPDX-License-Identifier: Apache-2.0
def quote(src, dst, proto=ICMP, bytes_=1500, **h):
    return ip(src, dst, bytes([0, 0, 0, 0, 0, 1, 0, 1]), proto, total=bytes_, **h)
seq = 0
def probe(dst, size=1400, df=False, port="eth1"):
    global seq
    seq += 1
    send(port, echo(dst, "10.0.1.1", ident=2, seq=seq, data=size, df=df))
def needed(mtu, about, sender="10.0.1.9", src="10.0.1.1", **k):
    send("eth1", icmp(sender, "10.0.1.1", 3, 4, struct.pack(">HH", 0, mtu), data=quote(src, about, **k)))
for n, mtu in enumerate((1300, 1000, 576, 552, 551, 300, 68, 67, 20, 0, 1500, 1600, 65535)):
    needed(mtu, f"172.16.0.{n}"); probe(f"172.16.0.{n}"); probe(f"172.16.0.{n}", df=True); probe(f"172.16.0.{n}", 100)
    send("eth0", udp("10.0.0.2", f"172.16.0.{n}", data=1400)); send("eth0", udp("10.0.0.2", f"172.16.0.{n}", data=1400, df=True))
for net in (17, 18, 19):
    needed(800, f"172.{net}.0.1"); probe(f"172.{net}.0.1"); probe(f"172.{net}.0.2")
    send("eth0", udp("10.0.0.2", f"172.{net}.0.1", data=1300, df=True)); send("eth0", udp("10.0.0.2", f"172.{net}.0.1", data=1300))
needed(800, "172.16.1.1", bytes_=60); probe("172.16.1.1")
needed(0, "172.16.1.2", bytes_=1006); probe("172.16.1.2")
needed(800, "172.16.1.3", src="10.0.0.2"); probe("172.16.1.3")
needed(800, "172.16.1.4", proto=UDP); probe("172.16.1.4")
needed(800, "172.16.1.5", proto=99); probe("172.16.1.5")
needed(800, "172.16.1.6"); needed(1000, "172.16.1.6"); probe("172.16.1.6"); needed(600, "172.16.1.6"); probe("172.16.1.6")
needed(800, "10.0.1.2"); probe("10.0.1.2");
