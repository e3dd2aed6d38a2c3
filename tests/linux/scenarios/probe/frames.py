# SPDX-License-Identifier: Apache-2.0
def object_(class_type, data, length=None, class_num=3):
    head = struct.pack(">BBH", 0x20, 0, 0) + struct.pack(">HBB", 4 + len(data) if length is None else length, class_num, class_type)
    return head[:4] + head[4:] + data
def probe(body, seq=9, bits=1, dst="10.0.0.1", **header):
    send("eth0", icmp("10.0.0.2", dst, 42, 0, struct.pack(">HBB", 77, seq, bits), body, **header))
def by_address(text, afi=1, size=4):
    return object_(3, struct.pack(">HBB", afi, size, 0) + address(text))
for name in (b"eth0", b"eth1\0\0\0\0", b"eth9", b"lo", b"eth2"):
    probe(object_(1, name))
probe(object_(1, b"a" * 16)); probe(object_(1, b"b" * 15))
for index in (1, 9999):
    probe(object_(2, struct.pack(">I", index)))
probe(object_(2, b"\0\1"))
for text in ("10.0.0.1", "10.0.1.1", "10.0.2.1", "127.0.0.1", "127.9.9.9", "8.8.8.8", "10.0.0.255"):
    probe(by_address(text))
probe(by_address("10.0.0.1", afi=9)); probe(by_address("10.0.0.1", size=3)); probe(by_address("10.0.0.1", afi=2))
def by_ipv6(data, size=16):
    return object_(3, struct.pack(">HBB", 2, size, 0) + data)
probe(by_ipv6(b"\x20\1\x0d\xb8" + bytes(11) + b"\1")); probe(by_ipv6(bytes(15) + b"\1")); probe(by_ipv6(bytes(12), size=12)); probe(by_ipv6(bytes(12)))
probe(object_(4, b"eth0")); probe(object_(0, b"eth0")); probe(object_(1, b"eth0", class_num=1))
probe(object_(1, b"eth0"), bits=0); probe(object_(1, b"eth0"), bits=0xff); probe(object_(1, b"eth1"), bits=3, seq=0)
probe(object_(1, b"")); probe(object_(1, b"eth0", length=200)); probe(object_(1, b"eth0", length=12)); probe(object_(1, b"eth0", length=28))
probe(b""); probe(b"\x20\0\0\0"); probe(b"\x20\0\0\0\0\x08\3")
probe(object_(1, b"eth0") + bytes(40)); probe(object_(1, b"eth0"), tos=0x10, dst="10.0.1.1")
probe(object_(1, b"eth0"), dst="10.0.0.255")
probe(object_(1, b"eth0"), dst="10.0.1.2")
send("eth0", icmp("10.0.0.2", "10.0.0.1", 43, 0, struct.pack(">HBB", 77, 1, 4)))
