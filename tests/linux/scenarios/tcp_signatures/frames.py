# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
md5 = bytes([19, 18]) + bytes(16)
for number, options in enumerate((
        md5 + b"\0\0",  # a signature, RFC 2385
        b"\1\1" + md5,
        bytes([19, 17]) + bytes(15) + b"\0",  # of another length
        bytes([29, 16]) + bytes(14) + bytes(4),  # TCP-AO, RFC 5925
        bytes([29, 4, 1, 1]) + bytes(16),  # without a signature
        bytes([29, 6, 1, 1, 0, 0]) * 2 + bytes(12),  # twice
        bytes([2, 1, 0, 0]) + bytes(16),  # lengths below 2 and beyond the header
        bytes([2, 30, 0, 0]) + bytes(16),
        bytes([2, 30, 0, 0]),  # no room for a signature any more: not looked at
        b"\1" * 3 + b"\0" + md5 + b"\0\0",  # behind the end of the list
        b"\1" * 8 + bytes([2, 0, 0, 0]) + bytes(12),
        bytes([2, 4, 5, 180, 1, 1, 8, 10]) + bytes(8) + md5 + b"\0\0")):
    for flags in ("S", "A", "R"):
        send("eth0", tcp(A, R, sport=1000 + number, flags=flags, tcp_options=options))
send("eth0", tcp(A, R, sport=1100, data_offset=15, data=60))
send("eth0", tcp(A, R, sport=1101, data_offset=15, data=b"\1" * 40))
