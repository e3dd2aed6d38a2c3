# SPDX-License-Identifier: Apache-2.0
"""Classic pcap files, read without any of the project's code."""
import struct

# magic number as little-endian bytes say it -> (byte order, time stamp units a second)
MAGICS = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9),
    b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\xa1\xb2\x3c\x4d": (">", 10**9),
}
ETHERNET = 1


def read_pcap(path):
    """All frames of a capture as (time in nanoseconds, bytes)."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] not in MAGICS:
        raise ValueError(f"{path}: not a classic pcap file")
    order, units = MAGICS[data[:4]]
    if struct.unpack_from(order + "I", data, 20)[0] != ETHERNET:
        raise ValueError(f"{path}: link type is not Ethernet")
    frames, at = [], 24
    while at < len(data):
        seconds, fraction, captured, original = struct.unpack_from(order + "IIII", data, at)
        if captured != original or at + 16 + captured > len(data):
            raise ValueError(f"{path}: frame {len(frames)} is cut off")
        frames.append((seconds * 10**9 + fraction * (10**9 // units), data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    return frames
