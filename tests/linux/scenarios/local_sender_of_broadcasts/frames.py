# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.1"), at=0.06)
