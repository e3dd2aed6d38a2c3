# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

def bad(*bytes_of_option, **more):
    send("eth0", udp(A, B, options=bytes(bytes_of_option), **more))
bad(7)                          # no length at all: padded with zeros, so the length is 0
bad(7, 0, 0, 0)
bad(7, 1, 4, 0)
bad(7, 2, 4, 0)
bad(7, 3, 4, 0)                 # no room for an address: full, and right
bad(7, 6, 4, 0, 0, 0, 0, 0)     # a pointer to room for less than an address
bad(7, 7, 3, 0, 0, 0, 0, 0)     # a pointer into the option's head
bad(7, 7, 0, 0, 0, 0, 0, 0)
bad(7, 41, 4, 0)                # longer than the header
bad(1, 1, 1, 7)                 # ends with a type
bad(0x1f, 1, 0, 0)
bad(0x1f, 200, 0, 0)
bad(1, 0x1f, 0, 0)
bad(68, 3, 5, 0)
bad(68, 4, 5, 0)
bad(68, 8, 4, 0, 0, 0, 0, 0)
bad(68, 6, 5, 0, 0, 0, 0, 0)
bad(68, 8, 5, 1, 0, 0, 0, 0)    # no room for address and time
bad(68, 12, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0)
bad(68, 12, 5, 4, 0, 0, 0, 0, 0, 0, 0, 0)
bad(148, 3, 0, 0)
bad(148, 4, 0, 0)
