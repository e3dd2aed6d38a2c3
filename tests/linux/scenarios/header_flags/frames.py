# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for reserved in (False, True):
    for df in (False, True):
        for mf in (False, True):
            send("eth0", udp(A, B, reserved=reserved, df=df, mf=mf, data=24))
            send("eth0", ip(A, B, 24, UDP, reserved=reserved, df=df, mf=mf, offset=1480))
send("eth0", ip(A, B, 24, UDP, offset=65512))
send("eth0", ip(A, B, 24, UDP, offset=65528))  # ends beyond 65,535: that is the receiver's trouble
