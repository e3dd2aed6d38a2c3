# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

def early_and_late(ident, between):
    pieces = fragments(echo(A, R, ident=ident, data=100, id=3000 + ident), 40, 80)
    send("eth0", pieces[0])
    for number in range(between):
        send("eth0", fragments(echo(A, R, ident=77, data=24, id=4000 + 100 * ident + number), 8)[0])
    send("eth0", pieces[1:])
early_and_late(1, 3)
early_and_late(2, 5)
early_and_late(3, 12)
